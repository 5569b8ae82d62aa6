using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Agents;

/// <content>Calls on a number of the agent's own (REC-1).</content>
public static partial class AgentDecider
{
    /// <summary>Calls that the agent accepts from now on ring there. It counts from the first sign-in on, or from now if that was.</summary>
    public static Decision<AgentEvent> SetForwarding(Agent a, Guid agentId, PersonalText number, string? voice, DateTimeOffset now) =>
        a.Forwarding == new Forwarding(number, voice) ? Decision<AgentEvent>.Nothing : new AgentForwardingSet(agentId, agentId, number, voice, now);

    /// <summary>Calls that the agent accepts from now on are in the browser.</summary>
    public static Decision<AgentEvent> ClearForwarding(Agent a, Guid agentId, DateTimeOffset now) =>
        a.Forwarding is null ? Decision<AgentEvent>.Nothing : new AgentForwardingCleared(agentId, now);
}
