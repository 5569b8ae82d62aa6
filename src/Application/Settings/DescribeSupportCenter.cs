using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>The support center is described anew. Needs <c>If-Match</c>.</summary>
/// <param name="Center">Its details.</param>
public sealed record DescribeSupportCenter(SupportCenter Center) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="DescribeSupportCenter"/>.</summary>
public sealed class DescribeSupportCenterHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<DescribeSupportCenter, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(DescribeSupportCenter request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.SupportCenter, s => SettingsDecider.DescribeSupportCenter(s, request.Center, call.Now), cancellationToken);
}
