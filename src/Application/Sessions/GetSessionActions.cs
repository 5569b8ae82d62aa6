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
/// <param name="Begun">
/// Monitorings that lists may not show yet, known to who follows the session; of those that are the caller's own and go on is
/// told what to do with them. Null has the log asked for them.
/// </param>
public sealed record GetSessionActions(Guid SessionId, IReadOnlyCollection<Guid>? Begun = null) : IQuery<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);

    /// <summary>Whether somebody may have begun a monitoring: who has none of the permissions for it began none.</summary>
    /// <param name="caller">Who.</param>
    public static bool MayMonitor(Caller caller) => Monitoring.Any(permission => caller.ScopeOf(permission) is not null);

    private static readonly string[] Monitoring =
        [Permissions.MonitoringRead, Permissions.MonitoringListen, Permissions.MonitoringCoach, Permissions.MonitoringBarge, Permissions.SessionsRead];
}

/// <summary>Asks of each action what sending its command would ask.</summary>
public sealed class GetSessionActionsHandler(
    UnitOfWork work, Authorizer authorizer, CurrentCall call, SessionWork sessions, IReadModel<MonitorCard> monitors, IEventStore log, TimeProvider time)
    : IRequestHandler<GetSessionActions, Result<IReadOnlyList<string>>>
{
    private const int Page = 1_000;

    /// <summary>As far as the log is read for what lists do not show yet: they are behind by less, unless they stand still.</summary>
    private const int MostPages = 10;

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
        if (!GetSessionActions.MayMonitor(call.Context.Caller))
            return [];
        var begun = request.Begun ?? await BegunAsync(request.SessionId, cancellationToken);
        var listed = await monitors.QueryAsync(
            new ReadQuery(
                [new("session_id", FilterOperator.Is, request.SessionId), new("by_id", FilterOperator.Is, by.Id), new("is_live", FilterOperator.Is, Value: true)],
                SortBy: null, Descending: false, Limit: 200, Cursor: null),
            cancellationToken);
        List<SessionMonitor> own = [];
        foreach (var id in listed.Items.Select(m => m.MonitorId).Union(begun))
        {
            var monitor = (await work.LoadAsync(Aggregates.Monitor, id, cancellationToken)).State;
            if (monitor.IsLive && monitor.By == by && monitor.SessionId == request.SessionId)
                own.Add(monitor);
        }

        return own;
    }

    /// <summary>Monitorings of the session that the log has and the list may not have yet. To be asked before the list.</summary>
    private async Task<IReadOnlyCollection<Guid>> BegunAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        List<Guid> begun = [];
        var listed = await monitors.PositionAsync(cancellationToken);
        await foreach (var page in log.ReadPagesAsync(listed, Page, cancellationToken).Take(MostPages).WithCancellation(cancellationToken))
            begun.AddRange(page.Events.Select(e => e.Data).OfType<MonitorStarted>().Where(e => e.SessionId == sessionId).Select(e => e.MonitorId));
        return begun;
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
