using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>The life of one call (or chat), told in events: requested at 0 s, offered at 10 s, connected at 12 s or later.</summary>
internal static class Story
{
    public static readonly Guid SessionId = Spec.Id(1);
    public static readonly Guid ConsumerId = Spec.Id(2);
    public static readonly Guid QueueId = Spec.Id(3);
    public static readonly Guid OtherQueueId = Spec.Id(4);
    public static readonly Guid Agent = Spec.Id(5);
    public static readonly Guid OtherAgent = Spec.Id(6);
    public static readonly Guid Offer = Spec.Id(7);
    public static readonly Guid OtherOffer = Spec.Id(8);

    public static readonly Preparation Whisper = new("Web call from Billing", Speed: 1, Countdown: true);

    public static Queue Queue(Guid id, Channel channel = Channel.Web, bool archived = false) =>
        Domain.Queues.Queue.Initial with { Id = id, Name = "Billing", Channel = channel, Path = ["Support", "Billing"], IsArchived = archived };

    public static SessionRequested Requested(SessionKind kind, Channel channel = Channel.Web) =>
        new(SessionId, kind, channel, ConsumerId, QueueId, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, Spec.T0, QueuePath: ["Support", "Billing"]);

    public static SessionQueued Queued(SessionKind kind) => new(SessionId, kind, QueueId, ["Support", "Billing"], Spec.T0);

    public static SessionOffered Offered(SessionKind kind, Preparation? preparation = null) =>
        new(SessionId, kind, Offer, Agent, QueueId, preparation ?? Preparation.None, Spec.At(10), Spec.At(40));

    public static OfferAccepted Accepted(SessionKind kind, Preparation? preparation = null) =>
        new(SessionId, kind, Offer, Agent, preparation ?? Preparation.None, Spec.At(12));

    public static SessionConnected Connected(SessionKind kind) => new(SessionId, kind, Agent, Offer, Spec.At(12), new Waited(QueueId, 12));

    public static SessionHeld Held() => new(SessionId, Agent, Spec.At(20));

    public static SessionEnded Ended(SessionKind kind) =>
        new(SessionId, kind, Agent, Offer, SessionParty.Consumer, ConsumerId, "hung_up", Answered: true, Spec.At(60));

    public static SessionTransferred Transferred(SessionKind kind) => new(SessionId, kind, Agent, Offer, OtherQueueId, Spec.At(30));

    public static SessionQueued QueuedAgain(SessionKind kind) => new(SessionId, kind, OtherQueueId, ["Support", "Billing"], Spec.At(30));

    public static Given<Session, SessionEvent> Nothing() => Given.Session();

    public static Given<Session, SessionEvent> Waiting(SessionKind kind) => Given.Session(Requested(kind), Queued(kind));

    public static Given<Session, SessionEvent> Asked(SessionKind kind, Preparation? preparation = null) => Waiting(kind).And(Offered(kind, preparation));

    public static Given<Session, SessionEvent> Prepared() => Asked(SessionKind.Call, Whisper).And(Accepted(SessionKind.Call, Whisper));

    public static Given<Session, SessionEvent> Talking(SessionKind kind) => Asked(kind).And(Accepted(kind), Connected(kind));

    public static Given<Session, SessionEvent> OnHold() => Talking(SessionKind.Call).And(Held());

    public static Given<Session, SessionEvent> PassedOn(SessionKind kind) => Talking(kind).And(Transferred(kind), QueuedAgain(kind));

    public static Given<Session, SessionEvent> Over(SessionKind kind) => Talking(kind).And(Ended(kind));
}
