using ContactCenter.Application.Access;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>
/// The agent takes calls on a telephone number of their own instead of in the browser (REC-1): what they accept rings there. They
/// say so themselves, or whoever administers users does.
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers and what is said there, up to 100 characters.</param>
public sealed record SetForwarding(Guid AgentId, string PhoneNumber, string? Voice = null) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => ForwardingRights.Of(AgentId);

    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(SetForwarding)}({AgentId})";
}

/// <summary>The agent takes calls in the browser again.</summary>
/// <param name="AgentId">Who.</param>
public sealed record ClearForwarding(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => ForwardingRights.Of(AgentId);
}

internal static class ForwardingRights
{
    public static Requirement Of(Guid agentId) =>
        Requirement.AnyOf(Requirement.Self(agentId), Requirement.Permission(Permissions.UsersWrite, Target.User(agentId)));
}

/// <summary>The shape of <see cref="SetForwarding"/>.</summary>
public sealed class SetForwardingValidator : AbstractValidator<SetForwarding>
{
    /// <summary>Its rules.</summary>
    public SetForwardingValidator()
    {
        RuleFor(r => r.PhoneNumber).PhoneNumber();
        RuleFor(r => r.Voice).Text(100).When(r => r.Voice is not null);
    }
}

/// <summary>Handles both.</summary>
public sealed class SetForwardingHandler(UnitOfWork work, CurrentCall call, References references) :
    IRequestHandler<SetForwarding, Result<Receipt>>,
    IRequestHandler<ClearForwarding, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SetForwarding request, CancellationToken cancellationToken) => ChangeAsync(
        request.AgentId,
        a => AgentDecider.SetForwarding(a, request.AgentId, new PersonalText(request.PhoneNumber), request.Voice, call.Now),
        cancellationToken);

    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ClearForwarding request, CancellationToken cancellationToken) =>
        ChangeAsync(request.AgentId, a => AgentDecider.ClearForwarding(a, request.AgentId, call.Now), cancellationToken);

    private async Task<Result<Receipt>> ChangeAsync(Guid agentId, Func<Agent, Decision<AgentEvent>> change, CancellationToken cancellationToken)
    {
        if (await references.WhyNotUserAsync(agentId, cancellationToken) is not null)
            return new NotFoundError("agent.not_found", "There is no such agent.");
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        return work.Append(Aggregates.Agent, agent, change(agent.State)) is { } refusal ? refusal : await work.CommitAsync(agent, cancellationToken);
    }
}
