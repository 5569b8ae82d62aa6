using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>What was written in a chat so far (MON-7).</summary>
/// <param name="SessionId">The chat.</param>
public sealed record GetTranscript(Guid SessionId) : IQuery<IReadOnlyList<TranscriptEntry>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>One message.</summary>
/// <param name="MessageId">The sender's id for it.</param>
/// <param name="Number">Its place, from 1.</param>
/// <param name="From">Which side.</param>
/// <param name="AuthorId">The consumer's or the user's id; null for everybody else where the consumer reads.</param>
/// <param name="Text">What was written, or null once the consumer is forgotten (ADM-4).</param>
/// <param name="SentAt">When.</param>
public sealed record TranscriptEntry(Guid MessageId, int Number, SessionParty From, Guid? AuthorId, string? Text, DateTimeOffset SentAt)
{
    /// <summary>Of the event.</summary>
    public static TranscriptEntry Of(MessageSent m) => new(m.MessageId, m.Number, m.From, m.AuthorId, m.Text.Value, m.SentAt);
}

/// <summary>Handles <see cref="GetTranscript"/>.</summary>
public sealed class GetTranscriptHandler(IEventStore store, CurrentCall call) : IRequestHandler<GetTranscript, Result<IReadOnlyList<TranscriptEntry>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<TranscriptEntry>>> Handle(GetTranscript request, CancellationToken cancellationToken)
    {
        var stream = Aggregates.Session.Stream(request.SessionId);
        List<TranscriptEntry> entries = [];
        var exists = false;
        await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
        {
            exists = true;
            if (stored.Data is MessageSent sent)
                entries.Add(TranscriptEntry.Of(sent));
        }

        if (call.Context.Caller.SessionId is not null)
            entries = entries.ConvertAll(ConsumerView.Of);
        return exists ? entries : new NotFoundError("session.not_found", "There is no such session.");
    }
}
