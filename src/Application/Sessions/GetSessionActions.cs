using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>What the caller may do to a session now; shown beside its details (MON-4). Nothing where its consumer asks.</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSessionActions(Guid SessionId) : IQuery<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>Asks the authorizer what sending the command would ask.</summary>
public sealed class GetSessionActionsHandler(UnitOfWork work, Authorizer authorizer, CurrentCall call)
    : IRequestHandler<GetSessionActions, Result<IReadOnlyList<string>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<string>>> Handle(GetSessionActions request, CancellationToken cancellationToken)
    {
        List<string> actions = [];
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var mayEnd = await authorizer.RefusalAsync(
            call.Context.Caller, Requirement.Permission(Permissions.SessionsEnd, Target.Session(request.SessionId)), cancellationToken) is null;
        if (mayEnd && session.State.IsLive)
            actions.Add("end");
        return actions;
    }
}
