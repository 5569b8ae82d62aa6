using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Monitoring;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>The supervisor stops; needs no permission any more.</summary>
/// <param name="MonitorId">Which monitoring.</param>
public sealed record StopMonitor(Guid MonitorId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.StopMonitoring.RequirementOf(MonitorId);
}

/// <summary>Handles <see cref="StopMonitor"/>.</summary>
public sealed class StopMonitorHandler(MonitorWork monitors, CurrentCall call) : IRequestHandler<StopMonitor, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(StopMonitor request, CancellationToken cancellationToken) =>
        monitors.DecideAsync(request.MonitorId, (m, _) => MonitorDecider.Stop(m, MonitorEnds.Asked, call.Now), cancellationToken);
}

/// <summary>The monitoring ends without its supervisor's doing; if its session is over, that is why.</summary>
/// <param name="MonitorId">Which monitoring.</param>
/// <param name="Reason">One of <see cref="MonitorEnds"/>.</param>
public sealed record EndMonitor(Guid MonitorId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndMonitor"/>.</summary>
public sealed class EndMonitorHandler(MonitorWork monitors, CurrentCall call) : IRequestHandler<EndMonitor, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(EndMonitor request, CancellationToken cancellationToken) =>
        monitors.DecideAsync(request.MonitorId, (m, s) => MonitorDecider.End(m, s, request.Reason, call.Now), cancellationToken);
}

/// <summary>Something happened in the session, or the supervisor's leg is gone: see what becomes of the monitoring.</summary>
/// <param name="MonitorId">Which monitoring.</param>
/// <param name="LegLost">True if the supervisor's audio is gone.</param>
public sealed record SettleMonitor(Guid MonitorId, bool LegLost = false) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="SettleMonitor"/>.</summary>
public sealed class SettleMonitorHandler(MonitorWork monitors, CurrentCall call) : IRequestHandler<SettleMonitor, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SettleMonitor request, CancellationToken cancellationToken) => monitors.DecideAsync(
        request.MonitorId,
        (m, s) => request.LegLost ? MonitorDecider.LoseLeg(m, call.Now) : MonitorDecider.Settle(m, s, call.Now),
        cancellationToken);
}
