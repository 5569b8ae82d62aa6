using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The agent puts the consumer on hold and asks somebody before a transfer: another agent, the longest idle one of a queue that
/// takes transfers now (AHD-7), or a telephone number outside. What the two say is not recorded, and nobody else hears it (REC-1).
/// </summary>
/// <param name="AgentId">Who asks.</param>
/// <param name="SessionId">The call.</param>
/// <param name="WhomId">Another agent, or null.</param>
/// <param name="QueueId">Or a queue, or null.</param>
/// <param name="PhoneNumber">Or a number outside, E.164, or null.</param>
/// <param name="Voice">Simulated media only: how the line outside answers, up to 100 characters.</param>
public sealed record StartConsultation(Guid AgentId, Guid SessionId, Guid? WhomId, Guid? QueueId, string? PhoneNumber, string? Voice = null) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => (PhoneNumber is null ? SessionActions.Consult : SessionActions.ConsultOutside).RequirementOf(SessionId, AgentId);

    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(StartConsultation)}({SessionId})";
}

/// <summary>The shape of <see cref="StartConsultation"/>.</summary>
public sealed class StartConsultationValidator : AbstractValidator<StartConsultation>
{
    /// <summary>Its rules.</summary>
    public StartConsultationValidator()
    {
        RuleFor(r => r.WhomId).Must((r, whom) => (whom is null ? 0 : 1) + (r.QueueId is null ? 0 : 1) + (r.PhoneNumber is null ? 0 : 1) == 1)
            .OverridePropertyName("agentId").WithMessage("Name an agent, a queue or a telephone number, and one of them.");
        RuleFor(r => r.WhomId).NotEqual(Guid.Empty).OverridePropertyName("agentId").WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.QueueId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.PhoneNumber!).PhoneNumber().When(r => r.PhoneNumber is not null);
        RuleFor(r => r.Voice).Text(100).When(r => r.Voice is not null);
    }
}

/// <summary>Handles <see cref="StartConsultation"/>.</summary>
public sealed class StartConsultationHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, ArrivalWork arrivals) : IRequestHandler<StartConsultation, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(StartConsultation request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var (before, whom) = (session.State, request.WhomId);
        if (SessionDecider.WhyNotConsultedBy(before, request.AgentId) is { } notNow)
            return notNow;
        if (request.QueueId is { } queueId)
        {
            var queue = (await work.LoadAsync(Aggregates.Queue, queueId, cancellationToken)).State;
            if (SessionDecider.WhyNotHandedTo(before, queue, await arrivals.IsTargetAsync(queue, before, cancellationToken)) is { } noTarget)
                return noTarget;
            whom = await LongestIdleAsync(queue, before, cancellationToken);
            if (whom is null)
                return SessionDecider.WhyNobodyIsConsulted;
        }

        var consulted = new Consulted(call.NewId(), whom, request.QueueId, request.PhoneNumber, request.Voice);
        var refusal = work.Append(Aggregates.Session, session, SessionDecider.Consult(before, request.AgentId, consulted, call.Now))
            ?? await ReserveAsync(before, consulted, cancellationToken)
            ?? await sessions.PauseRecordingAsync(before, PauseReason.Hold, cancellationToken)
            ?? await sessions.PauseRecordingAsync(before, PauseReason.Consultation, cancellationToken);
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }

    private async ValueTask<Guid?> LongestIdleAsync(Queue queue, Session session, CancellationToken cancellationToken)
    {
        var members = await work.LoadAllAsync(Aggregates.Agent, queue.Members.Where(m => m != session.AgentId), cancellationToken);
        return members.Select(m => m.State).Where(a => a.CanTake(session.Kind, session.Channel)).OrderBy(a => a.IdleSince).ThenBy(a => a.Id)
            .Select(a => (Guid?)a.Id).FirstOrDefault();
    }

    private async ValueTask<DomainError?> ReserveAsync(Session session, Consulted consulted, CancellationToken cancellationToken)
    {
        if (consulted.AgentId is not { } agentId)
            return null;
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        if (!agent.State.Exists)
            return new UnprocessableError("agent.not_found", "The agent who is to be asked never signed in.");
        return work.Append(
            Aggregates.Agent, agent, AgentDecider.Reserve(agent.State, session.Id, consulted.ConsultationId, session.Kind, session.Channel, call.Now));
    }
}
