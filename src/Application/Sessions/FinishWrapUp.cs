using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent finished the work after the session.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Disposition">How it went, in one word of the contact center's own, at most 100 characters, or null.</param>
public sealed record FinishWrapUp(Guid AgentId, Guid SessionId, string? Disposition) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.WrapUp.RequirementOf(SessionId, AgentId);
}

/// <summary>The shape of <see cref="FinishWrapUp"/>.</summary>
public sealed class FinishWrapUpValidator : AbstractValidator<FinishWrapUp>
{
    /// <summary>Its rules.</summary>
    public FinishWrapUpValidator()
    {
        RuleFor(r => r.Disposition).MaximumLength(100);
    }
}

/// <summary>Handles <see cref="FinishWrapUp"/>.</summary>
public sealed class FinishWrapUpHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<FinishWrapUp, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(FinishWrapUp request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var refusal =
            work.Append(Aggregates.Session, session, SessionDecider.WrapUp(session.State, request.AgentId, request.Disposition, expired: false, call.Now))
            ?? work.Append(Aggregates.Agent, agent, AgentDecider.FinishWrapUp(agent.State, request.SessionId, onlyIfDue: false, call.Now));
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
