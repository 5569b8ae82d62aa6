using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>The monitoring pages go by other limits (END-4). Needs <c>If-Match</c>.</summary>
/// <param name="Rules">Which.</param>
public sealed record ConfigureMonitoring(MonitoringRules Rules) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="ConfigureMonitoring"/>.</summary>
public sealed class ConfigureMonitoringHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<ConfigureMonitoring, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureMonitoring request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Monitoring, s => SettingsDecider.ConfigureMonitoring(s, request.Rules, call.Now), cancellationToken);
}
