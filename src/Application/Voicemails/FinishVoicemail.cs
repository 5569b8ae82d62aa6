using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>The message is over: the caller pressed <c>#</c>, or it is as long as it may be.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="AtLimit">True for the timer, which fires whatever happened since; the state decides.</param>
public sealed record FinishVoicemail(Guid VoicemailId, bool AtLimit) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="FinishVoicemail"/>.</summary>
public sealed class FinishVoicemailHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, VoicemailWork voicemails)
    : IRequestHandler<FinishVoicemail, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(FinishVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = (await voicemails.LoadAsync(request.VoicemailId, cancellationToken)).State;
        var session = await work.LoadAsync(Aggregates.Session, request.VoicemailId, cancellationToken);
        if (!VoicemailDecider.IsOver(voicemail, request.AtLimit, call.Now))
            return await work.CommitAsync(session, cancellationToken);
        return request.AtLimit
            ? await sessions.EndAndCommitAsync(session, SessionParty.System, byId: null, SessionDecider.LeftMessage, cancellationToken)
            : await sessions.EndAndCommitAsync(session, SessionParty.Consumer, session.State.ConsumerId, SessionDecider.LeftMessage, cancellationToken);
    }
}
