using System.Text.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Application.AfterHours;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>What SDKs call for a consumer: ask for help, write, watch, leave.</summary>
public static class EntryEndpoints
{
    private const string AfterHours = "session.after_hours";
    private const string NotOffered = "session.deflection_not_offered";
    private const string BookASlot = "session.book_a_slot";
    private const string NotConsented = "session.voicemail_not_consented";

    /// <summary>A consumer's token outlives every session; it is good for that one only.</summary>
    private static readonly TimeSpan SessionTokenLifetime = TimeSpan.FromHours(24);

    /// <summary>Maps them.</summary>
    public static void MapEntry(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/entry/menus", (Call call, [AsParameters] MenuQuery menu) => call.AskAsync(new GetEntryMenu(menu.Channel?.Value, menu.Language, menu.At?.Value)))
            .Query<EntryMenuView>("GetEntryMenu").WithTags("entry").WithSummary("What to offer now on a channel: the usual, or deflection only (AHD-3).");
        var sessions = v1.MapGroup("/sessions").WithTags("entry");
        sessions.MapPost("/", StartAsync).Command<SessionStarted>("StartSession", StatusCodes.Status201Created)
            .WithSummary("A consumer asks for help and waits in a queue, or goes where it deflects to outside the hours; answers with a token for that consumer.");
        sessions.MapPost("/{id}/messages", (Call call, Guid id, MessageBody body) => call.DoAsync(Message(call, id, body))).Command("SendMessage").Sends(new SendAgentMessage(Guid.Empty, Guid.Empty, Guid.Empty, string.Empty), new SendConsumerMessage(Guid.Empty, Guid.Empty, string.Empty))
            .WithSummary("Writes in a chat: a user as the agent in it, a session token or API key as its consumer.");
        sessions.MapPost("/{id}/typing", (Call call, Guid id) => call.AskAsync(new ReportTyping(id, AgentId: null))).Query<Receipt>("ReportTyping").Sends(new ReportTyping(Guid.Empty, AgentId: null))
            .WithSummary("The consumer types; shown to the agent if both are connected to this node, and never kept.");
        sessions.MapPost("/{id}/leave", (Call call, Guid id) => call.DoAsync(new LeaveSession(id))).Command("LeaveSession")
            .WithSummary("The consumer hangs up or closes the chat.");
        sessions.MapGet("/{id}/stream", (Call call, Guid id, SessionLive live) => live.ForConsumerAsync(call, id)).Live("WatchOwnSession").Sends(new GetConsumerView(Guid.Empty))
            .WithSummary("The session as its consumer sees it, live.");
    }

    private static async Task<IResult> StartAsync(Call call, StartSessionBody body, AccessTokens tokens, AggregateReader sessions)
    {
        var (data, flags) = CustomData.Read(body.Data);
        var consumer = new ConsumerRef(body.Consumer.Kind, body.Consumer.Identity, body.Consumer.Name);
        var answer = await call.SendAsync(new StartSession(
            body.SessionId, body.Kind, body.Channel, body.QueueId, body.Language, consumer, body.Consent, data, flags, body.Voice, body.Deflection, body.Line));
        if (!answer.IsOk)
            return await RefusalAsync(call, body, answer.Error);
        var receipt = answer.Value;
        // From the session's beginning: the same request again is answered with the same token.
        var session = await sessions.LoadAsync(Aggregates.Session, receipt.Id, call.Http.RequestAborted);
        var token = tokens.Issue(TokenUse.Session, receipt.Id, session.State.RequestedAt, SessionTokenLifetime);
        call.Http.Response.Headers.CacheControl = "no-store";
        return call.Made(receipt.Version, $"/v1/sessions/{receipt.Id:D}", new SessionStarted(receipt.Id, receipt.Version, receipt.Position, token));
    }

