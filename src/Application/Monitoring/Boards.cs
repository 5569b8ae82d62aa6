using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Monitoring;

/// <summary>The sessions that have not ended, live.</summary>
public sealed class SessionBoard(
    Projection<MonitoredSession> projection, IReadModel<MonitoredSession> rows, ILiveFeed feed, TimeProvider time, ILogger<SessionBoard> log)
    : LiveBoard<MonitoredSession>(projection, rows, feed, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Filter> Beginning { get; } =
        [new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) })];

    /// <inheritdoc/>
    protected override string KeyOf(MonitoredSession row) => row.SessionId.ToString();

    /// <inheritdoc/>
    protected override bool Keeps(MonitoredSession row) => row.Stage != SessionStage.Ended;
}

/// <summary>The agents, live; with all users, since any of them may become one.</summary>
public sealed class AgentBoard(
    Projection<AgentCard> projection, IReadModel<AgentCard> rows, ILiveFeed feed, TimeProvider time, ILogger<AgentBoard> log)
    : LiveBoard<AgentCard>(projection, rows, feed, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Filter> Beginning { get; } = [];

    /// <inheritdoc/>
    protected override string KeyOf(AgentCard row) => row.AgentId.ToString();

    /// <inheritdoc/>
    protected override bool Keeps(AgentCard row) => true;
}
