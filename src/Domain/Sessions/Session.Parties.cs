using System.Diagnostics;

namespace ContactCenter.Domain.Sessions;

/// <summary>Somebody on a telephone number outside whom a call was given to. Their number is in no state: it is read from the log when it is called.</summary>
/// <param name="PartyId">Of this part alone: their leg.</param>
/// <param name="Since">Since when the call is theirs, or their number rings.</param>
/// <param name="JoinedAt">When they answered, or null: it rings.</param>
public sealed record OutsideParty(Guid PartyId, DateTimeOffset Since, DateTimeOffset? JoinedAt);

/// <summary>How far a consultation is.</summary>
public enum ConsultationStage
{
    /// <summary>Another agent is asked, or a number outside rings.</summary>
    Asked,

    /// <summary>The other agent accepted; their leg is on its way.</summary>
    Accepted,

    /// <summary>The two hear each other.</summary>
    Joined,
}

/// <summary>A consultation that goes on.</summary>
/// <param name="Id">The offer by which the other agent has it, and the leg of whoever is asked.</param>
/// <param name="AgentId">Who is asked, or null: somebody outside.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Until">How long it is waited for them; past once they are there.</param>
public sealed record Consultation(Guid Id, Guid? AgentId, ConsultationStage Stage, DateTimeOffset Until);

/// <content>Parties who are neither the consumer nor the agent who has the call.</content>
public sealed partial record Session
{
    /// <summary>Since when the number of the agent asked rings, or null.</summary>
    public DateTimeOffset? AgentCalledAt { get; init; }

    /// <summary>Somebody outside who has the call instead of an agent, or null.</summary>
    public OutsideParty? Outside { get; init; }

    /// <summary>Whom the agent consults, or null.</summary>
    public Consultation? Consultation { get; init; }

    /// <summary>The agent who last handed it over after a consultation, or null.</summary>
    public Guid? HandedOverBy { get; init; }

    /// <summary>True while the consumer and somebody who is meant to be recorded with them hear each other (REC-1).</summary>
    public bool IsTalking => Status == SessionStatus.Connected || Outside is { JoinedAt: not null };

    private Session Apply(OutsideEvent happened) => happened switch
    {
        AgentCalled e => this with { AgentCalledAt = e.CalledAt, OfferExpiresAt = e.Until },
        TransferredOutside e => WithoutAgent() with
        {
            Status = SessionStatus.Outside,
            Outside = new OutsideParty(e.PartyId, e.TransferredAt, JoinedAt: null),
            StageSince = e.TransferredAt,
            LastTargetId = null,
            LastAgentId = e.FromAgentId,
            WrapUpDue = WrapUpDue.Add(e.FromAgentId),
        },
        OutsideJoined e => this with { Outside = Outside is { } ringing ? ringing with { JoinedAt = e.JoinedAt } : null },
        OutsideFailed => this with { Status = SessionStatus.Requested, Outside = null },
        _ => throw new UnreachableException($"Session does not know {happened.GetType().Name}."),
    };

    private Session Apply(ConsultationEvent happened) => happened switch
    {
        ConsultationStarted e => this with
        {
            Consultation = new Consultation(e.ConsultationId, e.AgentId, ConsultationStage.Asked, e.Until),
            Asked = e.AgentId is { } agentId ? Asked.Add(agentId) : Asked,
            WrapUpDue = e.AgentId is { } consulted ? WrapUpDue.Remove(consulted) : WrapUpDue,
        },
        ConsultationAccepted e => this with { Consultation = Consultation is { } asked ? asked with { Stage = ConsultationStage.Accepted, Until = e.Until } : null },
        ConsultationJoined => this with { Consultation = Consultation is { } asked ? asked with { Stage = ConsultationStage.Joined } : null },
        ConsultationEnded => this with { Consultation = null },
        ConsultationCompleted e => WithoutAgent() with
        {
            Status = e.AgentId is null ? SessionStatus.Outside : SessionStatus.Connected,
            AgentId = e.AgentId,
            OfferId = e.AgentId is null ? null : e.ConsultationId,
            Outside = e.AgentId is null ? new OutsideParty(e.ConsultationId, e.CompletedAt, e.CompletedAt) : null,
            StageSince = e.CompletedAt,
            LastTargetId = null,
            LastAgentId = e.FromAgentId,
            HandedOverBy = e.FromAgentId,
            WrapUpDue = WrapUpDue.Add(e.FromAgentId),
        },
        _ => throw new UnreachableException($"Session does not know {happened.GetType().Name}."),
    };

    private Session WithoutAgent() => this with
    {
        OfferId = null,
        AgentId = null,
        AgentCalledAt = null,
        Outside = null,
        Consultation = null,
        Preparation = Preparation.None,
        Supervisors = Supervisors.Clear(),
    };
}
