using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent heard whisper and countdown to their end: consumer and agent are connected.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer.</param>
public sealed record ConnectSession(Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ConnectSession"/>.</summary>
public sealed class ConnectSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ConnectSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ConnectSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var refusal =
            work.Append(Aggregates.Session, session, SessionDecider.Connect(session.State, request.OfferId, call.Now))
            ?? await sessions.RecordAsync(session, cancellationToken);
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
