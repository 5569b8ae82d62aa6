using ContactCenter.Api.Conventions;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Api.Endpoints;

/// <summary>Recordings: where they stand. Never their audio.</summary>
public static class RecordingEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRecordings(this IEndpointRouteBuilder v1)
    {
        var recordings = v1.MapGroup("/recordings").WithTags("recordings");
        recordings.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetRecording(id), r => r.Version)).Query<RecordingDetails>("GetRecording")
            .WithSummary("Where one recording stands, and how long it is beside the call.");
    }
}
