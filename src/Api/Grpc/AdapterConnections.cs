using System.Collections.Concurrent;

namespace ContactCenter.Api.Grpc;

/// <summary>One adapter an agent on this node: the newest connection wins, the older one is told.</summary>
public sealed class AdapterConnections
{
    private readonly ConcurrentDictionary<Guid, AdapterClaim> claims = new();

    /// <summary>Takes an agent's place; whoever had it before is superseded.</summary>
    public AdapterClaim Claim(Guid agentId, CancellationToken callEnds)
    {
        var mine = new AdapterClaim(agentId, this, callEnds);
        AdapterClaim? before = null;
        claims.AddOrUpdate(agentId, mine, (_, there) =>
        {
            before = there;
            return mine;
        });
        before?.Supersede();
        return mine;
    }

    internal void Release(AdapterClaim claim) => claims.TryRemove(new KeyValuePair<Guid, AdapterClaim>(claim.AgentId, claim));
}

/// <summary>An agent's place, held by one connection.</summary>
public sealed class AdapterClaim : IDisposable
{
    private readonly AdapterConnections connections;
    private readonly CancellationTokenSource ends;

    internal AdapterClaim(Guid agentId, AdapterConnections connections, CancellationToken callEnds)
    {
        AgentId = agentId;
        this.connections = connections;
        ends = CancellationTokenSource.CreateLinkedTokenSource(callEnds);
        Token = ends.Token;
    }

    /// <summary>Whose place.</summary>
    public Guid AgentId { get; }

    /// <summary>The connection's own name.</summary>
    public string Connection { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    /// <summary>Cancelled when the call ends or the place is taken.</summary>
    public CancellationToken Token { get; }

    /// <summary>True once a newer connection has the place.</summary>
    public bool IsSuperseded { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        connections.Release(this);
        ends.Dispose();
    }

    internal void Supersede()
    {
        IsSuperseded = true;
        try
        {
            ends.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }
}
