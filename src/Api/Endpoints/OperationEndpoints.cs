using ContactCenter.Api.Conventions;
using ContactCenter.Application.Operations;

namespace ContactCenter.Api.Endpoints;

/// <summary>Read models and jobs, for whoever runs the service.</summary>
public static class OperationEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapOperations(this IEndpointRouteBuilder v1)
    {
        var operations = v1.MapGroup("/operations").WithTags("operations");
        operations.MapGet("/jobs", (Call call) => call.AskAsync(new ListJobs())).Query<IReadOnlyList<JobStatus>>("ListJobs")
            .WithSummary("The background jobs, across all nodes.");
        operations.MapGet("/projections", (Call call) => call.AskAsync(new ListProjections())).Query<IReadOnlyList<ProjectionStatus>>("ListProjections")
            .WithSummary("How far behind the log each read model is, and whether one is paused.");
        operations.MapPost("/projections/{name}/rebuild", (Call call, string name) => call.AnswerAsync(new RebuildProjection(name)))
            .Command<IReadOnlyList<ProjectionStatus>>("RebuildProjection", StatusCodes.Status200OK)
            .WithSummary("Builds a read model anew beside the live one, then switches.");
        operations.MapPost("/projections/{name}/retry", (Call call, string name) => call.AnswerAsync(new RetryProjection(name)))
            .Command<IReadOnlyList<ProjectionStatus>>("RetryProjection", StatusCodes.Status200OK)
            .WithSummary("Tries the event at which a read model paused again.");
        operations.MapPost("/projections/{name}/skip", (Call call, string name, SkipBody body) => call.AnswerAsync(new SkipProjectionEvent(name, body.EventId)))
            .Command<IReadOnlyList<ProjectionStatus>>("SkipProjectionEvent", StatusCodes.Status200OK)
            .WithSummary("Leaves out the event at which a read model paused.");
        operations.MapPost("/recording-keys/rewrap", (Call call) => call.AnswerAsync(new RewrapRecordingKeys()))
            .Command<RewrappedKeys>("RewrapRecordingKeys", StatusCodes.Status200OK)
            .WithSummary("Brings the keys of all recordings under the current master key; the audio is not touched. One that cannot be holds up no other: then done is false.");
    }
}

/// <summary>The event to leave out.</summary>
/// <param name="EventId">The one looked at, so that no other is left out.</param>
public sealed record SkipBody(Guid EventId);
