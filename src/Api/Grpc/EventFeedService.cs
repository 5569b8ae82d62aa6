using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Integrators;
using ContactCenter.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>Every event, for integrators (ADM-3). Shows of each event what <c>GET /v1/events</c> shows.</summary>
public sealed class EventFeedService(GrpcCall calls, ILiveFeed feed, FeedStart start, EventViews views) : EventFeed.EventFeedBase
{
    private const int MaxPrefixes = 50;

    /// <inheritdoc/>
    [Sends(typeof(GetEvents))]
    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        if (request.After < 0)
            throw new BadFieldException("after", "Must not be negative.");
        if (request.TypePrefixes.Count > MaxPrefixes || request.TypePrefixes.Any(p => p.Length is 0 or > 100))
            throw new BadFieldException("typePrefixes", $"Must be at most {MaxPrefixes} prefixes of 1 to 100 characters.");
        var after = new LogPosition(request.After);
        var withText = (await calls.AskAsync(new GetEvents(after, 1), context)).WithText;

        var admission = Admission.Of(context);
        string[] prefixes = [.. request.TypePrefixes];
        Func<StoredEvent, bool>? wanted = prefixes.Length == 0 ? null : e => Array.Exists(prefixes, p => e.Type.StartsWith(p, StringComparison.Ordinal));
        await context.WriteResponseHeadersAsync([]);
        after = await start.OfAsync(after, admission.Token);
        await foreach (var happened in feed.SubscribeAsync(after, wanted, admission.Token))
            await responseStream.WriteAsync(ToProto(views.Of(happened, withText)), admission.Token);
    }

    private static Event ToProto(EventView e) => new()
    {
        Position = e.Position.Value,
        Stream = e.Stream.Value,
        Version = e.Version,
        EventId = e.Id.ToString("D"),
        Type = e.Type,
        Data = e.Data?.ToJsonString() ?? "null",
        Actor = $"{e.Actor.Kind.ToString().ToLowerInvariant()}:{e.Actor.Id}",
        Command = e.Command,
        RecordedAt = e.RecordedAt.ToTimestamp(),
    };
}
