using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>
/// Keeps <see cref="CenterConfiguration"/> in step with the log: reads the streams it consists of, then follows the live
/// feed. Readers get an immutable value without a lock or a round trip. Where the feed stands still, as it does behind a
/// write that somebody leaves open, who needs a later revision has its streams read (ADR 0043).
/// </summary>
public sealed class CenterConfigurationFollower(IEventStore store, ILiveFeed feed, IQueueIds queues, TimeProvider clock) : ICenterConfiguration, IDisposable
{
    /// <summary>Far longer than the feed takes when nothing holds it back.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly StreamId Revisions = Aggregates.Configuration.Stream(ConfigurationRevised.StreamId);

    private readonly SemaphoreSlim reading = new(1);
    private readonly Lock publishing = new();
    private volatile Known known = new(Fold: null, Configuration: null);

    /// <inheritdoc/>
    public ValueTask<CenterConfiguration> AtLeastAsync(long revision, CancellationToken cancellationToken) =>
        known.Configuration is { } current && current.Revision >= revision ? new(current) : new(WaitAsync(revision, cancellationToken));

    /// <summary>Follows until cancelled; run again, it begins anew and what was known stays until then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (position, fold, completeAt) = await BeginAsync(cancellationToken);
        if (completeAt <= position)
            Publish(fold);
        await foreach (var stored in feed.SubscribeAsync(position, static e => CenterConfiguration.Matters(e.Data), cancellationToken))
        {
            fold.Add(stored);
            if (stored.Position >= completeAt)
                Publish(fold);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reading.Dispose();

    private async Task<(LogPosition Position, ConfigurationFold Fold, LogPosition CompleteAt)> BeginAsync(CancellationToken cancellationToken)
    {
        var (position, ids) = await queues.ReadAsync(cancellationToken);
        var fold = new ConfigurationFold();
        var completeAt = LogPosition.Start;
        // The revision is read first: what it counts is then in the streams that are read after it, or still to come.
        StreamId[] streams = [Revisions, .. SettingsPages.All.Select(Aggregates.Settings.Stream), .. ids.Select(Aggregates.Queue.Stream)];
        foreach (var stream in streams)
        {
            await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
            {
                fold.Add(stored);
                if (stored.Position > completeAt)
                    completeAt = stored.Position;
            }
        }

        return (position, fold, completeAt);
    }

    /// <summary>Tells readers how far a fold has come; one that another has replaced meanwhile is not told of.</summary>
    private void Publish(ConfigurationFold fold, ConfigurationFold? inPlaceOf = null)
    {
        lock (publishing)
        {
            var before = known;
            if (inPlaceOf is not null && before.Fold != inPlaceOf)
                return;
            known = new Known(fold, fold.Configuration);
            before.Superseded.TrySetResult();
        }
    }

    private async Task<CenterConfiguration> WaitAsync(long revision, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            while (true)
            {
                var latest = known;
                if (latest.Configuration is { } current && current.Revision >= revision)
                    return current;
                if (!await IsSupersededAsync(latest, either.Token) && latest.Fold is { } fold)
                    await ReadOnAsync(fold, revision, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EventStoreUnavailableException("The configuration on this node is behind the log.");
        }
    }

    private async Task<bool> IsSupersededAsync(Known latest, CancellationToken cancellationToken)
    {
        try
        {
            await latest.Superseded.Task.WaitAsync(Usual, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads from their own streams what the feed has not brought yet. A revision names what it changed, and counts last:
    /// whoever sees it sees all of that. One from before revisions did is the feed's to bring.
    /// </summary>
    private async Task ReadOnAsync(ConfigurationFold fold, long revision, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (fold.Configuration.Revision >= revision)
                return;
            List<StoredEvent> revised = [];
            await foreach (var stored in store.ReadOnAsync(Revisions, fold.VersionOf(Revisions), cancellationToken))
                revised.Add(stored);
            if (revised.Exists(r => r.Data is not ConfigurationRevised { Subjects: not null }))
                return;
            foreach (var subject in revised.SelectMany(r => ((ConfigurationRevised)r.Data).Subjects!).Distinct())
            {
                var stream = SettingsPages.All.Contains(subject) ? Aggregates.Settings.Stream(subject) : Aggregates.Queue.Stream(subject);
                await foreach (var stored in store.ReadOnAsync(stream, fold.VersionOf(stream), cancellationToken))
                    fold.Add(stored);
            }

            revised.ForEach(fold.Add);
            Publish(fold, inPlaceOf: fold);
        }
        finally
        {
            reading.Release();
        }
    }

    private sealed record Known(ConfigurationFold? Fold, CenterConfiguration? Configuration)
    {
        public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The configuration as far as its events were seen, each once, whoever brings them first: the feed, or a reader of its stream.</summary>
internal sealed class ConfigurationFold
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, long> versions = [];
    private CenterConfiguration configuration = CenterConfiguration.Initial;

    /// <summary>What it is by now.</summary>
    public CenterConfiguration Configuration
    {
        get
        {
            lock (gate)
                return configuration;
        }
    }

    /// <summary>Up to where a stream was seen.</summary>
    public long VersionOf(StreamId stream)
    {
        lock (gate)
            return versions.GetValueOrDefault(stream);
    }

    /// <summary>One more event of its stream, in that stream's order; one that was seen changes nothing.</summary>
    public void Add(StoredEvent stored)
    {
        lock (gate)
        {
            if (stored.Version <= versions.GetValueOrDefault(stored.Stream))
                return;
            configuration = configuration.Apply(stored.Data);
            versions[stored.Stream] = stored.Version;
        }
    }
}
