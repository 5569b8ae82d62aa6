using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;

namespace ContactCenter.Application.Tests.Monitoring;

public sealed class SessionsProjectionTests
{
    private static readonly SessionsProjection Projection = new();

    [Fact]
    public void A_call_is_on_the_queued_page_until_somebody_talks_with_the_consumer()
    {
        Fold(SessionStories.Waiting(2)).Stage.ShouldBe(SessionStage.Queued);
        Fold([.. SessionStories.Waiting(2), .. SessionStories.Connecting(2).Take(2)]).Stage.ShouldBe(SessionStage.Queued);
        Fold([.. SessionStories.Waiting(2), .. SessionStories.Connecting(2)]).Stage.ShouldBe(SessionStage.Connected);
        Fold(SessionStories.Whole(2)).Stage.ShouldBe(SessionStage.Ended);
    }

    [Fact]
    public void Waiting_counts_the_offer_and_hold_counts_each_hold()
    {
        var session = Fold(SessionStories.Whole(2));

        session.WaitSeconds.ShouldBe(13);
        session.HoldSeconds.ShouldBe(10);
        session.HoldSince.ShouldBeNull();
    }

    [Fact]
    public void Participants_join_and_leave_and_have_no_names()
    {
        var session = Fold(SessionStories.Whole(2));

        session.Participants.Select(p => p.Party).ShouldBe([SessionParty.Consumer, SessionParty.Agent]);
        session.Participants.ShouldAllBe(p => p.Name == null && p.LeftAt == session.EndedAt);
    }

    [Fact]
    public void A_transfer_is_waiting_until_somebody_takes_it_and_abandoned_if_nobody_does()
    {
        var at = new DateTimeOffset(2026, 11, 20, 9, 1, 0, TimeSpan.Zero);
        var (id, agent) = (SessionStories.SessionId(2), SessionStories.AgentId(2));
        IDomainEvent[] transferred =
        [
            .. SessionStories.Waiting(2), .. SessionStories.Connecting(2),
            new SessionTransferred(id, SessionKind.Call, agent, Guid.Empty, SessionStories.QueueId(4), at),
            new SessionQueued(id, SessionKind.Call, SessionStories.QueueId(4), ["Other"], at),
        ];

        var waiting = Fold(transferred);
        waiting.Transfers.ShouldHaveSingleItem().Outcome.ShouldBe("waiting");
        waiting.AgentId.ShouldBeNull();
        waiting.Stage.ShouldBe(SessionStage.Queued);
        waiting.Participants[^1].LeftAt.ShouldBe(at);
        Fold([.. transferred, .. SessionStories.Connecting(2)]).Transfers[0].Outcome.ShouldBe("completed");
        Fold([.. transferred, SessionStories.Ending(2)[^1]]).Transfers[0].Outcome.ShouldBe("abandoned");
    }

    [Fact]
    public void Late_facts_of_a_session_that_is_not_there_make_no_row()
    {
        MonitoredSession? view = null;
        foreach (var happened in Stored(SessionStories.Ending(2)))
            view = Projection.Evolve(view, happened);

        view.ShouldBeNull();
    }

    [Fact]
    public void The_version_is_that_of_the_last_event()
    {
        Fold(SessionStories.Whole(2)).Version.ShouldBe(10);
    }

    private static MonitoredSession Fold(IReadOnlyList<IDomainEvent> facts)
    {
        MonitoredSession? view = null;
        foreach (var happened in Stored(facts))
            view = Projection.Evolve(view, happened);
        return view.ShouldNotBeNull();
    }

    private static IEnumerable<StoredEvent> Stored(IReadOnlyList<IDomainEvent> facts) => facts.Select((fact, index) => new StoredEvent(
        new LogPosition(index + 1), SessionStories.Stream(2), index + 1, Sample.NewId(), "any", fact, Sample.Metadata, DateTimeOffset.UnixEpoch));
}
