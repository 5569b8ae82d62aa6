using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// A call that only its consumer is in should be over: a closing message, a greeting, a redirection, a booked call's ringing. One
/// that was given to a number outside that never answered goes back to its queue.
/// Fires whatever happened since; the state decides whether there is anything to end.
/// </summary>
/// <param name="SessionId">The call.</param>
public sealed record EndOverdueCall(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndOverdueCall"/>.</summary>
public sealed class EndOverdueCallHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, VoicemailWork voicemails)
    : IRequestHandler<EndOverdueCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndOverdueCall request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.IsOutsideOverdue(session.State, call.Now))
        {
            return await sessions.LoseAgentAsync(session, SessionDecider.FailOutside(session.State, "no_answer", call.Now), cancellationToken) is { } refusal
                ? refusal
                : await work.CommitAsync(session, cancellationToken);
        }

        return await WhyOverdueAsync(session.State, cancellationToken) is { } reason
            ? await sessions.EndAndCommitAsync(session, SessionParty.System, byId: null, reason, cancellationToken)
            : await work.CommitAsync(session, cancellationToken);
    }

    private async ValueTask<string?> WhyOverdueAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Status != SessionStatus.LeavingMessage)
            return SessionDecider.WhyOverdue(session, call.Now);
        var voicemail = (await voicemails.LoadAsync(session.Id, cancellationToken)).State;
        return VoicemailDecider.IsOverdue(voicemail, call.Now) ? SessionDecider.TimedOut : null;
    }
}
