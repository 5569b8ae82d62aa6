using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <summary>Why a command on a session is refused.</summary>
internal static class SessionErrors
{
    public static readonly ConflictError IdTaken = new("session.id_taken", "Another session has this id.");
    public static readonly NotFoundError NotFound = new("session.not_found", "There is no such session.");
    public static readonly ConflictError Ended = new("session.ended", "The session is over.");
    public static readonly ConflictError NotWaiting = new("session.not_waiting", "The session does not wait in a queue.");
    public static readonly ConflictError NotConnected = new("session.not_connected", "The session is not connected to an agent.");
    public static readonly ConflictError NotACall = new("session.not_a_call", "Only a call can do this.");
    public static readonly ConflictError NotAChat = new("session.not_a_chat", "Only a chat takes messages.");
    public static readonly ConflictError TicketLinked = new("session.ticket_linked", "The session has another ticket already.");
    public static readonly ConflictError NotConfirmed = new("session.confirmation_required", "Look at the session's details first, then confirm.");
    public static readonly ConflictError AlreadyIn = new("session.supervisor_already_in", "This supervisor is in the session already.");
    public static readonly ConflictError NotOver = new("session.not_over", "The agent is still in the session.");
    public static readonly ConflictError NotEnded = new("session.not_ended", "The session is not over.");
    public static readonly ConflictError NotRecorded = new("session.not_recorded", "Nothing of the call was recorded, and nothing of it is written down.");
    public static readonly ForbiddenError NotYours = new("session.not_yours", "It is another agent's session.");
    public static readonly UnprocessableError ChannelNotPossible = new("session.channel_not_possible", "There are no calls over sms and no chats over ivr.");
    public static readonly ConflictError AfterHours = new("session.after_hours", "The queue is closed: choose one of the options.");
    public static readonly ConflictError NotDeflected = new("session.not_deflected", "The queue takes contacts now: ask again without a choice.");
    public static readonly UnprocessableError NotOffered = new("session.deflection_not_offered", "This is not one of the options offered now.");
    public static readonly UnprocessableError VoicemailNotPossible = new("session.voicemail_not_possible", "Only a call leaves a message.");
    public static readonly UnprocessableError VoicemailNotConsented = new(
        "session.voicemail_not_consented",
        "A message is a recording, and you refused to be recorded: ask again with consent granted, or choose another of the options in details.");
    public static readonly UnprocessableError BookASlot = new("session.book_a_slot", "A call is booked, not begun: choose one of the queue's slots and book it as a scheduled call.");
    public static readonly ConflictError NotATransferTarget = new("queue.not_a_transfer_target", "The queue does not take transfers now.");

    public static readonly ConflictError Consulting = new("session.consulting", "The agent consults somebody: complete or cancel that first.");
    public static readonly ConflictError NoConsultation = new("session.no_consultation", "The agent consults nobody.");
    public static readonly ConflictError ConsultationNotJoined = new("session.consultation_not_joined", "Whoever is consulted is not there yet.");
    public static readonly ConflictError NobodyFree = new("session.nobody_free", "No agent of the queue is free now.");

    public static readonly ConflictError OfferNotOpen = new("offer.not_open", "The offer is not open.");
    public static readonly ConflictError OfferExpired = new("offer.expired", "The offer was not accepted in time.");
    public static readonly ForbiddenError OfferNotYours = new("offer.not_yours", "The offer was made to another agent.");

    public static readonly ForbiddenError NotAnAuthor = new("message.not_allowed", "Only the chat's consumer, its agent, and who barged in write in it.");

    public static readonly ConflictError MessageIdTaken = new("message.id_taken", "Another message of this chat has this id.");

    public static readonly ValidationError MessageEmpty = new(
        "message.empty", "A message has some text.", new Dictionary<string, string[]> { ["text"] = ["Must not be empty."] });

    public static readonly ValidationError MessageTooLong = new(
        "message.too_long", "The message is too long.", new Dictionary<string, string[]> { ["text"] = [$"At most {SessionDecider.MaxMessageLength} characters."] });
}
