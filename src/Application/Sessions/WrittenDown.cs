using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>What add-ons wrote down of a session, read from the log each time and kept nowhere.</summary>
/// <param name="Transcripts">What was said, as it was written down; the last one counts.</param>
/// <param name="Summaries">What it was about; the last one counts.</param>
internal sealed record WrittenDown(IReadOnlyList<WrittenText> Transcripts, IReadOnlyList<WrittenText> Summaries)
{
    /// <summary>What was said; null if nobody wrote it down.</summary>
    public string? Transcript => Transcripts.Count == 0 ? null : Transcripts[^1].Text;

    /// <summary>What it was about; null if nobody wrote it down.</summary>
    public string? Summary => Summaries.Count == 0 ? null : Summaries[^1].Text;

    /// <summary>Reads it.</summary>
    public static async Task<WrittenDown> ReadAsync(IEventStore log, Guid sessionId, CancellationToken cancellationToken)
    {
        List<WrittenText> transcripts = [], summaries = [];
        await foreach (var stored in log.ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
        {
            if (stored.Data is SessionTranscribed said)
                transcripts.Add(new WrittenText(stored.Id, said.Text.Value, said.TranscribedAt));
            else if (stored.Data is SessionSummarized about)
                summaries.Add(new WrittenText(stored.Id, about.Text.Value, about.SummarizedAt));
        }

        return new WrittenDown(transcripts, summaries);
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

/// <summary>One text of an add-on.</summary>
/// <param name="Id">Of the fact that it was written.</param>
/// <param name="Text">What was written, or null once the consumer is forgotten (ADM-4).</param>
/// <param name="At">When.</param>
internal sealed record WrittenText(Guid Id, string? Text, DateTimeOffset At)
{
    /// <summary>Never the text.</summary>
    public override string ToString() => nameof(WrittenText);
}
