using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent writes in a chat that is theirs. The same message id again is the same message.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The chat.</param>
/// <param name="MessageId">The sender's id for the message.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record SendAgentMessage(Guid AgentId, Guid SessionId, Guid MessageId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);

    /// <summary>Without what was written.</summary>
    public override string ToString() => $"{nameof(SendAgentMessage)}({SessionId}, {MessageId})";
}

/// <summary>The shape of <see cref="SendAgentMessage"/>.</summary>
public sealed class SendAgentMessageValidator : AbstractValidator<SendAgentMessage>
{
    /// <summary>Its rules.</summary>
    public SendAgentMessageValidator()
    {
        RuleFor(r => r.MessageId).Id();
        RuleFor(r => r.Text).NotNull();
    }
}
