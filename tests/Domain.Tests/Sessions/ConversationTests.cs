using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class ConversationTests
{
    [Fact]
    public void A_call_is_held_and_resumed()
    {
        Talking(Call).When(s => SessionDecider.Hold(s, Agent, At(20))).Then(Held())
            .When(s => SessionDecider.Resume(s, Agent, At(25))).Then(new SessionResumed(SessionId, Agent, At(25)));
    }

    [Fact]
    public void A_chat_is_not_held()
    {
        Talking(Chat).When(s => SessionDecider.Hold(s, Agent, At(20))).ThenRejected<ConflictError>("session.not_a_call");
        Talking(Chat).When(s => SessionDecider.Resume(s, Agent, At(20))).ThenRejected<ConflictError>("session.not_a_call");
    }

    [Fact]
    public void Another_agents_call_is_not_held()
    {
        Talking(Call).When(s => SessionDecider.Hold(s, OtherAgent, At(20))).ThenRejected<ForbiddenError>("session.not_yours");
        OnHold().When(s => SessionDecider.Resume(s, OtherAgent, At(25))).ThenRejected<ForbiddenError>("session.not_yours");
    }

    [Fact]
    public void A_call_is_not_held_before_it_is_connected()
    {
        Prepared().When(s => SessionDecider.Hold(s, Agent, At(13))).ThenRejected<ConflictError>("session.not_connected");
        Asked(Call).When(s => SessionDecider.Resume(s, Agent, At(13))).ThenRejected<ConflictError>("session.not_connected");
    }

    [Fact]
    public void A_call_that_is_over_or_unknown_is_not_held()
    {
        Over(Call).When(s => SessionDecider.Hold(s, Agent, At(70))).ThenRejected<ConflictError>("session.ended");
        Over(Call).When(s => SessionDecider.Hold(s, OtherAgent, At(70))).ThenRejected<ForbiddenError>("session.not_yours");
        Nothing().When(s => SessionDecider.Hold(s, Agent, T0)).ThenRejected<NotFoundError>("session.not_found");
        Nothing().When(s => SessionDecider.Resume(s, Agent, T0)).ThenRejected<NotFoundError>("session.not_found");
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void A_transferred_session_waits_anew_in_the_other_queue(SessionKind kind)
    {
        var after = Talking(kind).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(30)))
            .Then(Transferred(kind), QueuedAgain(kind));

        after.State.QueuedAt.ShouldBe(At(30));
        after.State.AgentId.ShouldBeNull();
    }

    [Fact]
    public void A_transferred_session_takes_the_path_of_the_queue_it_comes_to_and_back_in_the_first_the_one_of_now()
    {
        PathIn(OtherQueueId, Talking(Call), Agent).ShouldBe(["Help", "Bills"]);
        var next = Offered(Call) with { AgentId = OtherAgent, OfferId = OtherOffer, QueueId = OtherQueueId };
        var back = PassedOn(Call).And(next, Accepted(Call) with { AgentId = OtherAgent, OfferId = OtherOffer }, Connected(Call) with { AgentId = OtherAgent, OfferId = OtherOffer });
        PathIn(QueueId, back, OtherAgent).ShouldBe(["Help", "Bills"]);

        // Within its queue it keeps the one it came by, whoever answers there.
        PathIn(QueueId, Talking(Call), Agent).ShouldBe(["Support", "Billing"]);
        var renamed = Arrival.At(Queue(QueueId) with { Path = ["Help", "Bills"] }) with { VirtualAgent = new VirtualAgentSeat(Offer, "Vera", "simulated") };
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, renamed.Queue, At(40), arrival: renamed))
            .Decision.Events[^1].ShouldBeOfType<VirtualAgentJoined>().QueuePath.ShouldBe(["Support", "Billing"]);

        static IReadOnlyList<string> PathIn(Guid queueId, Given<Session, SessionEvent> given, Guid agentId) => given
            .When(s => SessionDecider.Transfer(s, agentId, Queue(queueId) with { Path = ["Help", "Bills"] }, At(40)))
            .Decision.Events[^1].ShouldBeOfType<SessionQueued>().QueuePath;
    }

    [Fact]
    public void A_held_call_can_be_transferred() =>
        OnHold().When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(30))).Then(Transferred(Call), QueuedAgain(Call));

    [Fact]
    public void A_transfer_repeated_while_the_next_agent_is_asked_changes_nothing() =>
        PassedOn(Call).And(new SessionOffered(SessionId, Call, OtherOffer, OtherAgent, OtherQueueId, Preparation.None, At(31), At(61)))
            .When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(32))).ThenNothing();

    [Fact]
    public void A_session_is_not_transferred_where_it_cannot_be_served()
    {
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, Domain.Queues.Queue.Initial, At(30))).ThenRejected<UnprocessableError>("queue.not_found");
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId, archived: true), At(30))).ThenRejected<UnprocessableError>("queue.archived");
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId, Channel.Ivr), At(30))).ThenRejected<UnprocessableError>("queue.other_channel");
    }

    [Fact]
    public void Only_the_agent_in_the_session_transfers_it()
    {
        Talking(Call).When(s => SessionDecider.Transfer(s, OtherAgent, Queue(OtherQueueId), At(30))).ThenRejected<ForbiddenError>("session.not_yours");
        Prepared().When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(13))).ThenRejected<ConflictError>("session.not_connected");
        PassedOn(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(QueueId), At(35))).ThenRejected<ConflictError>("session.not_connected");
        Over(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(70))).ThenRejected<ConflictError>("session.ended");
        Nothing().When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), T0)).ThenRejected<NotFoundError>("session.not_found");
    }

    [Fact]
    public void Flags_change_by_what_differs() =>
        Talking(Call)
            .When(s => SessionDecider.Flag(s, new CustomerFlags(VerifiedCustomer: true, BadActor: false, RepeatCustomer: null), "apps_api", At(20)))
            .Then(new SessionFlagged(SessionId, VerifiedCustomer: true, BadActor: false, RepeatCustomer: null, "apps_api", At(20)))
            .When(s => SessionDecider.Flag(s, new CustomerFlags(VerifiedCustomer: true, BadActor: true, RepeatCustomer: null), "sip", At(21)))
            .Then(new SessionFlagged(SessionId, VerifiedCustomer: null, BadActor: true, RepeatCustomer: null, "sip", At(21)))
            .State.Flags.ShouldBe(new CustomerFlags(VerifiedCustomer: true, BadActor: true, RepeatCustomer: null));

    [Fact]
    public void No_flags_are_no_change() => Waiting(Chat).When(s => SessionDecider.Flag(s, CustomerFlags.None, "sip", At(1))).ThenNothing();

    [Fact]
    public void A_session_that_is_over_or_unknown_takes_no_flags()
    {
        var verified = new CustomerFlags(VerifiedCustomer: true, BadActor: null, RepeatCustomer: null);
        Over(Call).When(s => SessionDecider.Flag(s, verified, "apps_api", At(70))).ThenRejected<ConflictError>("session.ended");
        Nothing().When(s => SessionDecider.Flag(s, verified, "apps_api", T0)).ThenRejected<NotFoundError>("session.not_found");
    }
}
