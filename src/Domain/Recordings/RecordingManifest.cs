using System.Collections.Immutable;

namespace ContactCenter.Domain.Recordings;

/// <summary>Why a stretch of a call is in no segment of its recording.</summary>
public enum GapReason
{
    /// <summary>The agent paused it (REC-4).</summary>
    Pause,

    /// <summary>The consumer was on hold (REC-1).</summary>
    Hold,

    /// <summary>Sensitive data was spoken or typed (SMA-6).</summary>
    Redaction,

    /// <summary>The call waited in a queue again (REC-1).</summary>
    Queue,

    /// <summary>The consumer had not agreed yet to be recorded, or did not want to be any more (REC-3).</summary>
    Consent,

    /// <summary>It was recorded, and lost with the media engine.</summary>
    Crash,

    /// <summary>The agent consulted somebody before a warm transfer (REC-1).</summary>
    Consultation,
}

/// <summary>A stretch of a call, in a recording or missing from it.</summary>
/// <param name="Segment">The segment's number, or null: it is a gap.</param>
/// <param name="Reasons">Why it is a gap, each reason that held in it; empty for a segment.</param>
/// <param name="From">From when.</param>
/// <param name="To">Until when, or null while it lasts.</param>
/// <param name="RecordedSeconds">Audio kept of it: of a segment once it is stored, null before; 0 for a gap.</param>
public sealed record RecordingSpan(int? Segment, IReadOnlyList<GapReason> Reasons, DateTimeOffset From, DateTimeOffset? To, double? RecordedSeconds);

/// <summary>
/// What a recording is made of, in order: its segments, and its gaps with their reasons, from the first word that an agent
/// spoke to its end. So a
/// listener knows why two seconds that are side by side in it were minutes apart. A fold of the recording's events.
/// </summary>
public sealed record RecordingManifest
{
    /// <summary>What is stored a moment later or earlier than the log has it is not missing.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    /// <summary>Before the first event.</summary>
    public static RecordingManifest Empty { get; } = new();

    /// <summary>The stretches, in order.</summary>
    public ImmutableList<RecordingSpan> Spans { get; init; } = [];

    /// <summary>The manifest after one more event.</summary>
    public RecordingManifest Apply(RecordingEvent happened) => happened switch
    {
        RecordingStarted e => Begin(e),
        RecordingPaused e => End(e.PausedAt).With(Gap(e.Reason, e.PausedAt)),
        RecordingPauseExtended e => Because(e.Reason),
        RecordingResumed e => End(e.ResumedAt).With(Segment(e.Segment, e.ResumedAt)),
        RecordingStopped e => End(e.StoppedAt),
        SegmentCompleted e => Complete(e.Segment, (double)e.Samples / Recording.SampleRate),
        _ => this,
    };

    private static RecordingSpan Segment(int number, DateTimeOffset from) => new(number, [], from, To: null, RecordedSeconds: null);

    private static RecordingSpan Gap(PauseReason reason, DateTimeOffset from) => new(Segment: null, [Of(reason)], from, To: null, RecordedSeconds: 0);

    private static GapReason Of(PauseReason reason) => reason switch
    {
        PauseReason.Agent => GapReason.Pause,
        PauseReason.Hold => GapReason.Hold,
        PauseReason.Redaction => GapReason.Redaction,
        PauseReason.Queue => GapReason.Queue,
        PauseReason.Consultation => GapReason.Consultation,
        _ => GapReason.Consent,
    };

    // A call that may be recorded is from its first word on: one that began before waited for a yes.
    private RecordingManifest Begin(RecordingStarted e) =>
        (e.CallStartedAt < e.StartedAt ? With(Gap(PauseReason.Consent, e.CallStartedAt)).End(e.StartedAt) : this).With(Segment(1, e.StartedAt));

    private RecordingManifest With(RecordingSpan span) => this with { Spans = Spans.Add(span) };

    private RecordingManifest End(DateTimeOffset at) => Spans is [.., { To: null } last] ? this with { Spans = Spans.SetItem(Spans.Count - 1, last with { To = at }) } : this;

    private RecordingManifest Because(PauseReason reason) => Spans is [.., { Segment: null } last] && !last.Reasons.Contains(Of(reason))
        ? this with { Spans = Spans.SetItem(Spans.Count - 1, last with { Reasons = [.. last.Reasons, Of(reason)] }) }
        : this;

    // What storage has less than the log says was recorded went down with the engine, at the segment's end.
    private RecordingManifest Complete(int segment, double seconds)
    {
        var at = Spans.FindIndex(span => span.Segment == segment);
        if (at < 0)
            return this;
        var span = Spans[at] with { RecordedSeconds = seconds };
        var kept = span.From + TimeSpan.FromSeconds(seconds);
        if (span.To is not { } to || to - kept <= Tolerance)
            return this with { Spans = Spans.SetItem(at, span) };
        return this with
        {
            Spans = Spans.SetItem(at, span with { To = kept }).Insert(at + 1, new RecordingSpan(Segment: null, [GapReason.Crash], kept, to, RecordedSeconds: 0)),
        };
    }
}
