using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Recordings;

/// <summary>Why a command on a recording is refused.</summary>
internal static class RecordingErrors
{
    public static readonly NotFoundError NotFound = new("recording.not_found", "There is no such recording.");
    public static readonly ConflictError NotACall = new("recording.not_a_call", "Only a call is recorded.");
    public static readonly ConflictError NotConnected = new("recording.not_connected", "Only a connected call is recorded.");
    public static readonly ConflictError NoConsent = new("recording.no_consent", "The call may not be recorded.");
    public static readonly ConflictError NotActive = new("recording.not_active", "The recording is over.");
    public static readonly ConflictError UnknownSegment = new("recording.unknown_segment", "The recording has no such segment.");
    public static readonly ConflictError NotReady = new("recording.not_ready", "The recording does not wait for an upload.");
    public static readonly ConflictError NotWaiting = new("recording.not_waiting", "The recording does not wait for the CRM: it is not whole yet, or is gone from here.");
    public static readonly ConflictError PartOutOfOrder = new("recording.part_out_of_order", "Parts are attached in order, and as many as at the start.");
    public static readonly ConflictError PartsMissing = new("recording.parts_missing", "Not every part is attached.");
    public static readonly ConflictError NotConfirmed = new("recording.not_confirmed", "The CRM has not confirmed every part.");
    public static readonly ConflictError NotKept = new("recording.not_kept", "The recording is not kept here: it is not whole yet, goes to the CRM, or is gone.");
    public static readonly ConflictError NotEmpty = new("recording.not_empty", "The recording holds audio, or may still get some.");
}
