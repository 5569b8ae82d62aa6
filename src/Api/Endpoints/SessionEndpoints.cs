using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Endpoints;

/// <summary>Looking at a session, ending it, and what the agent in it does.</summary>
public static class SessionEndpoints
{
    private const string ConfirmationRequired = "session.confirmation_required";

    /// <summary>Maps them.</summary>
    public static void MapSessions(this IEndpointRouteBuilder v1)
    {
        var session = v1.MapGroup("/sessions/{id}").WithTags("sessions");
        session.MapGet("/", SessionAsync).Query<SessionDetails>("GetSession").Sends(new GetConsumerView(Guid.Empty), new GetSession(Guid.Empty))
            .WithSummary("One session with metrics, transfers and participants; its consumer sees what their live view shows.");
        session.MapGet("/details", (Call call, Guid id, SessionLive live) => call.WantsStream ? live.ForDetailsAsync(call, id) : DetailsAsync(call, id))
            .Watchable<SessionPopUp>("GetSessionDetails").Sends(new GetConsumerView(Guid.Empty), new GetSession(Guid.Empty))
            .WithSummary("The session, and what the caller may do to it now (MON-4).");
        session.MapGet("/history", HistoryAsync).Query<IReadOnlyList<HistoryEntry>>("GetSessionHistory")
            .WithSummary("Every fact of the session, in order.");
        session.MapGet("/transcript", (Call call, Guid id) => call.AskAsync(new GetTranscript(id))).Query<IReadOnlyList<TranscriptEntry>>("GetTranscript")
            .WithSummary("What was written so far. Of a call, for those who may read it other than its consumer: one entry with the last transcript of an add-on, redacted where the audio was (REC-13).");
        session.MapPost("/transcript", (Call call, Guid id, SpokenBody body) => call.DoAsync(new TranscribeSession(id, body.Lines))).Command("TranscribeSession")
            .WithSummary("An add-on's transcript of a call that is over; what was said while nothing was recorded is redacted (REC-13). It goes to the session's log and ticket.");
        session.MapPost("/summary", (Call call, Guid id, SummaryBody body) => call.DoAsync(new SummarizeSession(id, body.Text))).Command("SummarizeSession")
            .WithSummary("An add-on's summary of a session that is over (REC-13). It goes to the session's log and ticket.");
        session.MapGet("/live", (Call call, Guid id, SessionLive live) => live.ForReaderAsync(call, id)).Live("WatchSession").Sends(new GetSession(Guid.Empty))
            .WithSummary("The session and its messages, live (MON-7).");
        session.MapPost("/end", EndAsync).Command("EndSession").NeedsVersion()
            .WithSummary("Ends a call or chat. Without confirm nothing ends and the answer holds what to look at first (END-2).");
        session.MapGet("/customer-flags", FlagsAsync).Query<CustomerFlagsBody>("GetCustomerFlags").Sends(new GetSession(Guid.Empty))
            .WithSummary("The reserved data attributes (DAT-3).");
        session.MapPatch("/customer-flags", SetFlagsAsync).Command("SetCustomerFlags")
            .WithSummary("Sets reserved data attributes; what is not named stays (DAT-1).");
        session.MapAgentActions();
    }

