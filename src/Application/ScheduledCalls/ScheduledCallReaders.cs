using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>Who may look at a booked call, and who may change it.</summary>
internal static class ScheduledCallReaders
{
    /// <summary>Staff who may look at it, its number too: also who may end sessions, as who cancels something has seen it.</summary>
    public static Requirement Staff(Guid scheduledCallId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsEnd, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsHandle, Target.ScheduledCall(scheduledCallId)));

    /// <summary>Staff, its consumer, and who enters for consumers.</summary>
    public static Requirement Of(Guid scheduledCallId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsHandle, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsEnd, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.EntryWrite, Target.ScheduledCall(scheduledCallId)),
        Requirement.ConsumerAlone(ScheduledCallIds.SessionOf(scheduledCallId)));

    /// <summary>Who may move and cancel it: its consumer, who enters for consumers, who would talk with them, and who may end sessions.</summary>
    public static Requirement Changing(Guid scheduledCallId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.EntryWrite, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsHandle, Target.ScheduledCall(scheduledCallId)),
        Requirement.Permission(Permissions.SessionsEnd, Target.ScheduledCall(scheduledCallId)),
        Requirement.ConsumerAlone(ScheduledCallIds.SessionOf(scheduledCallId)));
}
