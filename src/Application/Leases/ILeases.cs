namespace ContactCenter.Application.Leases;

/// <summary>Work that one node does at a time, and that another takes over within 10 s when that node is gone.</summary>
public interface ILeases
{
    /// <summary>
    /// Runs the work whenever this node holds the lease, until cancelled. The work's token is cancelled when the lease
    /// is lost. When the work returns or throws, the lease is given up and sought again after a pause.
    /// A lease is a courtesy, not a proof: a node may lose it without noticing at once, so what the work writes must
    /// be guarded by an expected version or a fencing token.
    /// </summary>
    /// <param name="name">The lease's name, the same on all nodes.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Ends seeking and holding; the lease is free when this returns.</param>
    Task RunWhileLeaderAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
