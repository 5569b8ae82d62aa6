using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>Calls that come from now on are recorded, or not, by other rules (REC-3, REC-4). Needs <c>If-Match</c>.</summary>
/// <param name="Rules">Which.</param>
public sealed record ConfigureRecording(RecordingRules Rules) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>The center has other telephone numbers, or they are recorded by other rules (REC-3). Needs <c>If-Match</c>.</summary>
/// <param name="Lines">All of them.</param>
public sealed record ConfigurePhoneNumbers(PhoneLines Lines) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="ConfigureRecording"/>.</summary>
public sealed class ConfigureRecordingHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<ConfigureRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureRecording request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Recording, s => SettingsDecider.ConfigureRecording(s, request.Rules, call.Now), cancellationToken);
}

/// <summary>Handles <see cref="ConfigurePhoneNumbers"/>.</summary>
public sealed class ConfigurePhoneNumbersHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<ConfigurePhoneNumbers, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigurePhoneNumbers request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.PhoneNumbers, s => SettingsDecider.ConfigurePhoneNumbers(s, request.Lines, call.Now), cancellationToken);
}
