using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Tests.Recordings;

/// <summary>The life of one recording, told in events: recorded from 12 s, the call over at 60 s.</summary>
internal static class Tape
{
    public static readonly Guid Id = Spec.Id(1);
    public static readonly Guid Call = Spec.Id(2);
    public static readonly Guid Agent = Spec.Id(5);

    public static readonly RecordingStarted Started = new(Id, Call, Agent, Spec.Id(3), Spec.At(12), Spec.At(12));
    public static readonly RecordingStopped Stopped = new(Id, Call, CallSeconds: 48, Spec.At(60));

    public static readonly Session Connected = Session.Initial with
    {
        Id = Call,
        Kind = SessionKind.Call,
        Status = SessionStatus.Connected,
        AgentId = Agent,
        QueueId = Spec.Id(3),
        ConnectedAt = Spec.At(12),
    };

    public static SegmentCompleted Closed(int segment, long samples = 80_000) => new(Id, segment, samples, "digest", Spec.At(61));

    public static RecordingReady Ready(double seconds, double at = 61) =>
        new(Id, Call, seconds, Spec.At(at), Spec.At(60) + Recording.Limit);

    public static RecordingPartAttached Attached(int part, int parts) => new(Id, part, parts, "17", $"a{part}", Bytes: 100, Spec.At(70));

    public static Given<Recording, RecordingEvent> None() => Given.Recording();

    public static Given<Recording, RecordingEvent> Running() => Given.Recording(Started);

    public static Given<Recording, RecordingEvent> Paused(PauseReason reason) => Running().And(new RecordingPaused(Id, Call, 1, reason, Spec.At(20)));

    public static Given<Recording, RecordingEvent> Over() => Running().And(Stopped);

    public static Given<Recording, RecordingEvent> Waiting() => Over().And(Closed(1), Ready(10));

    public static Given<Recording, RecordingEvent> Confirmed() =>
        Waiting().And(Attached(1, 1), new RecordingUploadConfirmed(Id, "17", Spec.At(80)));
}
