using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>Which queues an agent may transfer a session to (AHD-7).</summary>
public static class TransferTargets
{
    /// <summary>
    /// Whether an agent sees the queue as a target, and so whether a transfer to it is taken. Only leaves of the menu are:
    /// inner nodes lead on, and whoever still waits in one came before it did. Open queues always are, and
    /// those whose virtual agent is always there. The others need the switch: deflecting ones are shown, and ones that
    /// take contacts while closed if somebody of theirs is signed in; never one whose virtual agent keeps business hours.
    /// </summary>
    /// <param name="queue">The target.</param>
    /// <param name="session">What is to be transferred: its kind, channel and language.</param>
    /// <param name="center">The configuration.</param>
    /// <param name="hasSignedInMember">Whether a member of the queue is signed in, paused or not.</param>
    /// <param name="at">The instant.</param>
    public static bool IsShown(Queue queue, Contact session, CenterConfiguration center, bool hasSignedInMember, DateTimeOffset at)
    {
        if (!queue.Exists || queue.IsArchived || queue.Channel != session.Channel || !center.IsLeaf(queue.Id))
            return false;
        if (Deflector.IsOpen(queue, center, session.Language, at) || queue.VirtualAgent?.Availability == VirtualAgentAvailability.Always)
            return true;
        if (!IsAllowedAfterHours(session.Kind, center.Settings) || queue.VirtualAgent is not null)
            return false;
        return Deflector.IsDeflecting(queue, session.Kind, center) || hasSignedInMember;
    }

    /// <summary>The switch of the session's kind; the one for chats counts only while their deflection is off (AHD-5).</summary>
    private static bool IsAllowedAfterHours(SessionKind kind, CenterSettings settings) => kind == SessionKind.Call
        ? settings.Calls.AllowTransfers
        : settings.Chats is { AllowTransfers: true, Enabled: false };
}
