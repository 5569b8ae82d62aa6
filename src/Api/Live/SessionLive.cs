using System.Globalization;
using System.Runtime.CompilerServices;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Endpoints;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
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
public sealed class SessionLive(SessionWatch watch, TypingBus typing, ILiveFeed feed)
{
    /// <summary>For a supervisor (MON-7): the whole session.</summary>
    public Task<IResult> ForReaderAsync(Call call, Guid sessionId) => OpenAsync(
        call, sessionId, new View(async () => (await call.SendAsync(new GetSession(sessionId))).Error, static (s, _) => s, static m => m, static _ => true, EndsWithSession: false));

    /// <summary>
    /// A session's details and what the caller may do to it (MON-4). What changes that without changing the session comes as
    /// <c>actions</c>, without an id.
    /// </summary>
    public Task<IResult> ForDetailsAsync(Call call, Guid sessionId) => OpenAsync(
        call, sessionId, new View(async () => (await call.SendAsync(new GetSession(sessionId))).Error, static (s, actions) => new SessionPopUp(s, actions), Message: null, static e => e is not MessageSent, EndsWithSession: false));

    /// <summary>For the consumer; closes with the session.</summary>
    public Task<IResult> ForConsumerAsync(Call call, Guid sessionId) => OpenAsync(
        call, sessionId, new View(async () => (await call.SendAsync(new GetConsumerView(sessionId))).Error, static (s, _) => ConsumerView.Of(s), ConsumerView.Of, ConsumerView.IsChangedBy, EndsWithSession: true));

    /// <summary>What one kind of reader sees.</summary>
    /// <param name="WhyNot">Why they may not see the session, or null.</param>
    /// <param name="Session">The session as they see it, of it and what they may do to it.</param>
    /// <param name="Message">A message as they see it; null for who sees none.</param>
    /// <param name="Shows">True for what changes their view.</param>
    /// <param name="EndsWithSession">True if nothing is told once it is over.</param>
    private sealed record View(
        Func<Task<DomainError?>> WhyNot, Func<SessionDetails, IReadOnlyList<string>, object> Session, Func<TranscriptEntry, TranscriptEntry>? Message, Func<SessionEvent, bool> Shows, bool EndsWithSession);

    private async Task<IResult> OpenAsync(Call call, Guid sessionId, View view)
    {
        if (await view.WhyNot() is { } refusal)
            return refusal.ToResult();
        var session = await watch.OpenAsync(sessionId, Seen(call), call.Http.RequestAborted);
        if (view.EndsWithSession && session is { IsFresh: false, HasEnded: true })
            return Results.NoContent();
        var events = EventsAsync(call, sessionId, session, view, CancellationToken.None);
        if (view.EndsWithSession)
            events = events.WithAsideAsync(TypingAsync(sessionId, CancellationToken.None), CancellationToken.None);
        else if (view.Message is null)
            events = events.WithAsideAsync(ActionsAsync(call, sessionId, CancellationToken.None), CancellationToken.None);
        return new EventStreamResult(events, async _ => await ActionsOfAsync(call, sessionId) is not null);
    }

    private async IAsyncEnumerable<ServerSentEvent> TypingAsync(Guid sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in typing.ListenAsync(sessionId, cancellationToken))
            yield return new ServerSentEvent(Id: null, "typing", new object());
    }

    /// <summary>A recording is paused and resumed in its own stream.</summary>
    private async IAsyncEnumerable<ServerSentEvent> ActionsAsync(Call call, Guid sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var recording = Aggregates.Recording.Stream(RecordingId.Of(sessionId));
        await foreach (var _ in feed.SubscribeAsync(feed.Position, happened => happened.Stream == recording, cancellationToken))
        {
            if (await ActionsOfAsync(call, sessionId) is { } actions)
                yield return new ServerSentEvent(Id: null, "actions", actions);
        }
    }

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        Call call, Guid sessionId, SessionFollowing session, View view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (session.IsFresh)
        {
            if (await ActionsOfAsync(call, sessionId) is not { } actions)
                yield break;
            var told = view.Session(await session.TellAsync(cancellationToken), actions);
            var snapshot = view.Message is { } entry ? new SessionSnapshot(told, [.. session.Messages.Select(m => entry(Entry(m)))]) : told;
            yield return new ServerSentEvent(Id(session.Version), "snapshot", snapshot);
            if (view.EndsWithSession && session.HasEnded)
                yield break;
        }

        await foreach (var happened in session.NextAsync(cancellationToken))
        {
            var message = view.Message is null ? null : happened.Data as MessageSent;
            if (message is not null || view.Shows((SessionEvent)happened.Data))
            {
                // Whoever gave the session away may not see how it goes on.
                if (await ActionsOfAsync(call, sessionId) is not { } actions)
                    yield break;
                yield return message is not null
                    ? new ServerSentEvent(Id(happened.Version), "message", view.Message!(Entry(message)))
                    : new ServerSentEvent(Id(happened.Version), "changed", view.Session(await session.TellAsync(cancellationToken), actions));
            }

            if (view.EndsWithSession && session.HasEnded)
                yield break;
        }
    }

    /// <summary>Asks what the view asked at first, without reading the session: null for who may not see it any more.</summary>
    private static async Task<IReadOnlyList<string>?> ActionsOfAsync(Call call, Guid sessionId) => (await call.SendAsync(new GetSessionActions(sessionId))).Value;

    private static long? Seen(Call call) => long.TryParse(call.LastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static TranscriptEntry Entry(MessageSent m) => new(m.MessageId, m.Number, m.From, m.AuthorId, m.Text.Value, m.SentAt);

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);
}