    /// <summary>Who may only choose among options outside the hours is told which.</summary>
    private static async Task<IResult> RefusalAsync(Call call, StartSessionBody body, DomainError refusal)
    {
        var problem = ProblemMapping.Of(refusal);
        if (refusal.Code is AfterHours or NotOffered or BookASlot or NotConsented
            && await call.SendAsync(new DecideDeflection(body.Kind, body.Channel, body.QueueId, body.Language, At: null)) is { IsOk: true, Value: var decided })
        {
            IEnumerable<OfferedOption> open = refusal.Code == NotConsented ? decided.Options.Where(o => o.Kind != OptionKind.Voicemail) : decided.Options;
            problem = problem with { Details = new AfterHoursOptions(decided.QueueId, [.. open]) };
        }

        return new ProblemResult(problem);
    }

    private static ICommand Message(Call call, Guid sessionId, MessageBody body)
    {
        var messageId = body.MessageId ?? Guid.CreateVersion7(call.Context.Now);
        return call.Context.Caller.UserId is { } agent
            ? new SendAgentMessage(agent, sessionId, messageId, body.Text)
            : new SendConsumerMessage(sessionId, messageId, body.Text);
    }
}

/// <summary>A request for help.</summary>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Consumer">Who asks.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="Consent">What was said about being recorded (REC-3).</param>
/// <param name="Data">Custom data: plain values, and the reserved attributes as booleans (DAT-1).</param>
/// <param name="SessionId">The new session's id, or null to be given one.</param>
/// <param name="Voice">Simulated media only: the consumer's voice, a file's name.</param>
/// <param name="Deflection">What the consumer chose of the options offered outside the hours (AHD-3), or null.</param>
/// <param name="Line">The center's number that was called, E.164, or null: it says whether the call is recorded (REC-3).</param>
public sealed record StartSessionBody(
    SessionKind Kind,
    Channel Channel,
    Guid QueueId,
    ConsumerBody Consumer,
    string? Language = null,
    RecordingConsent Consent = RecordingConsent.NotAsked,
    IReadOnlyDictionary<string, JsonElement>? Data = null,
    Guid? SessionId = null,
    string? Voice = null,
    OptionKind? Deflection = null,
    string? Line = null);

/// <summary>Whose menu, and when.</summary>
/// <param name="Channel">Whose.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="At">When, or null for now.</param>
public sealed record MenuQuery(
    [property: FromQuery(Name = "channel")] Word<Channel>? Channel = null,
    [property: FromQuery(Name = "language")] string? Language = null,
    [property: FromQuery(Name = "at")] Instant? At = null);

/// <summary>All that is offered outside the hours: one of these is chosen with <c>deflection</c>.</summary>
/// <param name="QueueId">The queue whose deflection spoke.</param>
/// <param name="Options">The options.</param>
public sealed record AfterHoursOptions(Guid QueueId, IReadOnlyList<OfferedOption> Options);

/// <summary>Who asks for help.</summary>
/// <param name="Kind">By what they are told apart.</param>
/// <param name="Identity">The visitor id, SDK id, user id or number (E.164).</param>
/// <param name="Name">Their name where known; else they are given one (CON-1).</param>
public sealed record ConsumerBody(IdentityKind Kind, string Identity, string? Name = null)
{
    /// <summary>Never who it is, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(ConsumerBody);
}

/// <summary>A session that began.</summary>
/// <param name="Id">The session.</param>
/// <param name="Version">Its version.</param>
/// <param name="Position">The log position of its request.</param>
/// <param name="SessionToken">The consumer's token, good for this session only.</param>
public sealed record SessionStarted(Guid Id, long Version, string Position, string SessionToken)
{
    /// <summary>Never the token, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(SessionStarted)}({Id})";
}

/// <summary>A chat message.</summary>
/// <param name="Text">1 to 4,000 characters.</param>
/// <param name="MessageId">The sender's id for it, or null to be given one; the same id again is the same message.</param>
public sealed record MessageBody(string Text, Guid? MessageId = null)
{
    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(MessageBody)}({MessageId})";
}
