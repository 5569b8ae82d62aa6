using ContactCenter.Application.Messaging;
using FluentValidation;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent finished the work after the session.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Disposition">How it went, in one word of the contact center's own, at most 100 characters, or null.</param>
public sealed record FinishWrapUp(Guid AgentId, Guid SessionId, string? Disposition) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
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
