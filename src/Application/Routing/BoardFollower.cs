using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Routing;

namespace ContactCenter.Application.Routing;

/// <summary>
/// Keeps the routing board in step with the log: begins with the agents as their rows have them and the streams of what
/// else matters now, follows the live feed, and skips what it has read ahead.
/// </summary>
internal sealed class BoardFollower(IEventStore store, AggregateReader reader, TimeProvider clock)
{
    private static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(500);
    private readonly RoutingBoard board = new();
    private readonly Dictionary<StreamId, long> readAhead = [];
    private readonly Dictionary<Guid, long> held = [];
    private LogPosition applied;
    private LogPosition awaited;
    private DateTimeOffset asked;

    /// <summary>True once the board has seen everything that was appended by its own offers.</summary>
    public bool IsUpToDate => applied >= awaited;

    /// <summary>Whether an event can change the board.</summary>
    public static bool Matters(StoredEvent stored) => stored.Data is Domain.Sessions.SessionEvent or AgentEvent or Domain.Queues.QueueEvent;

    /// <summary>Takes what there is; answers from where to follow the log.</summary>
    public async Task<LogPosition> BeginAsync(RoutingStart start, CancellationToken cancellationToken)
    {
        foreach (var queueId in start.Queues)
            await ReadAsync(Aggregates.Queue.Stream(queueId), cancellationToken);
        foreach (var card in start.Agents)
            Take(card.ForRouting(), card.Version);
        foreach (var sessionId in start.LiveSessions)
            await ReadAsync(Aggregates.Session.Stream(sessionId), cancellationToken);
        return applied = start.Position;
    }

    /// <summary>One more event of the feed.</summary>
    public void Apply(StoredEvent stored)
    {
        applied = stored.Position;
        if (readAhead.TryGetValue(stored.Stream, out var version))
        {
            if (stored.Version >= version)
                readAhead.Remove(stored.Stream);
            if (stored.Version <= version)
                return;
        }

        board.Apply(stored.Data);
    }

    /// <summary>The offers to make now.</summary>
    public async ValueTask<IReadOnlyList<Match>> NextMatchesAsync(int limit, CancellationToken cancellationToken)
    {
        asked = clock.GetUtcNow();
        foreach (var sessionId in held.Where(h => clock.GetElapsedTime(h.Value) >= HoldTime).Select(h => h.Key).ToList())
        {
            held.Remove(sessionId);
            await ReadAsync(Aggregates.Session.Stream(sessionId), cancellationToken);
        }

        return board.NextMatches(limit, asked);
    }

    /// <summary>Nothing more is offered before the board has seen this.</summary>
    public void WaitFor(LogPosition position) => awaited = position > awaited ? position : awaited;

    /// <summary>
    /// An offer was refused: the board is behind, or wrong. The agent is taken as the log has them; the session is left alone
    /// for a moment and then read again, so that a match that keeps failing is never a hot loop and holds up nobody.
    /// </summary>
    public async Task DoubtAsync(Match refused, CancellationToken cancellationToken)
    {
        held[refused.SessionId] = clock.GetTimestamp();
        board.Forget(refused.SessionId);
        var agent = await reader.LoadFreshAsync(Aggregates.Agent, refused.AgentId, cancellationToken);
        Take(agent.State, agent.Version);
    }

    /// <summary>
    /// Completes with the next event, or when something may be offered without one: a held session, or one that an agent
    /// let go and whose pause is over.
    /// </summary>
    public async Task WaitAsync(Task next, CancellationToken cancellationToken)
    {
        if (!IsUpToDate || NextWake() is not { } wait)
        {
            await Task.WhenAny(next);
            return;
        }

        // A millisecond more: a timer may be a little early, and would then be set again at once.
        wait += TimeSpan.FromMilliseconds(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, stop.Token));
        await stop.CancelAsync();
    }

    private TimeSpan? NextWake()
    {
        var pause = board.NextPauseEnd(asked) - clock.GetUtcNow();
        var hold = held.Count == 0 ? (TimeSpan?)null : HoldTime - clock.GetElapsedTime(held.Values.Min());
        return hold is null || pause < hold ? pause : hold;
    }

    private void Take(Agent agent, long version)
    {
        board.Take(agent);
        readAhead[Aggregates.Agent.Stream(agent.Id)] = version;
    }

    private async Task ReadAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
        {
            board.Apply(stored.Data);
            readAhead[stream] = stored.Version;
        }
    }
}
