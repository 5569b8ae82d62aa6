using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Agents;

/// <summary>Why a command on an agent is refused.</summary>
internal static class AgentErrors
{
    public static readonly NotFoundError NotFound = new("agent.not_found", "The agent never signed in.");
    public static readonly ConflictError NotSignedIn = new("agent.not_signed_in", "The agent is not signed in.");
    public static readonly ConflictError NotAvailable = new("agent.not_available", "The agent takes no such sessions now.");
    public static readonly ConflictError AtCapacity = new("agent.at_capacity", "The agent has no free place.");
    public static readonly ConflictError NotReserved = new("offer.not_open", "The agent is not reserved by this offer.");
    public static readonly ConflictError NotEngaged = new("agent.not_engaged", "The agent did not accept this session.");
    public static readonly UnprocessableError StatusUnknown = new("agent.status_unknown", "The center has no such status.");
    public static readonly ConflictError NotWrappingUp = new("agent.not_wrapping_up", "The session is not over for this agent.");
}