    private static void MapAgentActions(this RouteGroupBuilder session)
    {
        session.MapPost("/hold", (Call call, Guid id) => call.DoAsync(new HoldSession(call.AgentId, id))).Command("HoldSession")
            .WithSummary("The agent puts the consumer on hold.");
        session.MapPost("/resume", (Call call, Guid id) => call.DoAsync(new ResumeSession(call.AgentId, id))).Command("ResumeSession")
            .WithSummary("The hold is over.");
        session.MapPost("/transfer", (Call call, Guid id, TransferBody body) => call.DoAsync(new TransferSession(call.AgentId, id, body.QueueId))).Command("TransferSession")
            .WithSummary("The agent gives the session to another queue.");
        session.MapPost("/transfer-outside", (Call call, Guid id, TransferOutsideBody body) => call.DoAsync(new TransferOutside(call.AgentId, id, body.PhoneNumber, body.Voice)))
            .Command("TransferOutside")
            .WithSummary("The agent gives the call to a telephone number; if nobody answers there, it goes back to its queue.");
        session.MapPost("/consultation", (Call call, Guid id, ConsultationBody body) =>
                call.DoAsync(new StartConsultation(call.AgentId, id, body.AgentId, body.QueueId, body.PhoneNumber, body.Voice))).Command("StartConsultation")
            .WithSummary("The agent puts the consumer on hold and asks another agent, one of a queue, or a telephone number; nothing of it is recorded (REC-1).");
        session.MapPost("/consultation/hand-over", (Call call, Guid id) => call.DoAsync(new CompleteConsultation(call.AgentId, id))).Command("CompleteConsultation")
            .WithSummary("Whoever is consulted gets the call; the agent is out of it.");
        session.MapDelete("/consultation", (Call call, Guid id) => call.DoAsync(new CancelConsultation(call.AgentId, id))).Command("CancelConsultation")
            .WithSummary("The consultation is over, and the agent goes on with the consumer.");
        session.MapGet("/transfer-targets", (Call call, Guid id) => call.AskAsync(new GetTransferTargets(id))).Query<IReadOnlyList<TransferTarget>>("GetTransferTargets")
            .WithSummary("The queues to which the agent in the session may transfer it now (AHD-7).");
        session.MapPost("/recording/pause", (Call call, Guid id) => call.DoAsync(new PauseRecording(call.AgentId, id))).Command("PauseRecording")
            .WithSummary("The agent pauses the recording; what is said meanwhile is nowhere (REC-4).");
        session.MapPost("/recording/resume", (Call call, Guid id) => call.DoAsync(new ResumeRecording(call.AgentId, id))).Command("ResumeRecording")
            .WithSummary("The recording goes on with a new segment.");
        session.MapPost("/recording/redaction", (Call call, Guid id) => call.DoAsync(new RedactRecording(call.AgentId, id))).Command("RedactRecording")
            .WithSummary("Nothing is recorded until the redaction ends, by the agent or by itself (REC-4, SMA-6).");
        session.MapDelete("/recording/redaction", (Call call, Guid id) => call.DoAsync(new EndRedaction(call.AgentId, id))).Command("EndRedaction")
            .WithSummary("The redaction is over; the recording goes on with a new segment.");
        session.MapPut("/recording/consent", (Call call, Guid id, ConsentBody body) => call.DoAsync(new AnswerRecordingConsent(id, body.Consent, "sdk"))).Command("AnswerRecordingConsent")
            .WithSummary("The consumer says whether they want to be recorded, also in the middle of the call (REC-3).");
    }

    private static async Task<IResult> SessionAsync(Call call, Guid id)
    {
        if (!call.IsConsumer)
            return await call.AskAsync(new GetSession(id), s => s.Version);
        var own = await call.SendAsync(new GetConsumerView(id));
        return own.IsOk ? call.Tagged(own.Value.Version, own.Value.View) : own.Error.ToResult();
    }

    private static async Task<IResult> HistoryAsync(Call call, Guid id, EventViews views)
    {
        var answer = await call.SendAsync(new GetSessionHistory(id));
        return answer.IsOk
            ? Results.Ok(answer.Value.Events.Select(e => HistoryEntry.Of(e, views.DataOf(e, answer.Value.WithText))).ToList())
            : answer.Error.ToResult();
    }

    private static async Task<IResult> DetailsAsync(Call call, Guid id)
    {
        if (call.IsConsumer)
        {
            var own = await call.SendAsync(new GetConsumerView(id));
            return own.IsOk ? call.Tagged(own.Value.Version, new ConsumerPopUp(own.Value.View, [])) : own.Error.ToResult();
        }

        var session = await call.SendAsync(new GetSession(id));
        if (!session.IsOk)
            return session.Error.ToResult();
        var actions = await call.SendAsync(new GetSessionActions(id));
        return actions.IsOk ? call.Tagged(session.Value.Version, new SessionPopUp(session.Value, actions.Value)) : actions.Error.ToResult();
    }

    private static async Task<IResult> EndAsync(Call call, Guid id, EndSessionBody body)
    {
        var answer = await call.SendAsync(new EndSession(id, body.Confirm, body.Reason ?? ""));
        if (answer.IsOk)
            return call.Tagged(answer.Value.Version, answer.Value);
        var problem = ProblemMapping.Of(answer.Error);
        if (answer.Error.Code == ConfirmationRequired && await call.SendAsync(new GetSession(id)) is { IsOk: true } session)
            problem = problem with { Details = session.Value, CurrentVersion = session.Value.Version };
        return new ProblemResult(problem);
    }

    private static async Task<IResult> FlagsAsync(Call call, Guid id)
    {
        var answer = await call.SendAsync(new GetSession(id));
        return answer.IsOk ? call.Tagged(answer.Value.Version, CustomerFlagsBody.Of(answer.Value.Flags)) : answer.Error.ToResult();
    }

