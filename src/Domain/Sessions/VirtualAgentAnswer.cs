namespace ContactCenter.Domain.Sessions;

/// <summary>What a virtual agent wants to happen after what it said.</summary>
public enum VirtualAgentStep
{
    /// <summary>It goes on listening.</summary>
    Stay,

    /// <summary>People take over.</summary>
    Escalate,

    /// <summary>Everything is said: the session ends.</summary>
    End,

    /// <summary>It could not answer; people take over.</summary>
    Fail,
}

/// <summary>One thing a virtual agent writes.</summary>
/// <param name="MessageId">The same id again is the same message.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record VirtualAgentReply(Guid MessageId, string Text)
{
    /// <summary>Without what is written.</summary>
    public override string ToString() => $"{nameof(VirtualAgentReply)}({MessageId})";
}

/// <summary>What a virtual agent answers.</summary>
/// <param name="Replies">What it writes, in order; in a call its leg speaks instead, so there is nothing to write.</param>
/// <param name="Step">What follows.</param>
/// <param name="Reason">A stable word for a failure; the other steps have their own.</param>
/// <param name="IsVerified">Whether it made sure who the consumer is (DAT-1), or null if it does not say.</param>
public sealed record VirtualAgentAnswer(
    IReadOnlyList<VirtualAgentReply> Replies, VirtualAgentStep Step, string? Reason = null, bool? IsVerified = null)
{
    /// <summary>It could not answer.</summary>
    public static VirtualAgentAnswer Failed(string reason) => new([], VirtualAgentStep.Fail, reason);
}
