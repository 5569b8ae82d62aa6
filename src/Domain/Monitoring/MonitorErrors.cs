using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Monitoring;

/// <summary>Why a command on a monitoring is refused.</summary>
internal static class MonitorErrors
{
    public static readonly NotFoundError NotFound = new("monitoring.not_found", "There is no such monitoring.");
    public static readonly ConflictError IdTaken = new("monitoring.id_taken", "Another monitoring has this id.");
    public static readonly ConflictError Over = new("monitoring.over", "The monitoring is over: begin a new one.");
    public static readonly ConflictError OwnSession = new("monitoring.own_session", "Nobody monitors a session of their own.");
    public static readonly ConflictError NotACall = new("session.not_a_call", "Only a call can be heard.");
    public static readonly ConflictError NotAChat = new("session.not_a_chat", "Only a chat can be viewed; a call is heard.");
    public static readonly ConflictError NotBarged = new("monitoring.not_barged", "Barge into the chat first.");
    public static readonly ForbiddenError UsersOnly = new("monitoring.users_only", "Only a signed-in user speaks in a session.");
    public static readonly UnprocessableError ModeNotPossible = new("monitoring.mode_not_possible", "An agent is coached in calls only.");
}
