using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent gives the session to another queue of its channel, where it waits anew.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="QueueId">Where to.</param>
public sealed record TransferSession(Guid AgentId, Guid SessionId, Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}

/// <summary>The shape of <see cref="TransferSession"/>.</summary>
public sealed class TransferSessionValidator : AbstractValidator<TransferSession>
{
    /// <summary>Its rules.</summary>
    public TransferSessionValidator()
    {
        RuleFor(r => r.QueueId).Id();
    }
}
