namespace ContactCenter.Application.Leases;

/// <summary>Work that one node at a time does. An economy, not a guarantee: what must be right is decided by the append.</summary>
public interface ILeases
{
    /// <summary>
    /// Waits until this node leads under a name, then runs the work; its token is cancelled when the lead is lost, and
    /// the wait begins again. Returns when <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <param name="name">What is led: <c>routing</c>, <c>media</c>, a projection's name.</param>
    /// <param name="work">The work; ends when its token is cancelled.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    Task RunWhileLeaderAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
