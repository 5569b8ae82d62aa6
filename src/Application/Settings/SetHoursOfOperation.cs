using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>Other hours of operation apply: the center's, and those of channels and languages (AHD-1). Needs <c>If-Match</c>.</summary>
/// <param name="Hours">All of them.</param>
public sealed record SetHoursOfOperation(HoursOfOperation Hours) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="SetHoursOfOperation"/>.</summary>
public sealed class SetHoursOfOperationHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<SetHoursOfOperation, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SetHoursOfOperation request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Hours, s => SettingsDecider.SetHours(s, request.Hours, call.Now), cancellationToken);
}
