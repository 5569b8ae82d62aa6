using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>A deflected call is over: its message was heard to the end, or the caller was handed on (AHD-4).</summary>
/// <param name="SessionId">The call.</param>
public sealed record FinishDeflection(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="FinishDeflection"/>.</summary>
public sealed class FinishDeflectionHandler(UnitOfWork work, SessionWork sessions) : IRequestHandler<FinishDeflection, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(FinishDeflection request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        return SessionDecider.WhyOver(session.State) is { } reason
            ? await sessions.EndAndCommitAsync(session, SessionParty.System, byId: null, reason, cancellationToken)
            : await work.CommitAsync(session, cancellationToken);
    }
}
