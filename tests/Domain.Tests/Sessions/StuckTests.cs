using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>What waits or is connected for too long (END-4), and how long somebody waited.</summary>
public sealed class StuckTests
{
    private static readonly MonitoringRules Ends = new(StuckAfterMinutes: 10, EndStuck: true, ServiceLevelSeconds: 20);
    private static readonly Queue Patient = Queue(QueueId) with { Handling = HandlingRules.Default with { StuckAfterMinutes = 20 } };

    [Fact]
    public void Who_waits_longer_than_the_limit_is_ended_as_stuck() =>
        Waiting(Call).When(s => SessionDecider.EndStuck(s, Ends, Queue(QueueId), At(601))).Then(
            new SessionEnded(SessionId, Call, AgentId: null, OfferId: null, SessionParty.System, ById: null, "stuck", Answered: false, At(601), Waited: new Waited(QueueId, 601)));

    [Fact]
    public void What_is_connected_is_measured_from_its_connection()
    {
        Talking(Chat).When(s => SessionDecider.EndStuck(s, Ends, Queue(QueueId), At(611))).ThenNothing();
        Talking(Chat).When(s => SessionDecider.EndStuck(s, Ends, Queue(QueueId), At(613))).Then(
            new SessionEnded(SessionId, Chat, Agent, Offer, SessionParty.System, ById: null, "stuck", Answered: true, At(613)));
    }

    [Fact]
    public void A_queues_own_limit_counts() =>
        Waiting(Call).When(s => SessionDecider.EndStuck(s, Ends, Patient, At(1_100))).ThenNothing();

    [Fact]
    public void Nothing_is_ended_unless_the_center_wants_it_and_nothing_twice()
    {
        Waiting(Call).When(s => SessionDecider.EndStuck(s, Ends with { EndStuck = false }, Queue(QueueId), At(9_000))).ThenNothing();
        Over(Call).When(s => SessionDecider.EndStuck(s, Ends, Queue(QueueId), At(9_000))).ThenNothing();
        Nothing().When(s => SessionDecider.EndStuck(s, Ends, Queue(QueueId), At(9_000))).ThenNothing();
    }

    [Fact]
    public void What_moved_on_since_it_was_found_stays() =>
        PassedOn(Call).When(s => SessionDecider.EndStuck(s, Ends, Queue(OtherQueueId), At(620))).ThenNothing();

    [Fact]
    public void A_wait_lasts_over_failed_offers_and_whispers_and_begins_anew_with_a_transfer()
    {
        var failed = new OfferFailed(SessionId, Offer, Agent, OfferOutcome.Declined, At(20));
        var again = new SessionOffered(SessionId, Chat, OtherOffer, OtherAgent, QueueId, Preparation.None, At(30), At(60));
        Asked(Chat).And(failed, again).When(s => SessionDecider.Accept(s, OtherOffer, OtherAgent, At(35))).Then(
            new OfferAccepted(SessionId, Chat, OtherOffer, OtherAgent, Preparation.None, At(35)),
            new SessionConnected(SessionId, Chat, OtherAgent, OtherOffer, At(35), new Waited(QueueId, 35)));
        Prepared().When(s => SessionDecider.Connect(s, Offer, At(25))).Then(
            new SessionConnected(SessionId, Call, Agent, Offer, At(25), new Waited(QueueId, 25)));
        PassedOn(Call).When(s => SessionDecider.End(s, SessionParty.Consumer, ConsumerId, "hung_up", At(75))).Then(
            new SessionEnded(SessionId, Call, AgentId: null, OfferId: null, SessionParty.Consumer, ConsumerId, "hung_up", Answered: true, At(75), Waited: new Waited(OtherQueueId, 45)));
    }
}
