using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Agents;
using ContactCenter.Domain.Agents;

namespace ContactCenter.Api.Endpoints;

/// <summary>Agents and their status. Signing in is the adapter's, over gRPC.</summary>
public static class AgentEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAgents(this IEndpointRouteBuilder v1)
    {
        var agents = v1.MapGroup("/agents").WithTags("agents");
        agents.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetAgent(id), a => a.Version)).Query<AgentDetails>("GetAgent")
            .WithSummary("One agent: presence, capacity, sessions in hand.");
        agents.MapGet("/{id}/status", StatusAsync).Query<AgentStatus>("GetAgentStatus").Sends(new GetAgent(Guid.Empty))
            .WithSummary("Whether the agent takes offers.");
        agents.MapPut("/{id}/status", SetStatusAsync).Command("SetAgentStatus").Sends(new MakeAgentAvailable(Guid.Empty))
            .WithSummary("The agent takes offers again, pauses in a status, or signs out.");
        agents.MapPut("/{id}/forwarding", (Call call, Guid id, ForwardingBody body) => call.DoAsync(new SetForwarding(id, body.PhoneNumber, body.Voice))).Command("SetForwarding")
            .WithSummary("The agent takes calls on a telephone number of their own: what they accept from now on rings there.");
        agents.MapDelete("/{id}/forwarding", (Call call, Guid id) => call.DoAsync(new ClearForwarding(id))).Command("ClearForwarding")
            .WithSummary("The agent takes calls in the browser again.");
        agents.MapPost("/{id}/sign-out", (Call call, Guid id, SignOutBody body) => call.DoAsync(new ForceAgentSignOut(id, body.Reason))).Command("ForceAgentSignOut")
            .WithSummary("A supervisor signs the agent out; what is in hand goes back to its queues.");
    }

    private static async Task<IResult> StatusAsync(Call call, Guid id)
    {
        var agent = await call.SendAsync(new GetAgent(id));
        return agent.IsOk
            ? call.Tagged(agent.Value.Version, new AgentStatus(agent.Value.Presence, agent.Value.PauseReason, agent.Value.PresenceSince))
            : agent.Error.ToResult();
    }

    private static Task<IResult> SetStatusAsync(Call call, Guid id, AgentStatusBody body) => body switch
    {
        { Presence: Presence.Available, Reason: null } => call.DoAsync(new MakeAgentAvailable(id)),
        { Presence: Presence.Paused, Reason: { } reason } => call.DoAsync(new PauseAgent(id, reason)),
        { Presence: Presence.Offline } => call.DoAsync(new SignOutAgent(id, body.Reason ?? "signed_out")),
        _ => throw BadRequestException.Field("reason", "A pause needs a reason; being available has none."),
    };
}

/// <summary>Whether an agent takes offers.</summary>
/// <param name="Presence">Signed in, paused or not.</param>
/// <param name="Reason">Why paused, or null.</param>
/// <param name="Since">Since when.</param>
public sealed record AgentStatus(Presence Presence, string? Reason, DateTimeOffset Since);

/// <summary>Where an agent takes calls.</summary>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
public sealed record ForwardingBody(string PhoneNumber, string? Voice = null)
{
    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(ForwardingBody);
}

/// <summary>Why an agent is signed out.</summary>
/// <param name="Reason">In the supervisor's own words, 1 to 500 characters.</param>
public sealed record SignOutBody(string Reason)
{
    /// <summary>Never the words, so that they cannot slip into a log line.</summary>
    public override string ToString() => nameof(SignOutBody);
}

/// <summary>An agent's new status.</summary>
/// <param name="Presence">Signed in, paused or not.</param>
/// <param name="Reason">The status: <c>break</c>, <c>meal</c>, <c>unavailable</c>, or one of the center's own; only when paused.</param>
public sealed record AgentStatusBody(Presence Presence, string? Reason = null);
