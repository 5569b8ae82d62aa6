using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.AfterHours;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>When queues are open, what happens when they are not, and what would happen to a contact.</summary>
public static class AfterHoursEndpoints
{
    /// <summary>Maps the question what would happen.</summary>
    public static void MapDeflection(this IEndpointRouteBuilder v1) => v1
        .MapPost("/deflection/decide", (Call call, DecideBody body) => call.AskAsync(new DecideDeflection(body.Kind, body.Channel, body.QueueId, body.Language, body.At)))
        .Query<DecisionView>("DecideDeflection").WithTags("deflection")
        .WithSummary("What would happen to this contact at this instant, and why. Nothing happens.");

    internal static void MapAfterHours(this RouteGroupBuilder queues)
    {
        MapHours(queues);
        queues.MapGet("/{id}/deflection", (Call call, Guid id, Instant? asOf) => PartAsync(call, id, asOf, q => new QueueDeflectionView(q.QueueId, q.Version, q.Deflection)))
            .Query<QueueDeflectionView>("GetQueueDeflection").Sends(new GetQueue(Guid.Empty)).WithSummary("The queue's own deflection outside the hours, now or as of an instant, or null for the center's (AHD-6).");
        queues.MapPut("/{id}/deflection", (Call call, Guid id, QueueDeflection body) => call.DoAsync(new ConfigureQueueDeflection(id, body)))
            .Command("ConfigureQueueDeflection").NeedsVersion().WithSummary("The queue deflects so, whatever the center does. Exactly the part of its channel is given; web has none.");
        queues.MapDelete("/{id}/deflection", (Call call, Guid id) => call.DoAsync(new ConfigureQueueDeflection(id, Deflection: null)))
            .Command("ClearQueueDeflection").Sends(new ConfigureQueueDeflection(Guid.Empty, Deflection: null)).NeedsVersion().WithSummary("The queue deflects as the center does.");
        queues.MapGet("/{id}/virtual-agent", (Call call, Guid id, Instant? asOf) => PartAsync(call, id, asOf, q => new QueueVirtualAgentView(q.QueueId, q.Version, q.VirtualAgent)))
            .Query<QueueVirtualAgentView>("GetVirtualAgent").Sends(new GetQueue(Guid.Empty)).WithSummary("Who answers in the queue first, now or as of an instant, or null.");
        queues.MapPut("/{id}/virtual-agent", (Call call, Guid id, VirtualAgentAssignment body) => call.DoAsync(new AssignVirtualAgent(id, body)))
            .Command("AssignVirtualAgent").NeedsVersion().WithSummary("A virtual agent answers in the queue first.");
        queues.MapDelete("/{id}/virtual-agent", (Call call, Guid id) => call.DoAsync(new AssignVirtualAgent(id, VirtualAgent: null)))
            .Command("RemoveVirtualAgent").Sends(new AssignVirtualAgent(Guid.Empty, VirtualAgent: null)).NeedsVersion().WithSummary("No virtual agent answers in the queue.");
        queues.MapGet("/{id}/scheduled-calls", (Call call, Guid id, Instant? asOf) => PartAsync(call, id, asOf, q => new QueueScheduledCallsView(q.QueueId, q.Version, q.ScheduledCalls)))
            .Query<QueueScheduledCallsView>("GetScheduledCallRules").Sends(new GetQueue(Guid.Empty)).WithSummary("The queue's rules for scheduled calls, now or as of an instant (AHD-11).");
        queues.MapPut("/{id}/scheduled-calls", (Call call, Guid id, ScheduledCallRules body) => call.DoAsync(new ConfigureScheduledCalls(id, body)))
            .Command("ConfigureScheduledCalls").NeedsVersion().WithSummary("Other rules for scheduled calls apply; calls booked already stay booked.");
    }

    private static void MapHours(RouteGroupBuilder queues)
    {
        queues.MapGet("/{id}/hours", (Call call, Guid id, Instant? asOf) => PartAsync(call, id, asOf, q => new QueueHoursView(q.QueueId, q.Version, q.Hours)))
            .Query<QueueHoursView>("GetQueueHours").Sends(new GetQueue(Guid.Empty)).WithSummary("The queue's own hours, now or as of an instant, or null for the channel's, the language's or the center's (AHD-1).");
        queues.MapPut("/{id}/hours", (Call call, Guid id, HoursSchedule body) => HoursReceipt.DoAsync(call, new SetQueueHours(id, body), id))
            .Command<HoursReceipt>("SetQueueHours", StatusCodes.Status200OK).NeedsVersion().WithSummary("The queue has these hours of its own. Booked calls stand; the answer counts those outside.");
        queues.MapDelete("/{id}/hours", (Call call, Guid id) => HoursReceipt.DoAsync(call, new SetQueueHours(id, Hours: null), id))
            .Command<HoursReceipt>("ClearQueueHours", StatusCodes.Status200OK).Sends(new SetQueueHours(Guid.Empty, Hours: null)).NeedsVersion().WithSummary("The queue has no hours of its own.");
        queues.MapGet("/{id}/hours/preview", (Call call, Guid id, [AsParameters] PreviewQuery query) =>
                call.AskAsync(new PreviewHours(query.From?.Value, query.To?.Value, query.Channel?.Value, query.Language, id)))
            .Query<HoursPreview>("PreviewQueueHours").Sends(new PreviewHours(From: null, To: null, Channel: null, Language: null, Guid.Empty)).WithSummary("When the queue is open, by whatever hours apply to it.");
    }

    private static async Task<IResult> PartAsync<T>(Call call, Guid queueId, Instant? asOf, Func<QueueDetails, T> part)
    {
        var answer = await call.SendAsync(new GetQueue(queueId, asOf?.Value));
        return answer.IsOk ? call.Tagged(answer.Value.Version, part(answer.Value)) : answer.Error.ToResult();
    }
}

/// <summary>A contact to decide about.</summary>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="At">When, or null for now.</param>
public sealed record DecideBody(SessionKind Kind, Channel Channel, Guid QueueId, string? Language = null, DateTimeOffset? At = null);

/// <summary>From when to when, and for whom.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive; at most 400 days later.</param>
/// <param name="Language">BCP 47, an enabled one, or null for the center's default.</param>
/// <param name="Channel">The queue's own, or null.</param>
public sealed record PreviewQuery(
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null,
    [property: FromQuery(Name = "language")] string? Language = null,
    [property: FromQuery(Name = "channel")] Word<Channel>? Channel = null);

/// <summary>A queue's own hours.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Its version: the <c>ETag</c>.</param>
/// <param name="Hours">The hours, or null.</param>
public sealed record QueueHoursView(Guid QueueId, long Version, HoursSchedule? Hours);

/// <summary>A queue's own deflection.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Its version: the <c>ETag</c>.</param>
/// <param name="Deflection">The deflection, or null.</param>
public sealed record QueueDeflectionView(Guid QueueId, long Version, QueueDeflection? Deflection);

/// <summary>A queue's virtual agent.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Its version: the <c>ETag</c>.</param>
/// <param name="VirtualAgent">The virtual agent, or null.</param>
public sealed record QueueVirtualAgentView(Guid QueueId, long Version, VirtualAgentAssignment? VirtualAgent);

/// <summary>A queue's rules for scheduled calls.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Its version: the <c>ETag</c>.</param>
/// <param name="Rules">The rules.</param>
public sealed record QueueScheduledCallsView(Guid QueueId, long Version, ScheduledCallRules Rules);
