using System.Text.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Calls that consumers book: free slots, booking, moving, cancelling (AHD-11).</summary>
public static class ScheduledCallEndpoints
{
    /// <summary>
    /// From the booking's making: a slot may lie 60 days ahead. The token is good for this booking and the session it becomes, and
    /// nothing else; who moves a booking later than that asks the staff or the SDK from then on.
    /// </summary>
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(61);

    /// <summary>Maps them.</summary>
    public static void MapScheduledCalls(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/queues/{id}/slots", (Call call, Guid id, [AsParameters] SlotQuery query) => call.AskAsync(new GetSlots(id, query.From?.Value, query.To?.Value, query.Language)))
            .Query<FreeSlots>("GetSlots").WithTags("scheduled calls").WithSummary("The queue's slots that have a free place now.");
        var calls = v1.MapGroup("/scheduled-calls").WithTags("scheduled calls");
        calls.MapPost("/", BookAsync).Command<ScheduledCallMade>("BookScheduledCall", StatusCodes.Status201Created)
            .WithSummary("A consumer books a call in a slot; answers with a token for that consumer, good for the booking and the session it becomes.");
        calls.MapGet("/", (Call call, [AsParameters] ScheduledCallQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListScheduledCalls(filter.QueueId, filter.Status?.Value, filter.From?.Value, filter.To?.Value, page.Request))).Query<Page<ScheduledCallCard>>("ListScheduledCalls")
            .WithSummary("Booked calls of queues within reach; of numbers only the end.");
        calls.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetScheduledCall(id), c => c.Version)).Query<ScheduledCallDetails>("GetScheduledCall")
            .WithSummary("One booked call. Staff see the whole number, others its end.");
        calls.MapPost("/{id}/move", (Call call, Guid id, MoveScheduledCallBody body) => call.DoAsync(new MoveScheduledCall(id, body.StartsAt)))
            .Command("MoveScheduledCall").NeedsVersion().WithSummary("The booking leaves its slot for another.");
        calls.MapDelete("/{id}", (Call call, Guid id) => call.DoAsync(new CancelScheduledCall(id)))
            .Command("CancelScheduledCall").NeedsVersion().WithSummary("The booking is given up; its place is free for others.");
    }

    private static async Task<IResult> BookAsync(Call call, BookScheduledCallBody body, AccessTokens tokens, AggregateReader bookings)
    {
        var (data, flags) = CustomData.Read(body.Data);
        var consumer = new ConsumerRef(body.Consumer.Kind, body.Consumer.Identity, body.Consumer.Name);
        var answer = await call.SendAsync(new BookScheduledCall(
            body.ScheduledCallId, body.QueueId, body.StartsAt, body.PhoneNumber, body.Language, consumer, body.Consent, data, flags, body.Voice));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        var receipt = answer.Value;
        var sessionId = ScheduledCallIds.SessionOf(receipt.Id);
        // From the booking's own instant: the same request again is answered with the same token.
        var booking = await bookings.LoadAsync(Aggregates.ScheduledCall, receipt.Id, call.Http.RequestAborted);
        var token = tokens.Issue(TokenUse.Session, sessionId, booking.State.BookedAt, TokenLifetime);
        call.Http.Response.Headers.CacheControl = "no-store";
        return call.Made(
            receipt.Version, $"/v1/scheduled-calls/{receipt.Id:D}", new ScheduledCallMade(receipt.Id, receipt.Version, receipt.Position, sessionId, token));
    }
}

/// <summary>From when to when, and for whom.</summary>
/// <param name="From">Beginning at or after; now if it is not given.</param>
/// <param name="To">Beginning before, at most 14 days later; seven days if it is not given.</param>
/// <param name="Language">BCP 47, or null for the center's default: hours may differ by language.</param>
public sealed record SlotQuery(
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null,
    [property: FromQuery(Name = "language")] string? Language = null);

/// <summary>A call to book.</summary>
/// <param name="QueueId">Whose agents are to talk with the consumer.</param>
/// <param name="StartsAt">The slot's beginning, as listed.</param>
/// <param name="PhoneNumber">Where they are called, E.164.</param>
/// <param name="Consumer">Who asks.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="Consent">What was said about being recorded (REC-3).</param>
/// <param name="Data">Custom data for the session: plain values, and the reserved attributes as booleans (DAT-1).</param>
/// <param name="ScheduledCallId">The booking's id, or null to be given one; the same id again is the same booking.</param>
/// <param name="Voice">Simulated media only: the consumer's voice, or <c>line:busy</c>, <c>line:no_answer</c>, <c>line:failed</c>.</param>
public sealed record BookScheduledCallBody(
    Guid QueueId,
    DateTimeOffset StartsAt,
    string PhoneNumber,
    ConsumerBody Consumer,
    string? Language = null,
    RecordingConsent Consent = RecordingConsent.NotAsked,
    IReadOnlyDictionary<string, JsonElement>? Data = null,
    Guid? ScheduledCallId = null,
    string? Voice = null)
{
    /// <summary>Never who is called where, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(BookScheduledCallBody)}({QueueId})";
}

/// <summary>A call that is booked.</summary>
/// <param name="Id">The booking.</param>
/// <param name="Version">Its version.</param>
/// <param name="Position">The log position of the booking.</param>
/// <param name="SessionId">The session it will become.</param>
/// <param name="SessionToken">The consumer's token, good for this booking and that session only.</param>
public sealed record ScheduledCallMade(Guid Id, long Version, string Position, Guid SessionId, string SessionToken)
{
    /// <summary>Never the token, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(ScheduledCallMade)}({Id})";
}

/// <summary>Which booked calls.</summary>
/// <param name="QueueId">Of this queue.</param>
/// <param name="Status">In this status.</param>
/// <param name="From">Beginning at or after.</param>
/// <param name="To">Beginning before.</param>
public sealed record ScheduledCallQuery(
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null,
    [property: FromQuery(Name = "status")] Word<ScheduledCallStatus>? Status = null,
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null);

/// <summary>Another slot.</summary>
/// <param name="StartsAt">Its beginning, as listed.</param>
public sealed record MoveScheduledCallBody(DateTimeOffset StartsAt);
