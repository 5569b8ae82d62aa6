using ContactCenter.Api.Conventions;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Recordings: where they stand. Never their audio.</summary>
public static class RecordingEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRecordings(this IEndpointRouteBuilder v1)
    {
        var recordings = v1.MapGroup("/recordings").WithTags("recordings");
        recordings.MapGet("/", (Call call, [AsParameters] RecordingQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListRecordings(filter.Status?.Value, filter.SessionId, filter.QueueId, filter.From?.Value, filter.To?.Value, page.Request))).Query<Page<RecordingCard>>("ListRecordings")
            .WithSummary("Recordings of calls within reach.");
        recordings.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetRecording(id), r => r.Version)).Query<RecordingDetails>("GetRecording")
            .WithSummary("Where one recording stands, and how long it is beside the call.");
    }
}

/// <summary>Which recordings.</summary>
/// <param name="Status">In this status.</param>
/// <param name="SessionId">Of this call.</param>
/// <param name="QueueId">Of calls of this queue.</param>
/// <param name="From">Begun at or after.</param>
/// <param name="To">Begun before.</param>
public sealed record RecordingQuery(
    [property: FromQuery(Name = "status")] Word<RecordingStatus>? Status = null,
    [property: FromQuery(Name = "sessionId")] Guid? SessionId = null,
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null,
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null);
