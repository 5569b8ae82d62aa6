using System.Diagnostics.Metrics;

namespace ContactCenter.Application.Recordings;

/// <summary>The figures of REC-14 that a node counts, on meter <c>contactcenter.recordings</c>. The age of the oldest that waits is told by the database.</summary>
public sealed class RecordingMetrics : IDisposable
{
    private readonly Meter meter = new("contactcenter.recordings");
    private readonly Counter<long> uploaded;
    private readonly Counter<long> uploadedFirstTry;
    private readonly Counter<long> failed;
    private readonly Counter<long> pausesForgotten;
    private long purgedUnuploaded;
    private long segmentsLost;

    /// <summary>Makes the instruments.</summary>
    public RecordingMetrics()
    {
        uploaded = meter.CreateCounter<long>("contactcenter.recordings.uploaded", description: "Recordings the CRM confirmed.");
        uploadedFirstTry = meter.CreateCounter<long>(
            "contactcenter.recordings.uploaded_first_try", description: "Recordings the CRM confirmed without a failed attempt.");
        failed = meter.CreateCounter<long>("contactcenter.recordings.upload_failures", description: "Failed attempts to upload a recording.");
        // Told also while it is none, so that the first loss of a node is seen as one more.
        meter.CreateObservableCounter(
            "contactcenter.recordings.purged_unuploaded", () => Lost, description: "Recordings destroyed at their limit that the CRM never confirmed. Alert on any.");
        meter.CreateObservableCounter(
            "contactcenter.recordings.segments_lost", () => SegmentsLost, description: "Segments of recordings of which a lost engine left nothing. Alert on any.");
        pausesForgotten = meter.CreateCounter<long>(
            "contactcenter.recordings.pauses_forgotten", description: "Pauses and redactions that lasted longer than they should.");
    }

    /// <summary>The CRM confirmed a recording.</summary>
    public void Uploaded(bool firstTry)
    {
        uploaded.Add(1);
        if (firstTry)
            uploadedFirstTry.Add(1);
    }

    /// <summary>An attempt failed.</summary>
    public void UploadFailed(string reason) => failed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Recordings of this node that were destroyed at their limit without a confirmation.</summary>
    public long Lost => Interlocked.Read(ref purgedUnuploaded);

    /// <summary>A recording was destroyed at its limit without a confirmation (REC-9).</summary>
    public void PurgedUnuploaded() => Interlocked.Increment(ref purgedUnuploaded);

    /// <summary>Segments that this node found lost.</summary>
    public long SegmentsLost => Interlocked.Read(ref segmentsLost);

    /// <summary>Nothing is stored of a segment, and nobody is left who could store it.</summary>
    public void SegmentLost() => Interlocked.Increment(ref segmentsLost);

    /// <summary>A pause or a redaction lasted longer than it should (REC-4).</summary>
    public void PauseForgotten(string reason) => pausesForgotten.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
