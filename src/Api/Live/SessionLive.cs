using System.Globalization;
using System.Runtime.CompilerServices;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Endpoints;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
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
public sealed class SessionLive(
    SessionWatch watch, TypingBus typing, ActionChanges actionChanges, AggregateReader sessions, MonitorStreams monitors, MonitorAccess access, TimeProvider clock)
{
    /// <summary>
    /// For whoever may read the session (MON-7). Who reads a chat that way while it lives, and is not the agent in it,
    /// monitors it as long as the view is open: auditors see it.
    /// </summary>
    public async Task<IResult> ForReaderAsync(Call call, Guid sessionId)
    {
        if ((await call.SendAsync(new GetSession(sessionId))).Error is { } refusal)
            return refusal.ToResult();
        var isMonitoring = await IsMonitoringAsync(call, sessionId);
        // Whoever goes out of a chat does not read on as if they were in it: they open it anew, if they may monitor it.
        Func<Task<Result<IReadOnlyList<string>>>> actions = async () =>
            isMonitoring || !await IsMonitoringAsync(call, sessionId) ? await ActionsOfAsync(call, sessionId) : CallerResolver.Changed;
        var view = new View(async () => (await actions()).Value, static (s, _) => s, static m => m, static _ => true, EndsWithSession: false);
        var events = await OpenAsync(sessionId, Seen(call), view, call.Http.RequestAborted);
        if (isMonitoring)
        {
            var started = await call.SendAsync(new ViewChat(sessionId));
            var monitor = started.IsOk ? await call.SendAsync(new GetMonitor(started.Value.Id)) : Result<MonitorDetails>.Refused(started.Error);
            if (!monitor.IsOk)
                return monitor.Error.ToResult();
            events = MonitoredAsync(call, monitor.Value, begins: true, events, CancellationToken.None);
        }

        return new EventStreamResult(events, async _ => (await actions()).Error, probes: isMonitoring);
    }

    /// <summary>
    /// A session's details and what the caller may do to it (MON-4). What changes that without changing the session comes as
    /// <c>actions</c>, without an id; whoever comes back is told them at once.
    /// </summary>
    public async Task<IResult> ForDetailsAsync(Call call, Guid sessionId)
    {
        if ((await call.SendAsync(new GetSession(sessionId))).Error is { } refusal)
            return refusal.ToResult();
        var changes = await actionChanges.BeginAsync(sessionId, call.Context.Caller, call.Http.RequestAborted);
        var view = new View(
            async () => (await ActionsOfAsync(call, sessionId, changes.Begun)).Value, static (s, actions) => new SessionPopUp(s, actions), Message: null, static e => e is not MessageSent, EndsWithSession: false);
        var session = await watch.OpenAsync(sessionId, Seen(call), call.Http.RequestAborted);
        var events = EventsAsync(session, view, CancellationToken.None);
        // Whoever comes back gets no snapshot, and may have missed any of them.
        var actions = ActionsAsync(call, sessionId, changes, isBack: !session.IsFresh, CancellationToken.None);
        return new EventStreamResult(events.WithAsideAsync(actions, afterFirst: session.IsFresh, CancellationToken.None), _ => WhyNotAsync(call, sessionId));
    }

    /// <summary>For who monitors a chat; ends with the monitoring.</summary>
    public async Task<IResult> ForMonitorAsync(Call call, Guid monitorId)
    {
        var answer = await call.SendAsync(new FollowMonitor(monitorId));
        if ((answer.Error ?? MonitorDecider.WhyNotViewed(answer.Value!.Kind, isOver: answer.Value.StoppedAt is not null)) is { } refusal)
            return refusal.ToResult();
        var events = await OfMonitorAsync(answer.Value!, Seen(call), () => access.AskAsync(call.Http, monitorId, call.Http.RequestAborted), call.Http.RequestAborted);
        return new EventStreamResult(MonitoredAsync(call, answer.Value!, begins: false, events, CancellationToken.None), _ => Task.FromResult<DomainError?>(null), probes: true);
    }

    /// <summary>A chat as who monitors it sees it: from its beginning, or from the beginning of the monitoring.</summary>
    /// <param name="monitor">The monitoring.</param>
    /// <param name="seen">The last version seen, or null.</param>
    /// <param name="mayGoOn">Asks whether it may go on.</param>
    /// <param name="cancellationToken">Gives up opening it.</param>
    internal Task<IAsyncEnumerable<ServerSentEvent>> OfMonitorAsync(
        MonitorDetails monitor, long? seen, Func<Task<Result<MonitorDetails>>> mayGoOn, CancellationToken cancellationToken) => OpenAsync(
            monitor.SessionId, seen,
            new View(async () => (await mayGoOn()).IsOk ? [] : null, static (s, _) => s, static m => m, static _ => true, EndsWithSession: false)
            {
                From = monitor.ReadsAll ? null : monitor.StartedAt,
            },
            cancellationToken);

    /// <summary>For the consumer; closes with the session.</summary>
    public async Task<IResult> ForConsumerAsync(Call call, Guid sessionId)
    {
        if ((await call.SendAsync(new GetConsumerView(sessionId))).Error is { } refusal)
            return refusal.ToResult();
        var view = new View(
            async () => (await ActionsOfAsync(call, sessionId)).Value, static (s, _) => ConsumerView.Of(s), ConsumerView.Of, ConsumerView.IsChangedBy, EndsWithSession: true);
        var session = await watch.OpenAsync(sessionId, Seen(call), call.Http.RequestAborted);
        if (session is { IsFresh: false, HasEnded: true })
            return Results.NoContent();
        var events = EventsAsync(session, view, CancellationToken.None);
        return new EventStreamResult(
            events.WithAsideAsync(TypingAsync(sessionId, CancellationToken.None), afterFirst: false, CancellationToken.None), _ => WhyNotAsync(call, sessionId));
    }

    /// <summary>What one kind of reader sees.</summary>
    /// <param name="Actions">What they may do to the session now; null once they may not see it any more.</param>
    /// <param name="Session">The session as they see it, of it and what they may do to it.</param>
    /// <param name="Message">A message as they see it; null for who sees none.</param>
    /// <param name="Shows">True for what changes their view.</param>
    /// <param name="EndsWithSession">True if nothing is told once it is over.</param>
    private sealed record View(
        Func<Task<IReadOnlyList<string>?>> Actions,
        Func<SessionDetails, IReadOnlyList<string>, object> Session,
        Func<TranscriptEntry, TranscriptEntry>? Message,
        Func<SessionEvent, bool> Shows,
        bool EndsWithSession)
    {
        /// <summary>Only messages from then on, or null for all.</summary>
        public DateTimeOffset? From { get; init; }
    }

    private async Task<IAsyncEnumerable<ServerSentEvent>> OpenAsync(Guid sessionId, long? seen, View view, CancellationToken cancellationToken) =>
        EventsAsync(await watch.OpenAsync(sessionId, seen, cancellationToken), view, CancellationToken.None);

    private async Task<bool> IsMonitoringAsync(Call call, Guid sessionId)
    {
        var session = (await sessions.LoadFreshAsync(Aggregates.Session, sessionId, call.Http.RequestAborted)).State;
        var isInIt = call.Context.Caller.UserId is { } user && session.IsWith(user);
        return session is { Kind: SessionKind.Chat, IsLive: true } && !isInIt;
    }

    /// <summary>The same events as long as the monitoring goes on; one that began with the view ends with it, and the view outlives the session.</summary>
    private async IAsyncEnumerable<ServerSentEvent> MonitoredAsync(
        Call call, MonitorDetails monitor, bool begins, IAsyncEnumerable<ServerSentEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await monitors.OpenAsync(monitor, begins, ct => access.AskAsync(call.Http, monitor.MonitorId, ct), cancellationToken);
        await using var client = call.Http.WatchClient(stream, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Who looks at the session is told of its end by the session itself; whatever else ends the monitoring ends the look.
        await using var ended = stream.Ended.Register(() =>
        {
            if (!begins || stream.Reason != MonitorEnds.SessionEnded)
                end.Cancel();
        });
        await using var next = events.GetAsyncEnumerator(end.Token);
        while (await MovesAsync(next, stream))
            yield return next.Current;
        // The view may be the first to find the right lost.
        if (stream.Reason is null)
            await monitors.RecheckAsync(stream, cancellationToken);
        if (stream.Reason is not { } reason || (begins && reason == MonitorEnds.SessionEnded))
            yield break;
        var refusal = reason == MonitorEnds.RightLost ? await access.WhyNotAsync(call.Http, monitor.MonitorId) : null;
        yield return new ServerSentEvent(Id: null, "ended", new StreamEnded(reason, refusal?.Code));
    }

    private static async Task<bool> MovesAsync(IAsyncEnumerator<ServerSentEvent> next, MonitorStream stream)
    {
        try
        {
            return await next.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<ServerSentEvent> TypingAsync(Guid sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in typing.ListenAsync(sessionId, cancellationToken))
            yield return new ServerSentEvent(Id: null, "typing", new object());
    }

    private static async IAsyncEnumerable<ServerSentEvent> ActionsAsync(
        Call call, Guid sessionId, ActionFollowing changes, bool isBack, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (isBack && await NowAsync() is { } missed)
            yield return missed;
        await foreach (var _ in changes.NextAsync(cancellationToken))
        {
            if (await NowAsync() is { } told)
                yield return told;
        }

        async Task<ServerSentEvent?> NowAsync() =>
            (await ActionsOfAsync(call, sessionId, changes.Begun)).Value is { } actions ? new ServerSentEvent(Id: null, "actions", actions) : null;
    }

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        SessionFollowing session, View view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (session.IsFresh)
        {
            if (await view.Actions() is not { } actions)
                yield break;
            yield return new ServerSentEvent(Id(session.Version), "snapshot", Snapshot(session, view, view.Session(await session.TellAsync(cancellationToken), actions)));
            if (view.EndsWithSession && session.HasEnded)
                yield break;
        }

        await foreach (var happened in session.NextAsync(cancellationToken))
        {
            var message = view.Message is null ? null : happened.Data as MessageSent;
            // Who resumes reads no more than who comes anew.
            if (message is not null && message.SentAt < view.From)
                continue;
            if (message is not null || view.Shows((SessionEvent)happened.Data))
            {
                // Whoever gave the session away may not see how it goes on.
                if (await view.Actions() is not { } actions)
                    yield break;
                yield return message is not null
                    ? new ServerSentEvent(Id(happened.Version), "message", view.Message!(TranscriptEntry.Of(message)))
                    : new ServerSentEvent(Id(happened.Version), "changed", view.Session(await session.TellAsync(cancellationToken), actions));
            }

            if (view.EndsWithSession && session.HasEnded)
                yield break;
        }
    }

    private static object Snapshot(SessionFollowing session, View view, object told) => view.Message is { } entry
        ? new SessionSnapshot(told, [.. session.Messages.Where(m => !(m.SentAt < view.From)).Select(m => entry(TranscriptEntry.Of(m)))])
        : told;

    /// <summary>Asks what the view asked at first, without reading the session: refused to who may not see it any more.</summary>
    private static Task<Result<IReadOnlyList<string>>> ActionsOfAsync(Call call, Guid sessionId, IReadOnlyCollection<Guid>? begun = null) =>
        call.SendAsync(new GetSessionActions(sessionId, begun ?? []));

    private static async Task<DomainError?> WhyNotAsync(Call call, Guid sessionId) => (await ActionsOfAsync(call, sessionId)).Error;

    private static long? Seen(Call call) => long.TryParse(call.LastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);
}
