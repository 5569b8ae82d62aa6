using System.Runtime.CompilerServices;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Application.Audit;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Integrators;

namespace ContactCenter.Api.Endpoints;

/// <summary>The log itself, for integrators and auditors.</summary>
public static class EventEndpoints
{
    private const int DefaultLimit = 100;

    /// <summary>Maps them.</summary>
    public static void MapEvents(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/events", EventsAsync).Watchable<EventPage>("GetEvents").WithTags("integrators")
            .WithSummary("Every event after a position, as a page or as a stream that can be resumed (ADM-3).")
            .WithDescription("As a stream, a Last-Event-ID that is no position counts as none, and a position that the log has not come to as the log's beginning. The data of an event that this node cannot read is null.");
        v1.MapGet("/streams/{stream}", HistoryAsync).Query<IReadOnlyList<EventView>>("GetStream").WithTags("audit")
            .WithSummary("Every fact of one stream, as it was at an instant (ADM-2).");
    }

    private static async Task<IResult> EventsAsync(Call call, ILiveFeed feed, FeedStart start, EventViews views, string? after = null, int limit = DefaultLimit)
    {
        var position = Position("after", after);
        if (call.WantsStream && LogPosition.TryParse(call.LastEventId, out var seen))
            position = seen;
        var query = new GetEvents(position, call.WantsStream ? 1 : limit);
        var answer = await call.SendAsync(query);
        if (!answer.IsOk)
            return answer.Error.ToResult();
        var (page, withText) = answer.Value;
        if (call.WantsStream)
        {
            position = await start.OfAsync(position, call.Http.RequestAborted);
            return new EventStreamResult(StreamAsync(feed, views, position, withText, CancellationToken.None), async _ => (await call.SendAsync(query)).Error);
        }

        return Results.Ok(new EventPage([.. page.Events.Select(e => views.Of(e, withText))], page.Position, page.AtEnd));
    }

    private static async IAsyncEnumerable<ServerSentEvent> StreamAsync(
        ILiveFeed feed, EventViews views, LogPosition after, bool withText, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in feed.SubscribeAsync(after, filter: null, cancellationToken))
            yield return new ServerSentEvent(happened.Position.ToString(), "event", views.Of(happened, withText));
    }

    private static async Task<IResult> HistoryAsync(Call call, string stream, EventViews views, Instant? asOf = null)
    {
        var answer = await call.SendAsync(new GetStream(stream, asOf?.Value));
        return answer.IsOk
            ? call.Tagged<IReadOnlyList<EventView>>(answer.Value.Events[^1].Version, [.. answer.Value.Events.Select(e => views.Of(e, answer.Value.WithText))])
            : answer.Error.ToResult();
    }

    private static LogPosition Position(string field, string? text) => string.IsNullOrEmpty(text) ? LogPosition.Start
        : LogPosition.TryParse(text, out var position) ? position
        : throw BadRequestException.Field(field, "Not a position of the log.");
}

/// <summary>A page of the log.</summary>
/// <param name="Items">In log order.</param>
/// <param name="Position">Read on with <c>after</c> set to this.</param>
/// <param name="AtEnd">True if nothing more was there.</param>
public sealed record EventPage(IReadOnlyList<EventView> Items, LogPosition Position, bool AtEnd);
