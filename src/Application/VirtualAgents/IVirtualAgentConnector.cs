using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.VirtualAgents;

/// <summary>
/// The port to whatever answers as a virtual agent. Asked only after what it is asked about is committed, at least once per
/// question and in the order of the session; <see cref="VirtualAgentTurn.Id"/> makes a repeat known. Whoever throws, takes
/// too long, or answers nonsense is taken out of the session, and people take over.
/// </summary>
public interface IVirtualAgentConnector
{
    /// <summary>The name by which queues choose it, shown in health: <c>simulated</c>.</summary>
    string Name { get; }

    /// <summary>Answers one turn.</summary>
    Task<VirtualAgentReaction> AnswerAsync(VirtualAgentTurn turn, CancellationToken cancellationToken);
}

/// <summary>What a virtual agent is asked: its joining, or a message of the consumer.</summary>
/// <param name="Id">The same id again is the same question.</param>
/// <param name="SessionId">The session.</param>
/// <param name="VirtualAgentId">Its part in the session; in a call, its leg.</param>
/// <param name="Name">The name consumers are shown.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="QueueId">The queue it answers in.</param>
/// <param name="Data">The session's custom data.</param>
/// <param name="Said">What the consumer wrote; null when it joins.</param>
public sealed record VirtualAgentTurn(
    Guid Id,
    Guid SessionId,
    Guid VirtualAgentId,
    string Name,
    SessionKind Kind,
    string Language,
    Guid QueueId,
    IReadOnlyDictionary<string, string> Data,
    string? Said)
{
    /// <summary>Without what was written.</summary>
    public override string ToString() => $"{nameof(VirtualAgentTurn)}({SessionId}, {Id})";
}

/// <summary>What a connector answers.</summary>
/// <param name="Replies">What it writes in a chat; in a call its leg speaks, and this is empty.</param>
/// <param name="Step">What follows.</param>
/// <param name="EscalateTo">The queue people of which are to take over, or null for the one it answers in.</param>
/// <param name="IsVerified">Whether it made sure who the consumer is (DAT-1), or null if it does not say.</param>
public sealed record VirtualAgentReaction(
    IReadOnlyList<string> Replies, VirtualAgentStep Step = VirtualAgentStep.Stay, Guid? EscalateTo = null, bool? IsVerified = null);

/// <summary>How long virtual agents are waited for.</summary>
/// <param name="Timeout">From the commit of what is asked to the answer.</param>
public sealed record VirtualAgentOptions(TimeSpan Timeout)
{
    /// <summary>Ten seconds: what a consumer waits for a sentence.</summary>
    public static VirtualAgentOptions Default { get; } = new(TimeSpan.FromSeconds(10));
}
