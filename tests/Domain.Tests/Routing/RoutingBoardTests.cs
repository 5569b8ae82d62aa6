using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Routing;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Routing;

public sealed class RoutingBoardTests
{
    private static readonly Guid Billing = Id(1);
    private static readonly Guid Sales = Id(2);
    private static readonly Guid Ann = Id(11);
    private static readonly Guid Bob = Id(12);
    private static readonly Guid First = Id(21);
    private static readonly Guid Second = Id(22);
    private static readonly Guid Third = Id(23);

    private readonly RoutingBoard board = new();

    [Fact]
    public void The_longest_waiting_session_is_offered_first()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(Second, Call, Billing, at: 20);
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void Sessions_that_came_at_once_are_offered_by_id()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(Second, Call, Billing, at: 10);
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void The_longest_idle_agent_is_asked_first()
    {
        Happened(SignedIn(Ann, at: 5), Member(Billing, Ann), SignedIn(Bob, at: 1), Member(Billing, Bob));
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBe([new Match(First, Bob, Billing)]);
    }

    [Fact]
    public void Agents_idle_since_the_same_instant_are_asked_by_id()
    {
        Happened(SignedIn(Bob, at: 0), Member(Billing, Bob), SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void Who_has_work_in_hand_is_asked_after_who_is_idle()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 5), Member(Billing, Bob));
        Happened(new AgentReserved(Ann, Id(99), Id(98), Chat, At(6)));
        Arrives(First, Chat, Billing, at: 10);

