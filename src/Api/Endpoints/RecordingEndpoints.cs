using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Recordings: where they stand, and the one way to the audio of those that wait for the CRM (REC-10).</summary>
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
        recordings.MapDelete("/{id}", (Call call, Guid id) => call.DoAsync(new DeleteRecording(id))).Command("DeleteRecording")
            .WithSummary("Destroys a recording that is kept here, for good (REC-11). From the answer on nobody hears it.");
        Audio(recordings.MapGet("/{id}/content", (Call call, Guid id) => PlayAsync(call, id)), "PlayRecording");
        Audio(v1.MapGet("/sessions/{id}/recording/content", (Call call, Guid id) => PlayAsync(call, RecordingId.Of(id))), "PlaySessionRecording").WithTags("recordings");
        recordings.MapPost("/{id}/access-requests", (Call call, Guid id) => call.CreateAsync(new RequestRecordingAccess(id), "/v1/access-requests")).Creation("RequestRecordingAccess")
            .WithSummary("The CRM asks to hear a recording that waits for it; the request is signed (ADR 0058). A code must follow within five minutes.");
        var requests = v1.MapGroup("/access-requests/{id}").WithTags("recordings");
        requests.MapPost("/verify", VerifyAsync).Command<RecordingGrantAnswer>("VerifyRecordingAccess", StatusCodes.Status200OK)
            .WithSummary("The one-time code of the key's authenticator. A right one is answered with the one address of the audio, good once and for 60 seconds; the fifth wrong one locks the key.");
        requests.MapGet("/content", ContentAsync).WithName("OpenGrantedRecording").AllowAnonymous().RequireRateLimiting(RateLimits.OneTime)
            .Produces<byte[]>(StatusCodes.Status200OK, "audio/wav").Produces<Problem>(StatusCodes.Status409Conflict, Problem.ContentType)
            .WithSummary("The audio, decrypted as it is sent, once.");
    }

    private static RouteHandlerBuilder Audio(RouteHandlerBuilder route, string name) => route.WithName(name)
        .Sends(new PlayRecording(Guid.Empty, AudioRange.All))
        .Produces<byte[]>(StatusCodes.Status200OK, "audio/wav").Produces<byte[]>(StatusCodes.Status206PartialContent, "audio/wav")
        .Produces<Problem>(StatusCodes.Status409Conflict, Problem.ContentType)
        .WithSummary("The audio of a recording that is kept here, decrypted as it is sent; takes Range. For whoever may see the ticket, and the consumer of a public one. "
            + "409 recording.not_kept while it is not whole, and for one that goes to the CRM.");

    private static async Task<IResult> PlayAsync(Call call, Guid recordingId)
    {
        var answer = await call.SendAsync(new PlayRecording(recordingId, AudioAnswer.Asked(call.Http.Request)));
        return answer.IsOk ? AudioAnswer.Of(call.Http, answer.Value) : answer.Error.ToResult();
    }

    private static async Task<IResult> VerifyAsync(Call call, Guid id, CodeBody body)
    {
        var answer = await call.SendAsync(new VerifyRecordingAccess(id, body.Code));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        call.Http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new RecordingGrantAnswer($"/v1/access-requests/{id:D}/content?grant={answer.Value.Secret}", answer.Value.UseBy));
    }

    private static async Task<IResult> ContentAsync(Call call, Guid id, string grant, TimeProvider clock)
    {
        var answer = await call.SendAsync(new OpenGrantedRecording(id, grant));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        var (name, content, until) = answer.Value;
        call.Http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(
            async to =>
            {
                await using var from = content;
                var left = until - clock.GetUtcNow();
                using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, call.Http.RequestAborted);
                await from.CopyToAsync(to, either.Token);
            },
            "audio/wav",
            name);
    }
}

/// <summary>A one-time code.</summary>
/// <param name="Code">Six digits.</param>
public sealed record CodeBody(string Code)
{
    /// <summary>Never the code, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(CodeBody);
}

/// <summary>Where the audio is, once.</summary>
/// <param name="Url">Its path here; needs no header.</param>
/// <param name="UseBy">Good until then.</param>
public sealed record RecordingGrantAnswer(string Url, DateTimeOffset UseBy)
{
    /// <summary>Never the address, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(RecordingGrantAnswer);
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
