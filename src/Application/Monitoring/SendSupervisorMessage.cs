using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>A supervisor who barged into a chat writes in it, under their own name. The same message id again is the same message.</summary>
/// <param name="MonitorId">Their monitoring.</param>
/// <param name="MessageId">The sender's id for the message.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record SendSupervisorMessage(Guid MonitorId, Guid MessageId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Write.RequirementOf(MonitorId);

    /// <summary>Without what was written.</summary>
    public override string ToString() => $"{nameof(SendSupervisorMessage)}({MonitorId}, {MessageId})";
}

/// <summary>The shape of <see cref="SendSupervisorMessage"/>.</summary>
public sealed class SendSupervisorMessageValidator : AbstractValidator<SendSupervisorMessage>
{
    /// <summary>Its rules.</summary>
    public SendSupervisorMessageValidator()
    {
        RuleFor(r => r.MessageId).Id();
        RuleFor(r => r.Text).NotNull().Must(text => text?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("Must not hold NUL.");
    }
}

/// <summary>Handles <see cref="SendSupervisorMessage"/>.</summary>
public sealed class SendSupervisorMessageHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<SendSupervisorMessage, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SendSupervisorMessage request, CancellationToken cancellationToken)
    {
        var monitor = (await work.LoadAsync(Aggregates.Monitor, request.MonitorId, cancellationToken)).State;
        if (MonitorDecider.WhyNotWriting(monitor) is { } notWriting)
            return notWriting;
        var session = await work.LoadAsync(Aggregates.Session, monitor.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.SendMessage(
                session.State, request.MessageId, SessionParty.Supervisor, call.Context.Caller.UserId ?? Guid.Empty, request.Text, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
