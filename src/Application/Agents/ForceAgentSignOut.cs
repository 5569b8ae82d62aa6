using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>
/// A supervisor signs an agent out. Everything in hand goes back to its queue in the same write, in its old place: whoever
/// is sent away loses the conversation, and the consumer does not. One who is signed out already loses what is in hand.
/// </summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Reason">In the supervisor's own words, 1 to 500 characters.</param>
public sealed record ForceAgentSignOut(Guid AgentId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.AgentsSignOut, Target.User(AgentId));

    /// <summary>Without what was written.</summary>
    public override string ToString() => $"{nameof(ForceAgentSignOut)}({AgentId})";
}

/// <summary>The shape of <see cref="ForceAgentSignOut"/>.</summary>
public sealed class ForceAgentSignOutValidator : AbstractValidator<ForceAgentSignOut>
{
    /// <summary>Its rules.</summary>
    public ForceAgentSignOutValidator()
    {
        RuleFor(r => r.Reason).Text(500);
    }
}

/// <summary>Handles <see cref="ForceAgentSignOut"/>.</summary>
public sealed class ForceAgentSignOutHandler(UnitOfWork work, CurrentCall call, AgentSignOut signOut) : IRequestHandler<ForceAgentSignOut, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ForceAgentSignOut request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var refusal = LookedAt.RefusalIfGiven(call.Context, agent)
            ?? await signOut.LoseAsync(agent, AgentDecider.Forced, cancellationToken, request.Reason);
        return refusal is null ? await work.CommitAsync(agent, cancellationToken) : refusal;
    }
}
