using System.Collections.Immutable;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Settings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Monitoring;

/// <summary>The rows of one read model, live.</summary>
/// <typeparam name="TView">The row.</typeparam>
/// <param name="projection">The fold.</param>
/// <param name="rows">Where to begin.</param>
/// <param name="feed">What to fold.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says what went wrong.</param>
/// <param name="ringSize">Changes kept for who is behind or comes back.</param>
public abstract class ReadModelBoard<TView>(
    Projection<TView> projection, IReadModel<TView> rows, ILiveFeed feed, TimeProvider time, ILogger log, int ringSize = 16_384)
    : LiveBoard<TView>(feed, time, log, ringSize)
    where TView : class
{
    /// <summary>Which rows of the read model to begin with.</summary>
    protected abstract IReadOnlyList<Filter> Beginning { get; }

    /// <inheritdoc/>
    protected override string Name => projection.Name;

    /// <summary>Whether to keep a row: the same as <see cref="Beginning"/>, in memory.</summary>
    protected abstract bool Keeps(TView row);

    /// <inheritdoc/>
    protected override Task<(LogPosition Position, IReadOnlyList<TView> Rows)> ReadAsync(CancellationToken cancellationToken) =>
        rows.SnapshotAsync(Beginning, cancellationToken);

    /// <inheritdoc/>
    protected override Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => rows.PositionAsync(cancellationToken);

    /// <inheritdoc/>
    protected override bool Concerns(StreamId stream) => projection.Concerns(stream);

    /// <inheritdoc/>
    protected override void Evolve(StoredEvent happened, ImmutableDictionary<string, TView> now, List<(string Key, TView? After)> changed)
    {
        if (projection.KeyOf(happened) is not { } key)
            return;
        var before = now.GetValueOrDefault(key);
        var after = projection.Evolve(before, happened);
        if (after is not null && !Keeps(after))
            after = null;
        if (!ReferenceEquals(before, after))
            changed.Add((key, after));
    }
}

/// <summary>The sessions that have not ended, live.</summary>
public sealed class SessionBoard(
    Projection<MonitoredSession> projection, IReadModel<MonitoredSession> rows, ILiveFeed feed, TimeProvider time, ILogger<SessionBoard> log)
    : ReadModelBoard<MonitoredSession>(projection, rows, feed, time, log)
{
    private long revision;

    /// <inheritdoc/>
    protected override IReadOnlyList<Filter> Beginning { get; } =
        [new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) })];

    /// <inheritdoc/>
    protected override string KeyOf(MonitoredSession row) => row.SessionId.ToString();

    /// <inheritdoc/>
    protected override bool Keeps(MonitoredSession row) => row.Stage != SessionStage.Ended;

    /// <summary>The newest revision of the configuration that rows were told again for: lines of them need at least that.</summary>
    public long Revision => Volatile.Read(ref revision);

    /// <inheritdoc/>
    protected override void Evolve(StoredEvent happened, ImmutableDictionary<string, MonitoredSession> now, List<(string Key, MonitoredSession? After)> changed)
    {
        base.Evolve(happened, now, changed);
        if (happened.Data is not ConfigurationRevised revised)
            return;
        Volatile.Write(ref revision, revised.Revision);
        // A line shows the name and the limits of the session's queue: it is another one, though the session is the same.
        var subjects = revised.Subjects ?? [revised.SubjectId];
        var isForAll = subjects.Contains(SettingsPages.Monitoring);
        foreach (var (key, row) in now.Where(r => isForAll || subjects.Contains(r.Value.QueueId)))
            changed.Add((key, row with { }));
    }
}

/// <summary>The agents, live; with all users, since any of them may become one.</summary>
public sealed class AgentBoard(
    Projection<AgentCard> projection, IReadModel<AgentCard> rows, ILiveFeed feed, TimeProvider time, ILogger<AgentBoard> log)
    : ReadModelBoard<AgentCard>(projection, rows, feed, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Filter> Beginning { get; } = [];

    /// <inheritdoc/>
    protected override string KeyOf(AgentCard row) => row.AgentId.ToString();

    /// <inheritdoc/>
    protected override bool Keeps(AgentCard row) => true;
}
