using System.Globalization;
using System.Runtime.CompilerServices;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Live;

/// <summary>A session and its messages so far; what a live view begins with.</summary>
/// <param name="Session">The session: <see cref="SessionDetails"/> or <see cref="ConsumerView"/>.</param>
/// <param name="Messages">In order.</param>
public sealed record SessionSnapshot(object Session, IReadOnlyList<TranscriptEntry> Messages);

/// <summary>
/// One session live, over SSE: a <c>snapshot</c>, then <c>message</c> for each new message and <c>changed</c> with the
/// session as it was at that event. Ids are versions of the session's stream, so resuming needs nothing but the log. A
/// <c>Last-Event-ID</c> that is no version of this session is answered with a snapshot.
/// </summary>
public sealed class SessionLive(SessionWatch watch, TypingBus typing)
{
    /// <summary>For a supervisor (MON-7): the whole session.</summary>
    public Task<IResult> ForReaderAsync(Call call, Guid sessionId) => OpenAsync(call, sessionId, static s => s, static _ => true, endsWithSession: false);

    /// <summary>For the consumer; closes with the session.</summary>
    public Task<IResult> ForConsumerAsync(Call call, Guid sessionId) => OpenAsync(call, sessionId, ConsumerView.Of, ConsumerView.IsChangedBy, endsWithSession: true);

    private async Task<IResult> OpenAsync(Call call, Guid sessionId, Func<SessionDetails, object> view, Func<SessionEvent, bool> shows, bool endsWithSession)
    {
        var allowed = await call.SendAsync(new GetSession(sessionId));
        if (!allowed.IsOk)
            return allowed.Error.ToResult();
        var session = await watch.OpenAsync(sessionId, Seen(call), call.Http.RequestAborted);
        if (endsWithSession && session is { IsFresh: false, HasEnded: true })
            return Results.NoContent();
        var events = EventsAsync(call, sessionId, session, view, shows, endsWithSession, CancellationToken.None);
        return new EventStreamResult(
            endsWithSession ? events.WithTypingAsync(typing.ListenAsync(sessionId, CancellationToken.None), CancellationToken.None) : events,
            _ => MaySeeAsync(call, sessionId));
    }

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        Call call, Guid sessionId, SessionFollowing session, Func<SessionDetails, object> view, Func<SessionEvent, bool> shows, bool endsWithSession,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (session.IsFresh)
        {
            var snapshot = new SessionSnapshot(view(await session.TellAsync(cancellationToken)), [.. session.Messages.Select(Entry)]);
            yield return new ServerSentEvent(Id(session.Version), "snapshot", snapshot);
            if (endsWithSession && session.HasEnded)
                yield break;
        }

        await foreach (var happened in session.NextAsync(cancellationToken))
        {
            if (happened.Data is MessageSent message)
                yield return new ServerSentEvent(Id(happened.Version), "message", Entry(message));
            else if (shows((SessionEvent)happened.Data))
            {
                // Whoever gave the session away may not see how it goes on.
                if (!await MaySeeAsync(call, sessionId))
                    yield break;
                yield return new ServerSentEvent(Id(happened.Version), "changed", view(await session.TellAsync(cancellationToken)));
            }

            if (endsWithSession && session.HasEnded)
                yield break;
        }
    }

    /// <summary>Asks what <see cref="GetSession"/> asks, without reading the session.</summary>
    private static async Task<bool> MaySeeAsync(Call call, Guid sessionId) => (await call.SendAsync(new GetSessionActions(sessionId))).IsOk;

    private static long? Seen(Call call) => long.TryParse(call.LastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static TranscriptEntry Entry(MessageSent m) => new(m.MessageId, m.Number, m.From, m.AuthorId, m.Text.Value, m.SentAt);

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);
}
