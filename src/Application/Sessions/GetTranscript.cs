using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>What was written in a chat so far (MON-7).</summary>
/// <param name="SessionId">The chat.</param>
public sealed record GetTranscript(Guid SessionId) : IQuery<IReadOnlyList<TranscriptEntry>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.Of(SessionId);
}

/// <summary>One message.</summary>
/// <param name="MessageId">The sender's id for it.</param>
/// <param name="Number">Its place, from 1.</param>
/// <param name="From">Which side.</param>
/// <param name="AuthorId">The consumer's or the user's id.</param>
/// <param name="Text">What was written, or null once the consumer is forgotten (ADM-4).</param>
/// <param name="SentAt">When.</param>
public sealed record TranscriptEntry(Guid MessageId, int Number, SessionParty From, Guid AuthorId, string? Text, DateTimeOffset SentAt);
