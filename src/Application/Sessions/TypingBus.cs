using System.Collections.Concurrent;
using System.Threading.Channels;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// Who is typing, told to the other side of a connected chat. Best effort: never an event, never stored, and only
/// between clients of this node; who listens elsewhere, or too slowly, does not see it.
/// </summary>
public sealed class TypingBus(AggregateReader reader)
{
    private const int Backlog = 16;
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<System.Threading.Channels.Channel<Guid>, bool>> listeners = new();

    /// <summary>An agent types in a chat; false if it is not connected to them.</summary>
    public async ValueTask<bool> FromAgentAsync(Guid agentId, Guid sessionId, CancellationToken cancellationToken)
    {
        if (await ConnectedAsync(sessionId, cancellationToken) != agentId)
            return false;
        Tell(sessionId, sessionId);
        return true;
    }

    /// <summary>The consumer types in a chat; false if no agent is connected.</summary>
    public async ValueTask<bool> FromConsumerAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        if (await ConnectedAsync(sessionId, cancellationToken) is not { } agentId)
            return false;
        Tell(agentId, sessionId);
        return true;
    }

    /// <summary>The chats in which the other side types.</summary>
    /// <param name="listener">An agent's id for all of the agent's chats; a session's id for its consumer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Guid> ListenAsync(
        Guid listener, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mine = System.Threading.Channels.Channel.CreateBounded<Guid>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        var all = listeners.GetOrAdd(listener, _ => new());
        all[mine] = true;
        // The last one to leave may have taken the list away in between.
        listeners.TryAdd(listener, all);
        try
        {
            await foreach (var sessionId in mine.Reader.ReadAllAsync(cancellationToken))
                yield return sessionId;
        }
        finally
        {
            all.TryRemove(mine, out _);
            if (all.IsEmpty)
                listeners.TryRemove(new KeyValuePair<Guid, ConcurrentDictionary<System.Threading.Channels.Channel<Guid>, bool>>(listener, all));
        }
    }

    private void Tell(Guid listener, Guid sessionId)
    {
        if (!listeners.TryGetValue(listener, out var all))
            return;
        foreach (var one in all.Keys)
            one.Writer.TryWrite(sessionId);
    }

    private async ValueTask<Guid?> ConnectedAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var session = (await reader.LoadAsync(Aggregates.Session, sessionId, cancellationToken)).State;
        return session is { Kind: SessionKind.Chat, Status: SessionStatus.Connected } ? session.AgentId : null;
    }
}
