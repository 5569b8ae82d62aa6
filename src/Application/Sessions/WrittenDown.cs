using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>What add-ons wrote down of a session, read from the log each time and kept nowhere.</summary>
/// <param name="Transcript">What was said; null if nobody wrote it down.</param>
/// <param name="Summary">What it was about; null if nobody wrote it down.</param>
internal sealed record WrittenDown(string? Transcript, string? Summary)
{
    /// <summary>Reads it.</summary>
    public static async Task<WrittenDown> ReadAsync(IEventStore log, Guid sessionId, CancellationToken cancellationToken)
    {
        var written = new WrittenDown(Transcript: null, Summary: null);
        await foreach (var stored in log.ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
        {
            written = stored.Data switch
            {
                SessionTranscribed e => written with { Transcript = e.Text.Value },
                SessionSummarized e => written with { Summary = e.Text.Value },
                _ => written,
            };
        }

        return written;
    }

    /// <summary>While what of a call was recorded.</summary>
    public static async Task<IReadOnlyList<RecordedStretch>> RecordedAsync(IEventStore log, Guid sessionId, CancellationToken cancellationToken)
    {
        List<RecordingEvent> happened = [];
        await foreach (var stored in log.ReadAllAsync(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), cancellationToken))
        {
            if (stored.Data is RecordingEvent one)
                happened.Add(one);
        }

        return RecordedStretch.Of(happened);
    }

    /// <summary>Never the text.</summary>
    public override string ToString() => nameof(WrittenDown);
}
