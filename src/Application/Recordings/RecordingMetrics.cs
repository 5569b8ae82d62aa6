using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// The figures of REC-14 that a node counts, on meter <c>contactcenter.recordings</c>. What must outlive a node is told by the
/// database: the age of the oldest that waits, and what was destroyed without ever being uploaded.
/// </summary>
public sealed class RecordingMetrics : IDisposable
{
    private readonly Meter meter = new("contactcenter.recordings");
    private readonly Counter<long> uploaded;
    private readonly Counter<long> uploadedFirstTry;
    private readonly long[] failed = new long[Enum.GetValues<UploadFailure>().Length];
    private readonly long[] pausesForgotten = new long[Enum.GetValues<PauseReason>().Length];
    private long segmentsLost;
    private long unreadable;

    /// <summary>Makes the instruments.</summary>
    public RecordingMetrics()
    {
        uploaded = meter.CreateCounter<long>("contactcenter.recordings.uploaded", description: "Recordings the CRM confirmed.");
        uploadedFirstTry = meter.CreateCounter<long>(
            "contactcenter.recordings.uploaded_first_try", description: "Recordings the CRM confirmed without a failed attempt.");
        // Told also while they are none, so that the first of a node is seen as one more.
        meter.CreateObservableCounter(
            "contactcenter.recordings.upload_failures", () => ByReason(failed, Enum.GetValues<UploadFailure>()), description: "Failed attempts to upload a recording.");
        meter.CreateObservableCounter(
            "contactcenter.recordings.segments_lost", () => SegmentsLost, description: "Segments of recordings of which a lost engine left nothing. Alert on any.");
        meter.CreateObservableCounter(
            "contactcenter.recordings.pauses_forgotten", () => ByReason(pausesForgotten, PauseReason.Agent, PauseReason.Redaction), description: "Pauses and redactions that lasted longer than they should.");
        meter.CreateObservableCounter(
            "contactcenter.recordings.unreadable", () => Unreadable, description: "Looks at recordings that should be in storage whole and are not. Alert on any.");
    }

    /// <summary>The CRM confirmed a recording.</summary>
    public void Uploaded(bool firstTry)
    {
        uploaded.Add(1);
        if (firstTry)
            uploadedFirstTry.Add(1);
    }

    /// <summary>An attempt failed.</summary>
    public void UploadFailed(UploadFailure reason) => Interlocked.Increment(ref failed[(int)reason]);

    /// <summary>Segments that this node found lost.</summary>
    public long SegmentsLost => Interlocked.Read(ref segmentsLost);

    /// <summary>Nothing is stored of a segment, and nobody is left who could store it.</summary>
    public void SegmentLost() => Interlocked.Increment(ref segmentsLost);

    /// <summary>How often this node found a recording missing or damaged in storage.</summary>
    public long Unreadable => Interlocked.Read(ref unreadable);

    /// <summary>Storage does not have a recording as it was written: a segment or its key is missing, damaged, or does not open.</summary>
    public void FoundUnreadable() => Interlocked.Increment(ref unreadable);

    /// <summary>A pause or a redaction lasted longer than it should (REC-4).</summary>
    public void PauseForgotten(PauseReason reason) => Interlocked.Increment(ref pausesForgotten[(int)reason]);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    /// <summary>One figure for each reason, labelled with its word in events and answers.</summary>
    private static IEnumerable<Measurement<long>> ByReason<TReason>(long[] counts, params TReason[] reasons)
        where TReason : struct, Enum =>
        reasons.Select(reason => new Measurement<long>(
            Interlocked.Read(ref counts[Convert.ToInt32(reason, CultureInfo.InvariantCulture)]),
            new KeyValuePair<string, object?>("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))));
}
