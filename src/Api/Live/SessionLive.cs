using System.Globalization;
using System.Runtime.CompilerServices;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Live;

/// <summary>A session and its messages so far; what a live view begins with.</summary>
/// <param name="Session">The session: <see cref="SessionDetails"/> or <see cref="ConsumerView"/>.</param>
/// <param name="Messages">In order.</param>
public sealed record SessionSnapshot(object Session, IReadOnlyList<TranscriptEntry> Messages);

/// <summary>
/// One session live, over SSE: a <c>snapshot</c>, then <c>message</c> for each new message and <c>changed</c> with the
/// session as it is then. Ids are versions of the session's stream, so resuming needs nothing but the log.
/// </summary>
public sealed class SessionLive(SessionWatch watch, TypingBus typing)
{
    /// <summary>For a supervisor (MON-7): the whole session.</summary>
    public Task<IResult> ForReaderAsync(Call call, Guid sessionId) => OpenAsync(
        call, sessionId, new View(async () => (await call.SendAsync(new GetSession(sessionId))).Map<object>(s => s), static m => m, static _ => true), endsWithSession: false);

    /// <summary>For the consumer; closes with the session.</summary>
    public Task<IResult> ForConsumerAsync(Call call, Guid sessionId) => OpenAsync(
        call, sessionId, new View(async () => (await call.SendAsync(new GetConsumerView(sessionId))).Map<object>(s => s.View), ConsumerView.Of, ConsumerView.IsChangedBy), endsWithSession: true);

    /// <summary>What one kind of reader sees.</summary>
    /// <param name="Look">The session as it is now, or why they may not see it.</param>
    /// <param name="Message">A message as they see it.</param>
    /// <param name="Shows">True for what changes their view.</param>
    private sealed record View(Func<Task<Result<object>>> Look, Func<TranscriptEntry, TranscriptEntry> Message, Func<SessionEvent, bool> Shows);

    private async Task<IResult> OpenAsync(Call call, Guid sessionId, View view, bool endsWithSession)
    {
        var allowed = await view.Look();
        if (!allowed.IsOk)
            return allowed.Error.ToResult();
        var seen = Seen(call);
        if (endsWithSession && seen is not null && allowed.Value is ConsumerView { Status: SessionStatus.Ended } && !await IsEndAheadAsync(sessionId, seen.Value, call))
            return Results.NoContent();
        var events = EventsAsync(sessionId, seen, view, endsWithSession, CancellationToken.None);
        return new EventStreamResult(
            endsWithSession ? events.WithTypingAsync(typing.ListenAsync(sessionId, CancellationToken.None), CancellationToken.None) : events,
            async _ => (await view.Look()).IsOk);
    }

    private async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        Guid sessionId, long? seen, View view, bool endsWithSession, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watching = await watch.OpenAsync(sessionId, seen ?? 0, cancellationToken);
        if (seen is null)
        {
            List<TranscriptEntry> messages = [.. watching.SoFar.Select(e => e.Data).OfType<MessageSent>().Select(m => view.Message(Entry(m)))];
            if (await SessionAsync() is not { } session)
                yield break;
            yield return new ServerSentEvent(Id(watching.SoFar[^1].Version), "snapshot", new SessionSnapshot(session, messages));
            if (endsWithSession && watching.SoFar.Any(IsEnd))
                yield break;
        }

        await foreach (var happened in All(seen is null ? [] : watching.SoFar, watching.FromNow).WithCancellation(cancellationToken))
        {
            if (happened.Data is MessageSent message)
                yield return new ServerSentEvent(Id(happened.Version), "message", view.Message(Entry(message)));
            else if (view.Shows((SessionEvent)happened.Data))
            {
                if (await SessionAsync() is not { } session)
                    yield break;
                yield return new ServerSentEvent(Id(happened.Version), "changed", session);
            }

            if (endsWithSession && IsEnd(happened))
                yield break;
        }

        // Null once the caller may no longer see it.
        async Task<object?> SessionAsync() => await view.Look() is { IsOk: true } answer ? answer.Value : null;
    }

    private async Task<bool> IsEndAheadAsync(Guid sessionId, long seen, Call call) =>
        (await watch.OpenAsync(sessionId, seen, call.Http.RequestAborted)).SoFar.Any(IsEnd);

    private static async IAsyncEnumerable<StoredEvent> All(IEnumerable<StoredEvent> first, IAsyncEnumerable<StoredEvent> then)
    {
        foreach (var happened in first)
            yield return happened;
        await foreach (var happened in then)
            yield return happened;
    }

    private static long? Seen(Call call) => call.LastEventId switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => version,
        _ => throw BadRequestException.Field("Last-Event-ID", "Not an id of this stream."),
    };

    private static TranscriptEntry Entry(MessageSent m) => new(m.MessageId, m.Number, m.From, m.AuthorId, m.Text.Value, m.SentAt);

    private static bool IsEnd(StoredEvent happened) => happened.Data is SessionEnded;

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);
}
