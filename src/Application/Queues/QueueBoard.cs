using System.Collections.Immutable;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Queues;

/// <summary>A fold, and where it begins.</summary>
/// <typeparam name="TView">The row.</typeparam>
/// <param name="Fold">The projection.</param>
/// <param name="Rows">Its read model.</param>
public sealed record BoardSource<TView>(Projection<TView> Fold, IReadModel<TView> Rows)
    where TView : class;

/// <summary>
/// The queues with what waits in each, who could take it, and how the day went, live (MON-6). Folds queues, sessions,
/// agents and the ends of waits itself, side by side: a row is then exactly what all of them were at its position.
/// </summary>
public sealed class QueueBoard(
    BoardSource<QueueCard> queues, BoardSource<MonitoredSession> sessions, BoardSource<AgentCard> agents, BoardSource<QueueQuarter> quarters,
    ICenterConfiguration configuration, ILiveFeed feed, TimeProvider time, ILogger<QueueBoard> log)
    : LiveBoard<QueueRow>(feed, time, log)
{
    private static readonly IReadOnlyList<Filter> NotEnded =
        [new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) })];

    // A day of 25 hours, and what a change of the zone may bring back of the day before.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(50);

    private readonly ILiveFeed feed = feed;
    private readonly TimeProvider time = time;
    private readonly Dictionary<string, QueueCard> cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MonitoredSession> live = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, AgentCard> people = [];
    private readonly Dictionary<Guid, HashSet<string>> queuesOf = [];
    private readonly Dictionary<Guid, QueueLoad> loads = [];
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private CenterSettings settings = CenterSettings.Initial;
    private (DateTimeOffset Begins, DateTimeOffset Ends) day;
    private LogPosition queuesAt;
    private LogPosition sessionsAt;
    private LogPosition agentsAt;
    private LogPosition quartersAt;

    /// <summary>The line of a queue with what this node knows of it now.</summary>
    public QueueRow LineOf(QueueCard card) => Find(card.QueueId.ToString()) is { } row
        ? row with { Queue = card }
        : new QueueRow(card, 0, 0, LongestWaitingSince: null, new QueueLoad().Today(time.GetUtcNow(), MonitoringRules.Default.ServiceLevelSeconds), new QueueAgents(0, []));

    /// <inheritdoc/>
    protected override string Name => "queues";

    /// <inheritdoc/>
    protected override TimeSpan? RightFor => day.Ends - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override string KeyOf(QueueRow row) => row.Queue.QueueId.ToString();

    /// <inheritdoc/>
    protected override bool Concerns(StreamId stream) =>
        queues.Fold.Concerns(stream) || sessions.Fold.Concerns(stream) || stream.IsOf(Aggregates.Agent.Category) || stream.IsOf(Aggregates.Settings.Category);

    /// <inheritdoc/>
    protected override async Task<LogPosition> PositionAsync(CancellationToken cancellationToken)
    {
        LogPosition[] all =
        [
            await queues.Rows.PositionAsync(cancellationToken), await sessions.Rows.PositionAsync(cancellationToken),
            await agents.Rows.PositionAsync(cancellationToken), await quarters.Rows.PositionAsync(cancellationToken),
        ];
        return all.Min();
    }

    /// <inheritdoc/>
    protected override async Task<(LogPosition Position, IReadOnlyList<QueueRow> Rows)> ReadAsync(CancellationToken cancellationToken)
    {
        cards.Clear();
        live.Clear();
        people.Clear();
        queuesOf.Clear();
        loads.Clear();
        settings = (await configuration.AtLeastAsync(0, cancellationToken)).Settings;
        BeginDay();
        (queuesAt, var known) = await queues.Rows.SnapshotAsync([], cancellationToken);
        (sessionsAt, var notEnded) = await sessions.Rows.SnapshotAsync(NotEnded, cancellationToken);
        (agentsAt, var staff) = await agents.Rows.SnapshotAsync([], cancellationToken);
        (quartersAt, var ends) = await quarters.Rows.SnapshotAsync([new("begins_at", FilterOperator.AtLeast, time.GetUtcNow() - Kept)], cancellationToken);
        foreach (var agent in staff)
            people[agent.AgentId] = agent;
        foreach (var card in known)
            Put(card.QueueId.ToString(), card);
        foreach (var session in notEnded)
            Count(session.SessionId.ToString(), before: null, session);
        foreach (var quarter in ends)
            LoadOf(quarter.QueueId).Take(quarter);
        var position = await AlignAsync(cancellationToken);
        return (position, [.. cards.Values.Select(RowOf)]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<QueueRow> Renew(ImmutableDictionary<string, QueueRow> now)
    {
        BeginDay();
        foreach (var load in loads.Values)
            load.Forget(time.GetUtcNow() - Kept);
        return cards.Values.Select(RowOf).ToList();
    }

    /// <inheritdoc/>
    protected override void Evolve(StoredEvent happened, ImmutableDictionary<string, QueueRow> now, List<(string Key, QueueRow? After)> changed)
    {
        touched.Clear();
        var key = happened.Stream.Id.ToString();
        switch (happened.Data)
        {
            case QueueEvent when happened.Position > queuesAt && queues.Fold.Evolve(cards.GetValueOrDefault(key), happened) is { } card:
                Put(key, card);
                touched.Add(key);
                break;
            case SessionEvent:
                TakeSession(key, happened);
                break;
            case SettingsEvent e:
                settings = settings.Apply(e);
                BeginDay();
                touched.UnionWith(e is SupportCenterDescribed or MonitoringConfigured ? cards.Keys : []);
                break;
            default:
                TakeAgent(happened);
                break;
        }

        foreach (var touchedKey in touched)
        {
            if (cards.TryGetValue(touchedKey, out var card) && RowOf(card) is var row && row != now.GetValueOrDefault(touchedKey))
                changed.Add((touchedKey, row));
        }
    }

    private void TakeSession(string key, StoredEvent happened)
    {
        if (happened.Position > sessionsAt)
        {
            var before = live.GetValueOrDefault(key);
            var after = sessions.Fold.Evolve(before, happened) is { Stage: not SessionStage.Ended } notEnded ? notEnded : null;
            Count(key, before, after);
            Touch(before?.QueueId);
            Touch(after?.QueueId);
        }

        if (happened.Position > quartersAt && QueueQuartersProjection.EndOf(happened.Data) is var (wait, _, at))
        {
            var load = LoadOf(wait.QueueId);
            load.Take(quarters.Fold.Evolve(load.QuarterAt(at), happened)!);
            Touch(wait.QueueId);
        }
    }

    private void TakeAgent(StoredEvent happened)
    {
        if (happened.Position <= agentsAt || agents.Fold.KeyOf(happened) is null)
            return;
        var id = happened.Stream.Id;
        people[id] = agents.Fold.Evolve(people.GetValueOrDefault(id), happened)!;
        foreach (var key in queuesOf.GetValueOrDefault(id) ?? [])
        {
            LoadOf(cards[key].QueueId).AgentsChanged();
            touched.Add(key);
        }
    }

    /// <summary>The read models are seldom equally far: those behind are folded up to the first.</summary>
    private async Task<LogPosition> AlignAsync(CancellationToken cancellationToken)
    {
        LogPosition[] all = [queuesAt, sessionsAt, agentsAt, quartersAt];
        var (low, high) = (all.Min(), all.Max());
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

    private void BeginDay() => day = HoursZones.DayOf(settings.Center.TimeZone, time.GetUtcNow());

    private void Put(string key, QueueCard card)
    {
        foreach (var left in cards.GetValueOrDefault(key)?.Members ?? [])
            queuesOf.GetValueOrDefault(left)?.Remove(key);
        foreach (var member in card.Members)
        {
            if (!queuesOf.TryGetValue(member, out var theirs))
                queuesOf.Add(member, theirs = new HashSet<string>(StringComparer.Ordinal));
            theirs.Add(key);
        }

        cards[key] = card;
        LoadOf(card.QueueId).AgentsChanged();
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

    private void Touch(Guid? queueId)
    {
        if (queueId is { } id)
            touched.Add(id.ToString());
    }

    private QueueLoad LoadOf(Guid queueId)
    {
        if (!loads.TryGetValue(queueId, out var load))
            loads.Add(queueId, load = new QueueLoad());
        return load;
    }

    private QueueRow RowOf(QueueCard card)
    {
        var load = LoadOf(card.QueueId);
        var target = card.Handling.ServiceLevelSeconds ?? settings.Monitoring.ServiceLevelSeconds;
        var members = load.Members(card.Members, people);
        return new QueueRow(card, load.Waiting, load.Connected, load.LongestWaitingSince, load.Today(day.Begins, target), members.Whole) { Members = members };
    }
}
