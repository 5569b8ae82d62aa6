using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>What the caller may do to a session now; shown beside its details (MON-4). Nothing where its consumer asks.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Begun">Monitorings that lists may not show yet; of those that are the caller's own and go on is told what to do with them.</param>
public sealed record GetSessionActions(Guid SessionId, IReadOnlyCollection<Guid>? Begun = null) : IQuery<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>Asks of each action what sending its command would ask.</summary>
public sealed class GetSessionActionsHandler(
    UnitOfWork work, Authorizer authorizer, CurrentCall call, SessionWork sessions, IReadModel<MonitorCard> monitors, TimeProvider time)
    : IRequestHandler<GetSessionActions, Result<IReadOnlyList<string>>>
{
    /// <summary>Who has none of these began no monitoring.</summary>
    private static readonly string[] Monitoring =
        [Permissions.MonitoringRead, Permissions.MonitoringListen, Permissions.MonitoringCoach, Permissions.MonitoringBarge, Permissions.SessionsRead];

    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<string>>> Handle(GetSessionActions request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        List<string> actions = [];
        if (caller.SessionId is not null)
            return actions;
        var userId = caller.UserId ?? Guid.Empty;
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var recording = session.State.Kind == SessionKind.Call ? (await sessions.RecordingOfAsync(request.SessionId, cancellationToken)).State : Recording.Initial;
        var own = await OwnMonitorsAsync(request, cancellationToken);
        var agent = own.Count > 0 ? (await work.LoadAsync(Aggregates.Agent, userId, cancellationToken)).State : Agent.Initial;
        // A live view asks again and again for one call: what is possible depends on now.
        var moment = new ActionMoment(session.State, recording, userId, agent, time.GetUtcNow());
        foreach (var action in SessionActions.All.Where(a => a.WouldHappen(moment)))
        {
            if (await authorizer.RefusalAsync(caller, action.RequirementOf(request.SessionId, userId), cancellationToken) is null)
                actions.Add(action.Name);
        }

        foreach (var action in SessionActions.OfOwnMonitor)
        {
            if (await IsPossibleAsync(action, moment, own, cancellationToken))
                actions.Add(action.Name);
        }

        return actions;
    }

    /// <summary>The caller's monitorings of the session that go on.</summary>
    private async ValueTask<IReadOnlyList<SessionMonitor>> OwnMonitorsAsync(GetSessionActions request, CancellationToken cancellationToken)
    {
        var by = call.Context.Caller.Actor;
        if (!Monitoring.Any(permission => call.Context.Caller.ScopeOf(permission) is not null))
            return [];
        var listed = await monitors.QueryAsync(
            new ReadQuery(
                [new("session_id", FilterOperator.Is, request.SessionId), new("by_id", FilterOperator.Is, by.Id), new("is_live", FilterOperator.Is, Value: true)],
                SortBy: null, Descending: false, Limit: 200, Cursor: null),
            cancellationToken);
        List<SessionMonitor> own = [];
        foreach (var id in listed.Items.Select(m => m.MonitorId).Union(request.Begun ?? []))
        {
            var monitor = (await work.LoadAsync(Aggregates.Monitor, id, cancellationToken)).State;
            if (monitor.IsLive && monitor.By == by && monitor.SessionId == request.SessionId)
                own.Add(monitor);
        }

        return own;
    }

    private async ValueTask<bool> IsPossibleAsync(MonitorAction action, ActionMoment moment, IReadOnlyList<SessionMonitor> own, CancellationToken cancellationToken)
    {
        foreach (var monitor in own.Where(m => action.WouldHappen(moment, m)))
        {
            if (await authorizer.RefusalAsync(call.Context.Caller, action.RequirementOf(monitor.Id), cancellationToken) is null)
                return true;
        }

        return false;
    }
}
