using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>What the caller may do to a session now; shown beside its details (MON-4). Nothing where its consumer asks.</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSessionActions(Guid SessionId) : IQuery<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>Asks of each action what sending its command would ask.</summary>
public sealed class GetSessionActionsHandler(UnitOfWork work, Authorizer authorizer, CurrentCall call, SessionWork sessions, TimeProvider time)
    : IRequestHandler<GetSessionActions, Result<IReadOnlyList<string>>>
{
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
        // A live view asks again and again for one call: what is possible depends on now.
        var moment = new ActionMoment(session.State, recording, userId, time.GetUtcNow());
        foreach (var action in SessionActions.All.Where(a => a.WouldHappen(moment)))
        {
            if (await authorizer.RefusalAsync(caller, action.RequirementOf(request.SessionId, userId), cancellationToken) is null)
                actions.Add(action.Name);
        }

        return actions;
    }
}
