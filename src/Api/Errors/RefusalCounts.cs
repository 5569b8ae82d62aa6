using ContactCenter.Api.Auth;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Api.Errors;

/// <summary>
/// Commands that were refused because their caller sends too many, and refusals beyond what one caller may put into the
/// audit trail singly: there they are one row per caller, command, code and minute, with their count (ADR 0044).
/// </summary>
public sealed class RefusalCounts(IEventStore store, TimeProvider clock, ILogger<RefusalCounts> logger) : BackgroundService
{
    private const int MostRows = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly Key Others = new(Caller.Anonymous.Actor, Source: null, "several", RateLimits.TooManyCode);

    private readonly RefusalLog refusals = new(store);
    private readonly Lock gate = new();
    private Dictionary<Key, Tally> tallies = [];

    /// <summary>One more.</summary>
    /// <param name="http">Whose.</param>
    /// <param name="command">The command's name, or the route.</param>
    /// <param name="subject">What it was about, or null.</param>
    /// <param name="code">The refusal's code.</param>
    public void Add(HttpContext http, string command, string? subject, string code)
    {
        // An address says something of who sends too many; of a flood of single refusals from everywhere it would be a row each.
        var actor = http.Caller().Actor;
        var source = actor.Kind == ActorKind.Anonymous && code != RateLimits.TooManyCode ? null : CallerLimits.Address(http);
        var key = new Key(actor, source, command, code);
        lock (gate)
        {
            // So many callers at once are a flood from everywhere: its size is kept, who sent what is not.
            if (tallies.Count >= MostRows && !tallies.ContainsKey(key))
                key = Others;
            Merge(key, new Tally(clock.GetUtcNow(), subject, Count: 1));
        }
    }

    /// <summary>Writes what was counted so far; what cannot be written is counted on.</summary>
    public async Task WriteAsync()
    {
        Dictionary<Key, Tally> counted;
        lock (gate)
            (counted, tallies) = (tallies, []);
        foreach (var (key, tally) in counted)
        {
            var context = new CallContext(new Caller(key.Actor, [], [])) { CommandId = Guid.CreateVersion7(tally.Since), Now = tally.Since, Source = key.Source };
            try
            {
                await refusals.WriteAsync(context, key.Command, tally.Subject, key.Code, tally.Count);
            }
            catch (EventStoreUnavailableException e)
            {
                logger.LogWarning(e, "{Count} refusals of {Command} could not be written to the audit trail yet.", tally.Count, key.Command);
                lock (gate)
                    Merge(key, tally);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written at the stop.
        }
    }

    private void Merge(Key key, Tally more) => tallies[key] = tallies.TryGetValue(key, out var before) ? before.And(more) : more;

    private readonly record struct Key(Actor Actor, string? Source, string Command, string Code);

    private readonly record struct Tally(DateTimeOffset Since, string? Subject, int Count)
    {
        public Tally And(Tally more) => this with
        {
            Since = more.Since < Since ? more.Since : Since,
            Subject = Subject == more.Subject ? Subject : null,
            Count = Count + more.Count,
        };
    }
}
