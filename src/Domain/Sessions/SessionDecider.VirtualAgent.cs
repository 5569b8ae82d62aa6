using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>What a virtual agent may do in a session, and who takes over from it.</content>
public static partial class SessionDecider
{
    /// <summary>What a virtual agent's replies are flagged by (DAT-5).</summary>
    public const string ByVirtualAgent = "virtual_agent";

    /// <summary>
    /// The virtual agent answers: its words, what it found out, and what follows, all in one. An answer of one that is out of
    /// the session changes nothing, nor does a reply that was written already. One that makes no sense is a failure: the
    /// consumer goes to people.
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="virtualAgentId">Whose part the answer belongs to.</param>
    /// <param name="answer">What it answers.</param>
    /// <param name="arrival">Where hours and deflection send whom it passes on to people; without virtual agents.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> Answer(Session s, Guid virtualAgentId, VirtualAgentAnswer answer, Arrival arrival, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.VirtualAgent is not { } seat || seat.Id != virtualAgentId)
            return Decision<SessionEvent>.Nothing;
        if (!MakesSense(s, answer))
            answer = VirtualAgentAnswer.Failed("not_an_answer");

        List<SessionEvent> events = [];
        if (answer.IsVerified is { } isVerified)
            events.AddRange(Flag(s, CustomerFlags.None with { VerifiedCustomer = isVerified }, ByVirtualAgent, now).Events);
        var written = s.Messages.Count;
        foreach (var reply in answer.Replies.Where(r => !s.Messages.ContainsKey(r.MessageId)).DistinctBy(r => r.MessageId))
            events.Add(new MessageSent(s.Id, s.ConsumerId, reply.MessageId, ++written, SessionParty.VirtualAgent, seat.Id, new PersonalText(reply.Text), now));
        events.AddRange(Follow(events.Aggregate(s, (state, happened) => state.Apply(happened)), seat, answer, arrival, now));
        return Decision<SessionEvent>.Happens([.. events]);
    }

    /// <summary>What the end of a virtual agent's own leg means: it hung up, or it is lost.</summary>
    public static VirtualAgentAnswer AnswerOfLeg(string cause) => string.Equals(cause, "hung_up", StringComparison.Ordinal)
        ? new VirtualAgentAnswer([], VirtualAgentStep.End)
        : VirtualAgentAnswer.Failed(LegLost);

    private static IEnumerable<SessionEvent> Follow(Session s, VirtualAgentSeat seat, VirtualAgentAnswer answer, Arrival arrival, DateTimeOffset now)
    {
        switch (answer.Step)
        {
            case VirtualAgentStep.Stay:
                return [];
            case VirtualAgentStep.End:
                return
                [
                    Left(s, seat, VirtualAgentOutcome.Ended, "completed", now),
                    new SessionEnded(s.Id, s.Kind, AgentId: null, OfferId: null, SessionParty.VirtualAgent, ById: null, "completed", Answered: true, now),
                ];
            default:
                var left = answer.Step == VirtualAgentStep.Escalate
                    ? Left(s, seat, VirtualAgentOutcome.Escalated, "escalated", now)
                    : Left(s, seat, VirtualAgentOutcome.Failed, answer.Reason ?? "connector_failed", now);
                return [left, .. Arrive(s.Apply(left), arrival.PassedOn(s) with { VirtualAgent = null }, choice: null, now).Events];
        }
    }

    private static bool MakesSense(Session s, VirtualAgentAnswer answer) =>
        Enum.IsDefined(answer.Step)
        && (s.Kind == SessionKind.Chat || answer.Replies.Count == 0)
        && answer.Replies.All(r => !string.IsNullOrWhiteSpace(r.Text) && r.Text.Length <= MaxMessageLength && !r.Text.Contains('\0', StringComparison.Ordinal));

    private static VirtualAgentLeft Left(Session s, VirtualAgentSeat seat, VirtualAgentOutcome outcome, string reason, DateTimeOffset now) =>
        new(s.Id, s.Kind, seat.Id, outcome, reason, now);

    // A supervisor's own words stay with the end.
    private static string LeavingReason(SessionParty by, string reason) => by == SessionParty.Supervisor ? "ended_by_supervisor" : reason;
}
