using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class SupervisorTests
{
    private const SessionKind Call = SessionKind.Call;
    private const SessionKind Chat = SessionKind.Chat;
    private static readonly Guid Part = Spec.Id(20);
    private static readonly Guid Sue = Spec.Id(21);
    private static readonly Guid NewOffer = Spec.Id(22);

    [Fact]
    public void A_supervisor_joins_agent_and_consumer_and_leaves()
    {
        var joined = Story.Talking(Call).When(s => SessionDecider.Join(s, Part, Sue, "Sue", Spec.At(40))).Then(Joined(Call));
        joined.When(s => SessionDecider.Join(s, Spec.Id(23), Sue, "Sue", Spec.At(41))).ThenRejected<ConflictError>("session.supervisor_already_in");
        joined.When(s => SessionDecider.Part(s, Part, "asked", Spec.At(50))).Then(Left(Call, "asked", 50));
        Story.Waiting(Call).When(s => SessionDecider.Join(s, Part, Sue, "Sue", Spec.At(40))).ThenRejected<ConflictError>("session.not_connected");
        Story.Over(Call).When(s => SessionDecider.Join(s, Part, Sue, "Sue", Spec.At(40))).ThenRejected<ConflictError>("session.ended");
    }

    [Fact]
    public void Who_barged_in_is_out_of_it_when_the_agent_gives_the_session_away_or_is_lost()
    {
        Story.Talking(Call).And(Joined(Call)).When(s => SessionDecider.Transfer(s, Story.Agent, Story.Queue(Story.OtherQueueId), Spec.At(30)))
            .Then(Left(Call, "agent_left", 30), Story.Transferred(Call), Story.QueuedAgain(Call))
            .State.Supervisors.ShouldBeEmpty();
        SessionDecider.LoseAgent(Story.Talking(Call).And(Joined(Call)).State, Story.Offer, "adapter_lost", Spec.At(30)).Events
            .Select(e => e.GetType()).ShouldBe([typeof(SupervisorLeft), typeof(SessionReturned)]);
    }

    [Fact]
    public void The_end_of_the_session_is_the_end_of_every_part_in_it() =>
        Story.Talking(Call).And(Joined(Call), Story.Ended(Call)).State.Supervisors.ShouldBeEmpty();

    [Fact]
    public void A_supervisor_writes_as_a_supervisor_while_they_are_seen_in_the_chat()
    {
        var sent = Story.Talking(Chat).And(Joined(Chat)).When(s => Write(s)).Then(
            new MessageSent(Story.SessionId, Story.ConsumerId, Spec.Id(30), 1, SessionParty.Supervisor, Sue, new PersonalText("May I help?"), Spec.At(45)));
        sent.And(Left(Chat, "asked", 50)).When(s => SessionDecider.SendMessage(s, Spec.Id(31), SessionParty.Supervisor, Sue, "Bye", Spec.At(51)))
            .ThenRejected<ForbiddenError>("message.not_allowed");
        Story.Talking(Chat).When(s => Write(s)).ThenRejected<ForbiddenError>("message.not_allowed");
    }

    [Fact]
    public void Taking_over_makes_the_supervisor_the_agent_and_leaves_the_work_after_it_to_the_one_before()
    {
        var taken = Story.Talking(Call).And(Joined(Call)).When(s => SessionDecider.TakeOver(s, Part, Sue, NewOffer, Spec.At(50)))
            .Then(Left(Call, "took_over", 50), TakenOver(Call));
        (taken.State.AgentId, taken.State.OfferId, taken.State.LastAgentId, taken.State.Status).ShouldBe((Sue, NewOffer, Story.Agent, SessionStatus.Connected));
        taken.State.WrapUpDue.ShouldBe([Story.Agent]);
        taken.State.StageSince.ShouldBe(Spec.At(50));
        taken.When(s => SessionDecider.Hold(s, Story.Agent, Spec.At(60))).ThenRejected<ConflictError>("session.not_connected");
        taken.When(s => SessionDecider.Hold(s, Sue, Spec.At(60))).Then(new SessionHeld(Story.SessionId, Sue, Spec.At(60)));
    }

    [Fact]
    public void A_consumer_on_hold_stays_on_hold_when_the_call_is_taken_over() =>
        Story.OnHold().When(s => SessionDecider.TakeOver(s, Part, Sue, NewOffer, Spec.At(50))).Then(TakenOver(Call)).State.Status.ShouldBe(SessionStatus.Held);

    [Fact]
    public void What_has_no_agent_cannot_be_taken_over()
    {
        Story.Waiting(Call).When(s => SessionDecider.TakeOver(s, Part, Sue, NewOffer, Spec.At(50))).ThenRejected<ConflictError>("session.not_connected");
        Story.Over(Call).When(s => SessionDecider.TakeOver(s, Part, Sue, NewOffer, Spec.At(50))).ThenRejected<ConflictError>("session.ended");
        Story.Nothing().When(s => SessionDecider.TakeOver(s, Part, Sue, NewOffer, Spec.At(50))).ThenRejected<NotFoundError>("session.not_found");
    }

    [Fact]
    public void Taking_over_needs_an_adapter_and_a_free_place_and_no_availability()
    {
        var signedIn = Given.Agent(new AgentSignedIn(Sue, new Capacity(1, 0), [Channel.Web], Spec.T0));
        Given.Agent().When(a => TakeOver(a)).ThenRejected<ConflictError>("agent.not_signed_in");
        signedIn.And(new AgentPaused(Sue, "supervising", Spec.At(1))).When(a => TakeOver(a)).Then(TookOver());
        signedIn.And(new AgentAdapterConnected(Sue, "1", Spec.At(1)), new AgentAdapterLost(Sue, "1", Spec.At(2))).When(a => TakeOver(a))
            .ThenRejected<ConflictError>("agent.not_signed_in");
        signedIn.And(new AgentReserved(Sue, Spec.Id(40), Spec.Id(41), Call, Spec.At(1))).When(a => TakeOver(a)).ThenRejected<ConflictError>("agent.at_capacity");
        signedIn.And(TookOver(), new AgentWrapUpStarted(Sue, Story.SessionId, Spec.At(60), Spec.At(90))).When(a => AgentDecider.TakeOver(a, Story.SessionId, Spec.Id(42), Call, Spec.At(70)))
            .Then(new AgentFreed(Sue, Story.SessionId, Spec.At(70)), new AgentTookOver(Sue, Story.SessionId, Spec.Id(42), Call, Spec.At(70)));
    }

    private static Decision<AgentEvent> TakeOver(Agent a) => AgentDecider.TakeOver(a, Story.SessionId, NewOffer, Call, Spec.At(50));

    private static AgentTookOver TookOver() => new(Sue, Story.SessionId, NewOffer, Call, Spec.At(50));

    private static Decision<SessionEvent> Write(Session s) =>
        SessionDecider.SendMessage(s, Spec.Id(30), SessionParty.Supervisor, Sue, "May I help?", Spec.At(45));

    private static SupervisorJoined Joined(SessionKind kind) => new(Story.SessionId, kind, Part, Sue, "Sue", Spec.At(40));

    private static SupervisorLeft Left(SessionKind kind, string reason, int at) => new(Story.SessionId, kind, Part, Sue, reason, Spec.At(at));

    private static SessionTakenOver TakenOver(SessionKind kind) => new(Story.SessionId, kind, Story.Agent, Story.Offer, Sue, NewOffer, Spec.At(50));
}
