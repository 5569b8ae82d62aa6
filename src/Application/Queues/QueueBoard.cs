using System.Collections.Immutable;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Queues;

/// <summary>
/// The queues with what waits in each, live (MON-6). Folds queues and sessions itself, side by side: a row is then
/// exactly what both were at its position.
/// </summary>
public sealed class QueueBoard(
    Projection<QueueCard> queues, IReadModel<QueueCard> queueRows,
    Projection<MonitoredSession> sessions, IReadModel<MonitoredSession> sessionRows,
    ILiveFeed feed, TimeProvider time, ILogger<QueueBoard> log)
    : LiveBoard<QueueRow>(feed, time, log)
{
    private static readonly IReadOnlyList<Filter> NotEnded =
        [new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) })];

    private readonly ILiveFeed feed = feed;
    private readonly Dictionary<string, QueueCard> cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MonitoredSession> live = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, QueueLoad> loads = [];
    private LogPosition queuesAt;
    private LogPosition sessionsAt;

    /// <inheritdoc/>
    protected override string Name => "queues";

    /// <inheritdoc/>
    protected override string KeyOf(QueueRow row) => row.Queue.QueueId.ToString();

    /// <inheritdoc/>
    protected override bool Concerns(StreamId stream) => queues.Concerns(stream) || sessions.Concerns(stream);

    /// <inheritdoc/>
    protected override async Task<LogPosition> PositionAsync(CancellationToken cancellationToken)
    {
        var (ofQueues, ofSessions) = (await queueRows.PositionAsync(cancellationToken), await sessionRows.PositionAsync(cancellationToken));
        return ofQueues < ofSessions ? ofQueues : ofSessions;
    }

    /// <inheritdoc/>
    protected override async Task<(LogPosition Position, IReadOnlyList<QueueRow> Rows)> ReadAsync(CancellationToken cancellationToken)
    {
        cards.Clear();
        live.Clear();
        loads.Clear();
        (queuesAt, var known) = await queueRows.SnapshotAsync([], cancellationToken);
        (sessionsAt, var notEnded) = await sessionRows.SnapshotAsync(NotEnded, cancellationToken);
        foreach (var card in known)
            cards[card.QueueId.ToString()] = card;
        foreach (var session in notEnded)
            Count(session.SessionId.ToString(), before: null, session);
        var position = await AlignAsync(cancellationToken);
        return (position, [.. cards.Values.Select(RowOf)]);
    }

    /// <inheritdoc/>
    protected override void Evolve(StoredEvent happened, ImmutableDictionary<string, QueueRow> now, List<(string Key, QueueRow? After)> changed)
    {
        var key = happened.Stream.Id.ToString();
        if (happened.Data is QueueEvent && happened.Position > queuesAt)
        {
            if (queues.Evolve(cards.GetValueOrDefault(key), happened) is { } card)
                cards[key] = card;
            AddRow(key, now, changed);
        }
        else if (happened.Data is SessionEvent && happened.Position > sessionsAt)
        {
            var before = live.GetValueOrDefault(key);
            var after = sessions.Evolve(before, happened) is { Stage: not SessionStage.Ended } notEnded ? notEnded : null;
            Count(key, before, after);
            if (before is not null)
                AddRow(before.QueueId.ToString(), now, changed);
            if (after is not null && after.QueueId != before?.QueueId)
                AddRow(after.QueueId.ToString(), now, changed);
        }
    }

    /// <summary>The two read models are seldom equally far: the one behind is folded up to the other.</summary>
    private async Task<LogPosition> AlignAsync(CancellationToken cancellationToken)
    {
        var (low, high) = queuesAt < sessionsAt ? (queuesAt, sessionsAt) : (sessionsAt, queuesAt);
        if (low == high)
            return high;
        await foreach (var happened in feed.SubscribeAsync(low, filter: null, cancellationToken))
        {
            if (happened.Position <= high)
                TryEvolve(happened, []);
            if (happened.Position >= high)
                break;
        }

        return high;
    }

    private void Count(string key, MonitoredSession? before, MonitoredSession? after)
    {
        if (before is not null)
            LoadOf(before.QueueId).Remove(before);
        if (after is null)
        {
            live.Remove(key);
            return;
        }

        live[key] = after;
        LoadOf(after.QueueId).Add(after);
    }

    private QueueLoad LoadOf(Guid queueId)
    {
        if (!loads.TryGetValue(queueId, out var load))
            loads.Add(queueId, load = new QueueLoad());
        return load;
    }

    private void AddRow(string key, ImmutableDictionary<string, QueueRow> now, List<(string Key, QueueRow? After)> changed)
    {
        if (cards.TryGetValue(key, out var card) && RowOf(card) is var row && row != now.GetValueOrDefault(key))
            changed.Add((key, row));
    }

    private QueueRow RowOf(QueueCard card)
    {
        var load = LoadOf(card.QueueId);
        return new QueueRow(card, load.Waiting, load.Connected, load.LongestWaitingSince);
    }

    /// <summary>The sessions of one queue, by what its row tells of them.</summary>
    private sealed class QueueLoad
    {
        private readonly SortedSet<(DateTimeOffset Since, Guid SessionId)> waiting = [];

        public int Waiting => waiting.Count;

        public int Connected { get; private set; }

        public DateTimeOffset? LongestWaitingSince => waiting.Count > 0 ? waiting.Min.Since : null;

        public void Add(MonitoredSession session)
        {
            if (session.IsWaiting)
                waiting.Add((session.StageSince, session.SessionId));
            else if (session.Stage == SessionStage.Connected)
                Connected++;
        }

        public void Remove(MonitoredSession session)
        {
            if (session.IsWaiting)
                waiting.Remove((session.StageSince, session.SessionId));
            else if (session.Stage == SessionStage.Connected)
                Connected--;
        }
    }
}
