using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>Calls outside the hours go another way (AHD-2). Needs <c>If-Match</c>.</summary>
/// <param name="Deflection">Which way.</param>
public sealed record ConfigureCallDeflection(CallDeflection Deflection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="ConfigureCallDeflection"/>.</summary>
public sealed class ConfigureCallDeflectionHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<ConfigureCallDeflection, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureCallDeflection request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Calls, s => SettingsDecider.ConfigureCalls(s, request.Deflection, call.Now), cancellationToken);
}
