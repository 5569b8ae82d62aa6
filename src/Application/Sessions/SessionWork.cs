using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// What several use cases do to a session together with its agent and its recording, so that one write holds all of it.
/// Each step answers why it was refused, or null.
/// </summary>
public sealed class SessionWork(UnitOfWork work, CurrentCall call, ConfigurationWork configuration)
{
    /// <summary>The recording of a call; the initial state if it has none.</summary>
    public ValueTask<Versioned<Recording>> RecordingOfAsync(Guid sessionId, CancellationToken cancellationToken) =>
        work.LoadAsync(Aggregates.Recording, RecordingId.Of(sessionId), cancellationToken);

    /// <summary>
    /// Appends what was decided of a session. With a consultation that ends, the place of whoever was asked is free, and the
    /// recording is silent for the hold alone.
    /// </summary>
    public async ValueTask<DomainError?> AppendAsync(Versioned<Session> session, Decision<SessionEvent> decided, CancellationToken cancellationToken)
    {
        if (work.Append(Aggregates.Session, session, decided) is { } refusal)
            return refusal;
        foreach (var ended in decided.Events.OfType<ConsultationEnded>())
        {
            var left = await LeaveConsultationAsync(ended, cancellationToken)
                ?? await ResumeRecordingAsync(session.State, PauseReason.Consultation, cancellationToken);
            if (left is not null)
                return left;
        }

        return null;
    }

    private async ValueTask<DomainError?> LeaveConsultationAsync(ConsultationEnded ended, CancellationToken cancellationToken)
    {
        if (ended.AgentId is not { } agentId)
            return null;
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        return work.Append(Aggregates.Agent, agent, AgentDecider.LeaveConsultation(agent.State, ended, call.Now));
    }

    /// <summary>The offer comes to nothing, and the agent's place with it.</summary>
    public async ValueTask<DomainError?> FailOfferAsync(
        Versioned<Session> session, Decision<SessionEvent> failed, Guid offerId, OfferOutcome outcome, CancellationToken cancellationToken)
    {
        var before = session.State;
        if (await AppendAsync(session, failed, cancellationToken) is { } refusal)
            return refusal;
        return failed.Events.Any(e => e is OfferFailed) ? await ReleaseAsync(before, offerId, outcome, cancellationToken) : null;
    }

    /// <summary>The agent has the session: what was reserved is work now.</summary>
    public async ValueTask<DomainError?> EngageAsync(Guid sessionId, Guid agentId, Guid offerId, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        return work.Append(Aggregates.Agent, agent, AgentDecider.Engage(agent.State, sessionId, offerId, call.Now));
    }

    /// <summary>What follows from the parties being connected: a call that may be recorded is recorded from here on (REC-3).</summary>
    public async ValueTask<DomainError?> RecordAsync(Versioned<Session> session, CancellationToken cancellationToken)
    {
        var connected = work.After(session);
        return connected.IsTalking && !session.State.IsTalking ? await RecordConnectedAsync(connected, cancellationToken) : null;
    }

    /// <summary>The consumer says whether they want to be recorded: what is recorded of the call follows (REC-3).</summary>
    public async ValueTask<DomainError?> AnswerConsentAsync(
        Versioned<Session> session, RecordingConsent consent, string source, CancellationToken cancellationToken)
    {
        var answered = SessionDecider.AnswerRecordingConsent(session.State, consent, source, call.Now);
        if (work.Append(Aggregates.Session, session, answered) is { } refusal)
            return refusal;
        if (answered.Events.Count == 0)
            return null;
        if (consent == RecordingConsent.Denied)
            return await ChangeRecordingAsync(session.State, r => RecordingDecider.WithdrawConsent(r, call.Now), cancellationToken);
        return await ResumeRecordingAsync(session.State, PauseReason.Consent, cancellationToken)
            ?? await RecordConnectedAsync(work.After(session), cancellationToken);
    }

