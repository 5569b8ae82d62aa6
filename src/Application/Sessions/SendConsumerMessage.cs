using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Sessions;

/// <summary>The consumer writes in a chat. The same message id again is the same message.</summary>
/// <param name="SessionId">The chat.</param>
/// <param name="MessageId">The sender's id for the message.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record SendConsumerMessage(Guid SessionId, Guid MessageId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ConsumerOf(SessionId);

    /// <summary>Without what was written.</summary>
    public override string ToString() => $"{nameof(SendConsumerMessage)}({SessionId}, {MessageId})";
}

/// <summary>The shape of <see cref="SendConsumerMessage"/>.</summary>
public sealed class SendConsumerMessageValidator : AbstractValidator<SendConsumerMessage>
{
    /// <summary>Its rules.</summary>
    public SendConsumerMessageValidator()
    {
        RuleFor(r => r.MessageId).Id();
        RuleFor(r => r.Text).NotNull();
    }
}
