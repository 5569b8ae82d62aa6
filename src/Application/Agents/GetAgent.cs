using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>One agent: presence, capacity and sessions in hand.</summary>
/// <param name="AgentId">Who.</param>
public sealed record GetAgent(Guid AgentId) : IQuery<AgentDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Self(AgentId), Requirement.Permission(Permissions.MonitoringRead, Target.User(AgentId)));
}

/// <summary>All there is to know about one agent's work.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Version">The stream's version: the <c>ETag</c>.</param>
/// <param name="Name">As shown to others.</param>
/// <param name="Presence">Signed in, paused or not.</param>
/// <param name="PauseReason">Why paused, or null.</param>
/// <param name="PresenceSince">In this presence since.</param>
/// <param name="Capacity">How many sessions at once.</param>
/// <param name="Channels">From which channels.</param>
/// <param name="Work">The sessions in hand; which they are is told only of those within the caller's reach (MON-9).</param>
/// <param name="Forwarding">The end of the number on which they take calls, or null: in the browser.</param>
public sealed record AgentDetails(
    Guid AgentId,
    long Version,
    string Name,
    Presence Presence,
    string? PauseReason,
    DateTimeOffset PresenceSince,
    Capacity Capacity,
    IReadOnlyList<Channel> Channels,
    IReadOnlyList<AgentWork> Work,
    string? Forwarding);

/// <summary>A session in hand.</summary>
/// <param name="SessionId">Which; null where it is out of the caller's reach.</param>
/// <param name="OfferId">By which offer; null as the session is.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Phase">How far.</param>
/// <param name="Until">When the wrap-up runs out; null before it began.</param>
public sealed record AgentWork(Guid? SessionId, Guid? OfferId, SessionKind Kind, WorkPhase Phase, DateTimeOffset? Until);

/// <summary>Handles <see cref="GetAgent"/>.</summary>
public sealed class GetAgentHandler(UnitOfWork work, CurrentCall call, AgentRows rows) : IRequestHandler<GetAgent, Result<AgentDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<AgentDetails>> Handle(GetAgent request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var user = (await work.LoadAsync(Aggregates.User, request.AgentId, cancellationToken)).State;
        var state = agent.State;
        if (!state.Exists)
            return new NotFoundError("agent.not_found", "The agent never signed in.");
        var inHand = await InHandAsync(state, cancellationToken);
        return new AgentDetails(
            state.Id, agent.Version, user.Name, state.Presence, state.PauseReason, state.PresenceSince, state.Capacity, state.Channels, inHand,
            state.Forwarding is { } forwarding ? ScheduledCallDecider.Masked(forwarding.PhoneNumber) : null);
    }

    private async ValueTask<IReadOnlyList<AgentWork>> InHandAsync(Agent agent, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var isOwn = caller.UserId == agent.Id;
        var inHand = new List<AgentWork>();
        foreach (var one in agent.Work)
        {
            var isSeen = isOwn || await rows.ReachesAsync(one, caller, cancellationToken);
            inHand.Add(new AgentWork(isSeen ? one.SessionId : null, isSeen ? one.OfferId : null, one.Kind, one.Phase, one.Until));
        }

        return inHand;
    }
}
