namespace ContactCenter.Application.Leases;

/// <summary>Work that one node at a time does, whoever of them lives.</summary>
public interface ILeases
{
    /// <summary>
    /// Waits until this node holds the lease, runs the work while it does, and starts over when the lease was lost.
    /// Returns when the work returns by itself.
    /// </summary>
    /// <param name="name">Which lease: <c>routing</c>, <c>media</c>.</param>
    /// <param name="work">The work; its token is cancelled when the lease is lost.</param>
    /// <param name="cancellationToken">Gives up lease and work.</param>
    Task RunWhileLeaderAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
