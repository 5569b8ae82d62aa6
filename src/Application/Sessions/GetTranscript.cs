using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>What was written in a chat so far (MON-7); of a call what an add-on wrote down last (REC-13).</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetTranscript(Guid SessionId) : IQuery<IReadOnlyList<TranscriptEntry>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>One message; or all of a call, a line each, from <c>system</c>.</summary>
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

    /// <summary>Of an add-on's text.</summary>
    internal static TranscriptEntry Of(WrittenText written) => new(written.Id, Number: 1, SessionParty.System, AuthorId: null, written.Text, written.At);
}

/// <summary>Handles <see cref="GetTranscript"/>.</summary>
public sealed class GetTranscriptHandler(IEventStore store, CurrentCall call) : IRequestHandler<GetTranscript, Result<IReadOnlyList<TranscriptEntry>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<TranscriptEntry>>> Handle(GetTranscript request, CancellationToken cancellationToken)
    {
        var stream = Aggregates.Session.Stream(request.SessionId);
        List<TranscriptEntry> entries = [];
        WrittenText? spoken = null;
        var exists = false;
        await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
        {
            exists = true;
            if (stored.Data is MessageSent sent)
                entries.Add(TranscriptEntry.Of(sent));
            else if (stored.Data is SessionTranscribed said)
                spoken = new WrittenText(stored.Id, said.Text.Value, said.TranscribedAt);
        }

        if (call.Context.Caller.SessionId is not null)
            entries = entries.ConvertAll(ConsumerView.Of);
        else if (spoken is not null)
            entries.Add(TranscriptEntry.Of(spoken));
        return exists ? entries : new NotFoundError("session.not_found", "There is no such session.");
    }
}
