using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

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
        RuleFor(r => r.Text).NotNull().Must(text => text?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("Must not hold NUL.");
    }
}

/// <summary>Handles <see cref="SendConsumerMessage"/>.</summary>
public sealed class SendConsumerMessageHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<SendConsumerMessage, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SendConsumerMessage request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.SendMessage(
                session.State, request.MessageId, SessionParty.Consumer, session.State.ConsumerId, request.Text, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
