using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>The center has no such message in this language any more; refused while something needs it. Needs <c>If-Match</c> of all messages.</summary>
/// <param name="Key">Which message.</param>
/// <param name="Language">BCP 47.</param>
public sealed record RemoveMessage(MessageKey Key, string Language) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="RemoveMessage"/>.</summary>
public sealed class RemoveMessageHandler(SettingsWork settings, ConfigurationWork configuration, CurrentCall call) : IRequestHandler<RemoveMessage, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RemoveMessage request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        return await settings.EditAsync(
            SettingsPages.Messages, s => SettingsDecider.RemoveMessage(s, center, request.Key, request.Language, call.Now), cancellationToken);
    }
}
