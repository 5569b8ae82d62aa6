using System.Text.Json;
using System.Text.Json.Serialization;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Outbox;

/// <summary>How payloads of the outbox are written: camelCase, words for enumerations.</summary>
public static class OutboxJson
{
    /// <summary>The options for every payload.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>A payload as text.</summary>
    public static string Write<TPayload>(TPayload payload) => JsonSerializer.Serialize(payload, Options);

    /// <summary>The payload a text holds.</summary>
    /// <exception cref="JsonException">It holds none.</exception>
    public static TPayload Read<TPayload>(string json) =>
        JsonSerializer.Deserialize<TPayload>(json, Options) ?? throw new JsonException("An outbox payload is null.");
}

/// <summary>The kinds of outbox messages that are not the media engine's.</summary>
public static class OutboxKinds
{
    /// <summary>An offer's time is up: <see cref="OfferDue"/>.</summary>
    public const string OfferTimer = "timer.offer";

    /// <summary>Whisper and countdown should have ended: <see cref="OfferDue"/>.</summary>
    public const string PreparationTimer = "timer.preparation";

    /// <summary>The time for the work after a session is up: <see cref="WrapUpDue"/>.</summary>
    public const string WrapUpTimer = "timer.wrap_up";

    /// <summary>A message is as long as it may be: <see cref="VoicemailDue"/>.</summary>
    public const string VoicemailTimer = "timer.voicemail";

    /// <summary>A call that only its consumer is in should be over: <see cref="OverdueDue"/>.</summary>
    public const string OverdueTimer = "timer.overdue_call";

    /// <summary>What a message is goes to its ticket: <see cref="VoicemailDue"/>.</summary>
    public const string VoicemailNote = "crm.voicemail";

    /// <summary>What was said in a message goes to its ticket: <see cref="VoicemailDue"/>.</summary>
    public const string VoicemailTranscript = "crm.voicemail_transcript";

    /// <summary>A recording reaches its limit: <see cref="RecordingDue"/>.</summary>
    public const string RecordingLimitTimer = "timer.recording_limit";

    /// <summary>A pause seems forgotten, or a redaction ends: <see cref="RecordingPauseDue"/>.</summary>
    public const string RecordingPauseTimer = "timer.recording_pause";

    /// <summary>A booked call's slot begins: <see cref="ScheduledCallDue"/>.</summary>
    public const string ScheduledCallTimer = "timer.scheduled_call";

    /// <summary>A recording should go to the CRM: <see cref="RecordingDue"/>.</summary>
    public const string RecordingUpload = "recording.upload";

    /// <summary>A session needs a ticket: <see cref="TicketDue"/>.</summary>
    public const string OpenTicket = "crm.open_ticket";

    /// <summary>An ended chat's transcript goes to its ticket: <see cref="TranscriptDue"/>.</summary>
    public const string Transcript = "crm.transcript";

    /// <summary>What was said in a call goes to its ticket: <see cref="TranscriptDue"/>.</summary>
    public const string CallTranscript = "crm.call_transcript";

    /// <summary>What a session was about goes to its ticket: <see cref="TranscriptDue"/>.</summary>
    public const string Summary = "crm.summary";

    /// <summary>How a session went goes to its ticket: <see cref="WrapUpNoteDue"/>.</summary>
    public const string WrapUpNote = "crm.wrap_up";

    /// <summary>A booked call was not placed; somebody should know: <see cref="MissedCallDue"/>.</summary>
    public const string MissedCall = "crm.missed_call";

    /// <summary>A booked call reached nobody; its ticket says so: <see cref="NotReachedDue"/>.</summary>
    public const string NotReached = "crm.not_reached";

    /// <summary>A recording stays here; its ticket says where: <see cref="RecordingNoteDue"/>.</summary>
    public const string RecordingNote = "crm.recording_note";

    /// <summary>The bytes of a recording for messages go: <see cref="Settings.AudioDiscarded"/>.</summary>
    public const string DiscardAudio = "settings.discard_audio";
}

/// <summary>Payload of <see cref="OutboxKinds.OfferTimer"/> and <see cref="OutboxKinds.PreparationTimer"/>.</summary>
public sealed record OfferDue(Guid SessionId, Guid OfferId);

/// <summary>Payload of <see cref="OutboxKinds.WrapUpTimer"/>.</summary>
public sealed record WrapUpDue(Guid AgentId, Guid SessionId);

/// <summary>Payload of <see cref="OutboxKinds.RecordingUpload"/> and <see cref="OutboxKinds.RecordingLimitTimer"/>.</summary>
public sealed record RecordingDue(Guid RecordingId);

/// <summary>Payload of <see cref="OutboxKinds.RecordingPauseTimer"/>.</summary>
public sealed record RecordingPauseDue(Guid RecordingId, PauseReason Reason, DateTimeOffset DueAt);

/// <summary>Payload of <see cref="OutboxKinds.OpenTicket"/>; the consumer's name is the handler's to load.</summary>
public sealed record TicketDue(Guid SessionId, Guid ConsumerId);

/// <summary>Payload of <see cref="OutboxKinds.Transcript"/>, <see cref="OutboxKinds.CallTranscript"/> and <see cref="OutboxKinds.Summary"/>; the text is the handler's to read from the log.</summary>
/// <param name="SessionId">Of which session.</param>
/// <param name="WrittenAt">Which of those that an add-on wrote; null: the last.</param>
public sealed record TranscriptDue(Guid SessionId, DateTimeOffset? WrittenAt = null);

/// <summary>Payload of <see cref="OutboxKinds.WrapUpNote"/>; what the agent wrote is the handler's to read from the log.</summary>
public sealed record WrapUpNoteDue(Guid SessionId, Guid AgentId);

/// <summary>Payload of <see cref="OutboxKinds.ScheduledCallTimer"/>.</summary>
public sealed record ScheduledCallDue(Guid ScheduledCallId, DateTimeOffset StartsAt);

/// <summary>Payload of <see cref="OutboxKinds.OverdueTimer"/>.</summary>
public sealed record OverdueDue(Guid SessionId);

/// <summary>Payload of <see cref="OutboxKinds.MissedCall"/>; the number is the handler's to load.</summary>
public sealed record MissedCallDue(Guid ScheduledCallId);

/// <summary>Payload of <see cref="OutboxKinds.NotReached"/>.</summary>
public sealed record NotReachedDue(Guid SessionId, DateTimeOffset EndedAt, string Reason);

/// <summary>Payload of <see cref="OutboxKinds.RecordingNote"/>.</summary>
public sealed record RecordingNoteDue(Guid SessionId, double Seconds);

/// <summary>Payload of <see cref="OutboxKinds.VoicemailTimer"/>, <see cref="OutboxKinds.VoicemailNote"/> and <see cref="OutboxKinds.VoicemailTranscript"/>.</summary>
public sealed record VoicemailDue(Guid VoicemailId);
