using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent writes in a chat that is theirs. The same message id again is the same message.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The chat.</param>
/// <param name="MessageId">The sender's id for the message.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record SendAgentMessage(Guid AgentId, Guid SessionId, Guid MessageId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.SendMessage.RequirementOf(SessionId, AgentId);

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
        RuleFor(r => r.Text).NotNull().Must(text => text?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("Must not hold NUL.");
    }
}

/// <summary>Handles <see cref="SendAgentMessage"/>.</summary>
public sealed class SendAgentMessageHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<SendAgentMessage, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SendAgentMessage request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.SendMessage(
                session.State, request.MessageId, SessionParty.Agent, request.AgentId, request.Text, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
