using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>Chats outside the hours go another way (AHD-5). Needs <c>If-Match</c>.</summary>
/// <param name="Deflection">Which way.</param>
public sealed record ConfigureChatDeflection(ChatDeflection Deflection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="ConfigureChatDeflection"/>.</summary>
public sealed class ConfigureChatDeflectionHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<ConfigureChatDeflection, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureChatDeflection request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Chats, s => SettingsDecider.ConfigureChats(s, request.Deflection, call.Now), cancellationToken);
}