    private static Task<IResult> SetFlagsAsync(Call call, Guid id, CustomerFlagsBody body) => body is { RepeatCustomer: not null, RepeatCustomers: not null }
        ? throw BadRequestException.Field("repeat_customers", "Is another word for repeat_customer; give one.")
        : call.DoAsync(new SetCustomerFlags(id, new CustomerFlags(body.VerifiedCustomer, body.BadActor, body.RepeatCustomer ?? body.RepeatCustomers), "apps_api"));
}

/// <summary>A session's details as the pop-up shows them (MON-4).</summary>
/// <param name="Session">The session.</param>
/// <param name="Actions">What the caller may do now, and would change something: <c>monitor</c>, <c>end</c>, <c>hold</c>, …</param>
public sealed record SessionPopUp(SessionDetails Session, IReadOnlyList<string> Actions);

/// <summary>The same for the session's consumer.</summary>
/// <param name="Session">The session as its consumer sees it.</param>
/// <param name="Actions">Nothing that is asked for over this path.</param>
public sealed record ConsumerPopUp(ConsumerView Session, IReadOnlyList<string> Actions);

/// <summary>One fact of a session, with who caused it.</summary>
/// <param name="Position">Its place in the log, as text.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">Its literal wire name.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="Command">Through which command.</param>
/// <param name="Data">The fact; the text in it is null for an auditor.</param>
public sealed record HistoryEntry(string Position, long Version, string Type, DateTimeOffset At, Actor Actor, string Command, JsonNode? Data)
{
    internal static HistoryEntry Of(StoredEvent e, JsonNode? data) =>
        new(e.Position.ToString(), e.Version, e.Type, e.RecordedAt, e.Metadata.Actor, e.Metadata.Command, data);
}

/// <summary>A wish to end a session.</summary>
/// <param name="Reason">In the supervisor's own words.</param>
/// <param name="Confirm">True once the details were looked at.</param>
public sealed record EndSessionBody(string? Reason = null, bool Confirm = false);

/// <summary>Where a session goes.</summary>
/// <param name="QueueId">Which queue.</param>
public sealed record TransferBody(Guid QueueId);

/// <summary>Where a call goes outside.</summary>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
public sealed record TransferOutsideBody(string PhoneNumber, string? Voice = null)
{
    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(TransferOutsideBody);
}

/// <summary>Whom an agent consults: one of the first three.</summary>
/// <param name="AgentId">Another agent.</param>
/// <param name="QueueId">The longest idle agent of a queue.</param>
/// <param name="PhoneNumber">Somebody outside, E.164; needs <c>sessions.transfer_out</c>.</param>
/// <param name="Voice">Simulated media only: how the line outside answers.</param>
public sealed record ConsultationBody(Guid? AgentId = null, Guid? QueueId = null, string? PhoneNumber = null, string? Voice = null)
{
    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(ConsultationBody);
}

/// <summary>The reserved data attributes, under their names in the Apps API; null is not set.</summary>
/// <param name="VerifiedCustomer">Believed to be who they say.</param>
/// <param name="BadActor">Believed to mean harm.</param>
/// <param name="RepeatCustomer">Known to have been here before.</param>
/// <param name="RepeatCustomers">Taken for <c>repeat_customer</c> where clients follow older documents; never answered.</param>
public sealed record CustomerFlagsBody(
    [property: JsonPropertyName("verified_customer")] bool? VerifiedCustomer = null,
    [property: JsonPropertyName("bad_actor")] bool? BadActor = null,
    [property: JsonPropertyName("repeat_customer")] bool? RepeatCustomer = null,
    [property: JsonPropertyName("repeat_customers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? RepeatCustomers = null)
{
    /// <summary>Of a session.</summary>
    public static CustomerFlagsBody Of(CustomerFlags flags) => new(flags.VerifiedCustomer, flags.BadActor, flags.RepeatCustomer);
}

/// <summary>What was said in a call.</summary>
/// <param name="Lines">1 to 5,000, with 250,000 characters at most.</param>
public sealed record SpokenBody(IReadOnlyList<SpokenLine> Lines);

/// <summary>What a session was about.</summary>
/// <param name="Text">1 to 20,000 characters.</param>
public sealed record SummaryBody(string Text)
{
    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(SummaryBody);
}

/// <summary>What the consumer says about being recorded.</summary>
/// <param name="Consent">Granted or denied.</param>
public sealed record ConsentBody(RecordingConsent Consent);
