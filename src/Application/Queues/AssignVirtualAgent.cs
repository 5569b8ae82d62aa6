using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>A virtual agent answers in the queue first, or none does. Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="VirtualAgent">Which and when, or null.</param>
public sealed record AssignVirtualAgent(Guid QueueId, VirtualAgentAssignment? VirtualAgent) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="AssignVirtualAgent"/>.</summary>
public sealed class AssignVirtualAgentValidator : AbstractValidator<AssignVirtualAgent>
{
    /// <summary>Its rules.</summary>
    /// <param name="connectors">Those that are installed.</param>
    public AssignVirtualAgentValidator(IEnumerable<IVirtualAgentConnector> connectors) => When(r => r.VirtualAgent is not null, () =>
    {
        RuleFor(r => r.VirtualAgent!.Name).Text(100).OverridePropertyName("name");
        RuleFor(r => r.VirtualAgent!.Connector).Must(name => connectors.Any(c => c.Name == name))
            .WithMessage($"Must be one that is installed: {string.Join(", ", connectors.Select(c => c.Name))}.").OverridePropertyName("connector");
        RuleFor(r => r.VirtualAgent!.Availability).IsInEnum().OverridePropertyName("availability");
    });
}

/// <summary>Handles <see cref="AssignVirtualAgent"/>.</summary>
public sealed class AssignVirtualAgentHandler(QueueWork queues, CurrentCall call) : IRequestHandler<AssignVirtualAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(AssignVirtualAgent request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.AssignVirtualAgent(q, request.VirtualAgent, call.Now), cancellationToken);
}
