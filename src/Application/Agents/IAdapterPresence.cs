namespace ContactCenter.Application.Agents;

/// <summary>
/// Whose adapters are there, across nodes. An agent whose adapter was last seen longer ago than
/// <see cref="LostAfter"/> is signed out by a job.
/// </summary>
public interface IAdapterPresence
{
    /// <summary>How long an adapter may be silent or away before its agent is signed out.</summary>
    static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);

    /// <summary>
    /// An adapter is connected here. Call it before the agent signs in, and whenever the adapter is heard of: the first
    /// call is durable when it returns, later ones only say that the connection lives. The node's heartbeat tells the others.
    /// </summary>
    ValueTask SeenAsync(Guid agentId, string connection, CancellationToken cancellationToken);

    /// <summary>A connection is gone. Its agent has until <see cref="LostAfter"/> to come back, on any node.</summary>
    void Gone(Guid agentId, string connection);

    /// <summary>
    /// Agents whose adapter has not been seen for too long. Asking is the watch: silence counts only while somebody asked
    /// all along, so that after an outage of the database or of all nodes every adapter has its time to be heard again.
    /// </summary>
    Task<IReadOnlyList<LostAdapter>> FindLostAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes an adapter for lost; false if it was seen since. Whoever sees it after that finds it so, and has
    /// <see cref="ResumeAgent"/> contradict in the agent's stream.
    /// </summary>
    Task<bool> TakeForLostAsync(LostAdapter lost, CancellationToken cancellationToken);

    /// <summary>
    /// Watches those of some agents of whose adapter nothing is known, as if it had been seen just now: one that is on its
    /// way has its time, and after that they are found lost like all others. Who is watched already stays as it is.
    /// </summary>
    Task WatchAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken cancellationToken);

    /// <summary>A lost adapter's agent is signed out: nothing more to watch, unless it was seen again meanwhile.</summary>
    Task ForgetAsync(LostAdapter lost, CancellationToken cancellationToken);
}

/// <summary>An adapter not seen for too long.</summary>
/// <param name="AgentId">Whose.</param>
/// <param name="SeenAt">When it was seen last, by the database's clock.</param>
public sealed record LostAdapter(Guid AgentId, DateTimeOffset SeenAt);
