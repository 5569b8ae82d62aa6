using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Monitoring;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>The supervisor goes on in another mode; the new one's permission is needed (MON-5).</summary>
/// <param name="MonitorId">Which monitoring.</param>
/// <param name="Mode">How from now on.</param>
/// <param name="Voice">Simulated media only: the supervisor's voice, <c>tone:</c> and a frequency in Hz, or a file's name.</param>
public sealed record ChangeMonitorMode(Guid MonitorId, MonitorMode Mode, string? Voice) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => MonitorRights.ToGoOn(MonitorId, Mode);
}

/// <summary>The shape of <see cref="ChangeMonitorMode"/>.</summary>
public sealed class ChangeMonitorModeValidator : AbstractValidator<ChangeMonitorMode>
{
    /// <summary>Its rules.</summary>
    public ChangeMonitorModeValidator()
    {
        RuleFor(r => r.Mode).IsInEnum();
        RuleFor(r => r.Voice).Voice();
    }
}

/// <summary>Handles <see cref="ChangeMonitorMode"/>.</summary>
public sealed class ChangeMonitorModeHandler(MonitorWork monitors, CurrentCall call) : IRequestHandler<ChangeMonitorMode, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ChangeMonitorMode request, CancellationToken cancellationToken) =>
        monitors.DecideAsync(request.MonitorId, (m, s) => MonitorDecider.ChangeMode(m, s, request.Mode, request.Voice, call.Now), cancellationToken);
}
