using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Voicemails;

/// <summary>Why a command on a voicemail is refused.</summary>
internal static class VoicemailErrors
{
    public static readonly NotFoundError NotFound = new("voicemail.not_found", "There is no such voicemail.");
    public static readonly ConflictError NotLeft = new("voicemail.not_left", "No message was left yet.");
    public static readonly ConflictError CrmOnly = new("voicemail.crm_only", "The message is in the CRM alone.");
    public static readonly ConflictError NotReady = new("voicemail.not_ready", "The message is not attached to its ticket yet.");
    public static readonly ConflictError Gone = new("voicemail.deleted", "The message's recording was deleted; its transcript is still there.");
    public static readonly ConflictError Elsewhere = new(
        "voicemail.in_crm", "The message is in a CRM that plays it itself: open the ticket at the address in details.");

    public static readonly ConflictError HasGaps = new(
        "voicemail.has_gaps", "The message was not recorded all the time. Send lines with their times, so that what was not recorded is redacted.");

    public static readonly ConflictError Transcribed = new("voicemail.transcribed", "There is another transcript already.");
}