        Matches().ShouldBe([new Match(First, Bob, Billing)]);
    }

    [Fact]
    public void Chats_that_come_together_are_spread_over_the_agents()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 5), Member(Billing, Bob));
        Arrives(First, Chat, Billing, at: 10);
        Arrives(Second, Chat, Billing, at: 11);
        Arrives(Third, Chat, Billing, at: 12);

        Matches().ShouldBe([new Match(First, Ann, Billing), new Match(Second, Bob, Billing), new Match(Third, Ann, Billing)]);
    }

    [Fact]
    public void Only_members_of_the_queue_are_asked()
    {
        Happened(SignedIn(Ann, at: 0), Member(Sales, Ann));
        Arrives(First, Call, Billing, at: 10);
        Matches().ShouldBeEmpty();

        Happened(Member(Billing, Ann));
        Matches().ShouldBe([new Match(First, Ann, Billing)]);

        Happened(new QueueMemberRemoved(Billing, Ann, At(20)));
        Matches().ShouldBeEmpty();
    }

    [Fact]
    public void Only_agents_of_the_channel_and_kind_are_asked()
    {
        Happened(new AgentSignedIn(Ann, new Capacity(Calls: 0, Chats: 1), [Channel.Web], T0), Member(Billing, Ann));
        Happened(new AgentSignedIn(Bob, new Capacity(Calls: 1, Chats: 1), [Channel.Mobile], T0), Member(Billing, Bob));
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBeEmpty();
    }

    [Fact]
    public void Paused_and_signed_out_agents_are_not_asked()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 0), Member(Billing, Bob));
        Happened(new AgentPaused(Ann, "break", At(1)), new AgentSignedOut(Bob, "signed_out", At(1)));
        Arrives(First, Call, Billing, at: 10);

        Matches().ShouldBeEmpty();
    }

    [Fact]
    public void Agents_whose_adapter_is_gone_are_asked_once_it_is_back()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), new AgentAdapterConnected(Ann, "one", At(1)), new AgentAdapterLost(Ann, "one", At(5)));
        Arrives(First, Call, Billing, at: 10);
        Matches().ShouldBeEmpty();

        Happened(new AgentAdapterConnected(Ann, "two", At(12)));
        Matches().ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void A_session_without_an_agent_holds_up_nobody()
    {
        Happened(SignedIn(Ann, at: 0), Member(Sales, Ann));
        Arrives(First, Call, Billing, at: 10);
        Arrives(Second, Call, Sales, at: 20);

        Matches().ShouldBe([new Match(Second, Ann, Sales)]);
    }

    [Fact]
    public void An_offered_session_does_not_wait_and_returns_to_its_old_place()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 1), Member(Billing, Bob));
        Arrives(First, Call, Billing, at: 10);
        Arrives(Second, Call, Billing, at: 20);
        Happened(Offered(First, Ann, Billing), new AgentReserved(Ann, First, Id(98), Call, At(21)));
        Matches().ShouldBe([new Match(Second, Bob, Billing)]);

        Happened(new OfferFailed(First, Id(98), Ann, OfferOutcome.Declined, At(22)));
        Matches().ShouldBe([new Match(First, Bob, Billing)]);
    }

    [Fact]
    public void Who_just_let_an_offer_go_is_asked_again_only_if_nobody_else_can_be()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 50), Member(Billing, Bob));
        Arrives(First, Call, Billing, at: 10);
        Happened(Offered(First, Ann, Billing), new OfferFailed(First, Id(98), Ann, OfferOutcome.Expired, At(40)));
        Matches().ShouldBe([new Match(First, Bob, Billing)]);

        Happened(new AgentPaused(Bob, "break", At(60)));
        Matches().ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void A_sole_agent_who_lets_a_session_go_is_asked_for_those_behind_it_first_and_for_it_again_after_a_pause()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Call, Billing, at: 10);
        Arrives(Second, Call, Billing, at: 20);
        Happened(Offered(First, Ann, Billing), Declined(First, Ann, at: 30));

        Matches(at: 30).ShouldBe([new Match(Second, Ann, Billing)]);
        board.NextPauseEnd(At(30)).ShouldBe(At(45));
        Matches(at: 44.9).ShouldBe([new Match(Second, Ann, Billing)]);
        Matches(at: 45).ShouldBe([new Match(First, Ann, Billing)]);
        board.NextPauseEnd(At(45)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(2, 30)]
    [InlineData(4, 120)]
    [InlineData(5, 240)]
    [InlineData(9, 240)]
    public void The_pause_doubles_each_time_up_to_four_minutes(int times, double seconds)
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Call, Billing, at: 10);
        for (var i = 1; i <= times; i++)
            Happened(Offered(First, Ann, Billing), Declined(First, Ann, at: 500));

        Matches(at: 500 + seconds - 0.1).ShouldBeEmpty();
        Matches(at: 500 + seconds).ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void Who_let_a_session_go_and_came_back_since_is_asked_for_it_at_once()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Call, Billing, at: 10);
        Happened(Offered(First, Ann, Billing), new OfferFailed(First, Id(98), Ann, OfferOutcome.AgentLost, At(30)), new AgentSignedOut(Ann, "adapter_lost", At(30)));
        Happened(SignedIn(Ann, at: 32));

        Matches(at: 33).ShouldBe([new Match(First, Ann, Billing)]);
    }

    [Fact]
    public void Who_let_one_session_go_is_asked_for_the_next()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), SignedIn(Bob, at: 50), Member(Billing, Bob));
        Arrives(First, Call, Billing, at: 10);
        Arrives(Second, Call, Billing, at: 20);
        Happened(Offered(First, Ann, Billing), new OfferFailed(First, Id(98), Ann, OfferOutcome.Expired, At(40)));

        Matches().ShouldBe([new Match(First, Bob, Billing), new Match(Second, Ann, Billing)]);
    }

    [Fact]
    public void A_transferred_session_goes_to_another_agent_of_the_new_queue_if_there_is_one()
    {
        Happened(SignedIn(Ann, at: 0), Member(Sales, Ann), SignedIn(Bob, at: 50), Member(Sales, Bob));
        Arrives(First, Chat, Billing, at: 10);
        Happened(
            Offered(First, Ann, Billing),
            new SessionTransferred(First, Chat, Ann, Id(98), Sales, At(60)),
            new SessionQueued(First, Chat, Sales, ["Sales"], At(60)));

        Matches().ShouldBe([new Match(First, Bob, Sales)]);
    }

    [Fact]
    public void A_session_that_ended_is_gone()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Call, Billing, at: 10);
        Happened(new SessionEnded(First, Call, AgentId: null, OfferId: null, SessionParty.Consumer, Id(9), "hung_up", Answered: false, At(20)));
        Happened(new TicketLinked(First, "17", "/v1/tickets/17", At(21)));

        Matches().ShouldBeEmpty();
        board.Waiting.ShouldBe(0);
    }

    [Fact]
    public void No_more_is_offered_than_asked_for_and_asking_again_gives_the_same()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann));
        Arrives(First, Chat, Billing, at: 10);
        Arrives(Second, Chat, Billing, at: 11);

        board.NextMatches(0, At(1_000)).ShouldBeEmpty();
        board.NextMatches(1, At(1_000)).ShouldBe([new Match(First, Ann, Billing)]);
        board.NextMatches(1, At(1_000)).ShouldBe([new Match(First, Ann, Billing)]);
        board.NextMatches(9, At(1_000)).ShouldBe([new Match(First, Ann, Billing), new Match(Second, Ann, Billing)]);
    }

    /// <summary>The trouble elsewhere: a backlog that had built up over night was never drained when agents came back.</summary>
    [Fact]
    public void A_backlog_that_built_up_without_agents_is_drained_in_arrival_order_when_they_come_back()
    {
        Happened(SignedIn(Ann, at: 0), Member(Billing, Ann), new AgentSignedOut(Ann, "signed_out", At(1)));
        var waiting = Enumerable.Range(1_000, 50).Select(Id).ToList();
        for (var i = 0; i < waiting.Count; i++)
            Arrives(waiting[i], Call, Billing, at: 10 + i);
        Matches().ShouldBeEmpty();

        Happened(SignedIn(Ann, at: 100));
        var served = new List<Guid>();
        while (board.NextMatches(10, At(1_000)) is [var match, ..])
        {
            served.Add(match.SessionId);
            Happened(Offered(match.SessionId, Ann, Billing), new AgentReserved(Ann, match.SessionId, Id(98), Call, At(200)));
            Matches().ShouldBeEmpty();
            Happened(new AgentFreed(Ann, match.SessionId, At(201)));
        }

        served.ShouldBe(waiting);
    }

    [Fact]
    public void Of_ten_thousand_waiting_a_thousand_agents_are_matched_up_to_their_capacity_and_none_twice()
    {
        for (var i = 0; i < 1_000; i++)
            Happened(SignedIn(Id(10_000 + i), at: i), Member(Id(i % 20), Id(10_000 + i)), Member(Id((i + 1) % 20), Id(10_000 + i)));
        for (var i = 0; i < 10_000; i++)
            Arrives(Id(20_000 + i), i % 2 == 0 ? Call : Chat, Id(i % 20), at: i);

        var matches = board.NextMatches(10_000, At(1_000));
        matches.Count.ShouldBe(1_000 + 2_000);
        matches.Select(m => m.SessionId).ShouldBeUnique();

        for (var i = 0; i < 1_000; i++)
            Happened(new AgentPaused(Id(10_000 + i), "break", At(i)));
        Matches().ShouldBeEmpty();
    }

    private void Happened(params IDomainEvent[] events)
    {
        foreach (var happened in events)
            board.Apply(happened);
    }

    private void Arrives(Guid sessionId, SessionKind kind, Guid queueId, double at) => Happened(
        new SessionRequested(sessionId, kind, Channel.Web, Id(9), queueId, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, At(at)),
        new SessionQueued(sessionId, kind, queueId, ["Billing"], At(at)));

    private IReadOnlyList<Match> Matches(double at = 1_000) => board.NextMatches(100, At(at));

    private static AgentSignedIn SignedIn(Guid agentId, double at) => new(agentId, new Capacity(Calls: 1, Chats: 2), [Channel.Web], At(at));

    private static QueueMemberAdded Member(Guid queueId, Guid agentId) => new(queueId, agentId, T0);

    private static OfferFailed Declined(Guid sessionId, Guid agentId, double at) => new(sessionId, Id(98), agentId, OfferOutcome.Declined, At(at));

    private static SessionOffered Offered(Guid sessionId, Guid agentId, Guid queueId) =>
        new(sessionId, Call, Id(98), agentId, queueId, Preparation.None, At(21), At(51));
}