    private async ValueTask<DomainError?> RecordConnectedAsync(Session connected, CancellationToken cancellationToken)
    {
        if (connected.Kind != SessionKind.Call || !connected.IsTalking || !connected.MayBeRecorded)
            return null;
        var recording = await RecordingOfAsync(connected.Id, cancellationToken);
        return work.Append(Aggregates.Recording, recording, recording.Version == 0
            ? RecordingDecider.Start(recording.State, RecordingId.Of(connected.Id), connected, await RetentionAsync(cancellationToken), call.Now)
            : RecordingDecider.Resume(work.After(recording), PauseReason.Queue, call.Now));
    }

    /// <summary>What the caller says after the tone is recorded (AHD-10).</summary>
    public async ValueTask<DomainError?> RecordVoicemailAsync(Guid sessionId, Guid queueId, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken);
        var recording = await RecordingOfAsync(sessionId, cancellationToken);
        return work.Append(Aggregates.Recording, recording, RecordingDecider.StartVoicemail(
            recording.State, RecordingId.Of(sessionId), session.State, queueId, await RetentionAsync(cancellationToken), call.Now));
    }

    private async ValueTask<RecordingRetention> RetentionAsync(CancellationToken cancellationToken) =>
        (await configuration.ReadAsync(cancellationToken)).Settings.Recording.Retention;

    /// <summary>
    /// The session loses its agent, or nobody was reached outside: it waits again, and its recording with it.
    /// <see cref="FreeAsync"/> is the agent's part.
    /// </summary>
    public async ValueTask<DomainError?> LoseAgentAsync(Versioned<Session> session, Decision<SessionEvent> lost, CancellationToken cancellationToken)
    {
        if (await AppendAsync(session, lost, cancellationToken) is { } refusal)
            return refusal;
        return lost.Events.Any(e => e is SessionReturned) ? await PauseForQueueAsync(session.State, cancellationToken) : null;
    }

    /// <summary>The place of an agent who lost a session is free.</summary>
    /// <param name="before">The session as the agent had it.</param>
    /// <param name="agentId">Who.</param>
    /// <param name="offerId">By which offer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<DomainError?> FreeAsync(Session before, Guid agentId, Guid offerId, CancellationToken cancellationToken)
    {
        // Who was only consulted is free with the end of that.
        if (before.Consultation?.Id == offerId)
            return null;
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        return work.Append(Aggregates.Agent, agent, AgentDecider.Lose(agent.State, before, offerId, call.Now));
    }

    /// <summary>The recording is silent while the call waits in a queue again, if there is one.</summary>
    public ValueTask<DomainError?> PauseForQueueAsync(Session session, CancellationToken cancellationToken) =>
        ChangeRecordingAsync(session, r => RecordingDecider.PauseForQueue(r, call.Now), cancellationToken);

    /// <summary>The recording falls silent for a reason, if there is one.</summary>
    public ValueTask<DomainError?> PauseRecordingAsync(Session session, PauseReason reason, CancellationToken cancellationToken) =>
        ChangeRecordingAsync(session, r => RecordingDecider.Pause(r, reason, call.Now), cancellationToken);

    /// <summary>The hold is over, and the consultation that it may have been for.</summary>
    public ValueTask<DomainError?> ResumeFromHoldAsync(Session session, CancellationToken cancellationToken) =>
        ChangeRecordingAsync(session, r => RecordingDecider.ResumeFromHold(r, call.Now), cancellationToken);

    /// <summary>The call goes on with somebody outside, who can end no pause.</summary>
    public ValueTask<DomainError?> ResumeOutsideAsync(Session session, CancellationToken cancellationToken) =>
        ChangeRecordingAsync(session, r => RecordingDecider.ResumeOutside(r, call.Now), cancellationToken);

    /// <summary>A reason for the recording to be silent is gone, if there is a recording.</summary>
    public ValueTask<DomainError?> ResumeRecordingAsync(Session session, PauseReason reason, CancellationToken cancellationToken) =>
        ChangeRecordingAsync(session, r => RecordingDecider.Resume(r, reason, call.Now), cancellationToken);

    /// <summary>
    /// The agent is out of the session, and keeps the place for the work after it. Who has no time for that work is done
    /// with it, and no longer reads the session.
    /// </summary>
    /// <param name="session">As the agent had it; what took it away is already appended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<DomainError?> StartWrapUpAsync(Versioned<Session> session, CancellationToken cancellationToken)
    {
        var before = session.State;
        var queue = (await work.LoadAsync(Aggregates.Queue, before.QueueId, cancellationToken)).State;
        var agent = await work.LoadAsync(Aggregates.Agent, before.AgentId!.Value, cancellationToken);
        var wrapUp = TimeSpan.FromSeconds(queue.Handling.WrapUpSeconds);
        var started = AgentDecider.StartWrapUp(agent.State, before.Id, wrapUp, call.Now);
        var refusal = work.Append(Aggregates.Agent, agent, started);
        return refusal is null && started.Events is [AgentFreed]
            ? work.Append(Aggregates.Session, session, SessionDecider.WrapUp(work.After(session), agent.State.Id, disposition: null, expired: true, call.Now))
            : refusal;
    }

    /// <summary>The session ends, and everything that hangs on it: offer, the agent's part, recording (END-3).</summary>
    /// <param name="session">Which.</param>
    /// <param name="ended">What was decided.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="engineLost">True if its media engine died with it.</param>
    public async ValueTask<DomainError?> EndAsync(
        Versioned<Session> session, Decision<SessionEvent> ended, CancellationToken cancellationToken, bool engineLost = false)
    {
        var before = session.State;
        if (await AppendAsync(session, ended, cancellationToken) is { } refusal)
            return refusal;
        if (!before.IsLive)
            return null;
        await LoseBookingAsync(before, ended, cancellationToken);

        var agentRefusal = before.IsInConversation
            ? await StartWrapUpAsync(session, cancellationToken)
            : await ReleaseAsync(before, before.OfferId, OfferOutcome.Withdrawn, cancellationToken);
        return agentRefusal
            ?? await LeaveVoicemailAsync(before, cancellationToken)
            ?? await ChangeRecordingAsync(before, r => RecordingDecider.Stop(r, before.RequestedAt, call.Now, engineLost), cancellationToken);
    }

    /// <summary>Ends it, and commits.</summary>
    public async Task<Result<Receipt>> EndAndCommitAsync(
        Versioned<Session> session, SessionParty by, Guid? byId, string reason, CancellationToken cancellationToken) =>
        await EndAsync(session, SessionDecider.End(session.State, by, byId, reason, call.Now), cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(session, cancellationToken);

    /// <summary>A booked call that ends before its consumer answered reached nobody; the booking says so.</summary>
    private async ValueTask LoseBookingAsync(Session before, Decision<SessionEvent> ended, CancellationToken cancellationToken)
    {
        if (!SessionDecider.IsRinging(before) || ended.Events is not [SessionEnded end])
            return;
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, before.ScheduledCallId!.Value, cancellationToken);
        work.Append(Aggregates.ScheduledCall, booking, ScheduledCallDecider.Lose(booking.State, end));
    }

    private async ValueTask<DomainError?> LeaveVoicemailAsync(Session before, CancellationToken cancellationToken)
    {
        if (before.Status != SessionStatus.LeavingMessage)
            return null;
        var voicemail = await work.LoadAsync(Aggregates.Voicemail, before.Id, cancellationToken);
        return work.Append(Aggregates.Voicemail, voicemail, VoicemailDecider.HangUp(voicemail.State, call.Now));
    }

    private async ValueTask<DomainError?> ReleaseAsync(Session before, Guid? offerId, OfferOutcome outcome, CancellationToken cancellationToken)
    {
        if (before.AgentId is not { } agentId || offerId is null)
            return null;
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        return work.Append(Aggregates.Agent, agent, AgentDecider.Release(agent.State, before.Id, offerId.Value, outcome, call.Now));
    }

    private async ValueTask<DomainError?> ChangeRecordingAsync(
        Session session, Func<Recording, Decision<RecordingEvent>> change, CancellationToken cancellationToken)
    {
        if (session.Kind != SessionKind.Call || (session.ConnectedAt is null && session.Status != SessionStatus.LeavingMessage))
            return null;
        var recording = await RecordingOfAsync(session.Id, cancellationToken);
        return recording.Version == 0 ? null : work.Append(Aggregates.Recording, recording, change(work.After(recording)));
    }
}
