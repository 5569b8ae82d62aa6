using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.VirtualAgents;

/// <summary>What virtual agents are asked: their joining, and each message that is theirs to answer. No personal data in it.</summary>
public sealed class VirtualAgentEffects : IEffects
{
    /// <summary>A turn is due: <see cref="TurnDue"/>.</summary>
    public const string Turn = "virtual_agent.turn";

    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        switch (happened.Data)
        {
            case VirtualAgentJoined e:
                yield return Effects.Now(happened, Turn, e.SessionId, new TurnDue(e.SessionId, e.VirtualAgentId, MessageId: null, now), now);
                break;
            case MessageSent { From: SessionParty.Consumer, VirtualAgentId: { } virtualAgentId } e:
                yield return Effects.Now(happened, Turn, e.SessionId, new TurnDue(e.SessionId, virtualAgentId, e.MessageId, now), now);
                break;
        }
    }
}

/// <summary>Payload of <see cref="VirtualAgentEffects.Turn"/>.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="VirtualAgentId">Whose turn.</param>
/// <param name="MessageId">What is to be answered, or null: it joined.</param>
/// <param name="AskedAt">The time to answer runs from here.</param>
public sealed record TurnDue(Guid SessionId, Guid VirtualAgentId, Guid? MessageId, DateTimeOffset AskedAt);
