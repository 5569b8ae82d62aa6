using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The media engine lost a call: it is over.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">Stable word: <c>media_lost</c>.</param>
public sealed record EndLostCall(Guid SessionId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndLostCall"/>.</summary>
public sealed class EndLostCallHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<EndLostCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndLostCall request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var ended = SessionDecider.End(session.State, SessionParty.System, byId: null, request.Reason, call.Now);
        if (await sessions.EndAsync(session, ended, cancellationToken, engineLost: true) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
