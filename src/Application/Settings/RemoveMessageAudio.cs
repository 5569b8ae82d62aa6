using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>A recording is thrown away; refused while a message plays it. Needs <c>If-Match</c>.</summary>
/// <param name="AudioId">The recording.</param>
public sealed record RemoveMessageAudio(Guid AudioId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="RemoveMessageAudio"/>.</summary>
public sealed class RemoveMessageAudioHandler(SettingsWork settings, ConfigurationWork configuration, CurrentCall call)
    : IRequestHandler<RemoveMessageAudio, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RemoveMessageAudio request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        return await settings.EditAsync(SettingsPages.Audio, s => SettingsDecider.RemoveAudio(s, center, request.AudioId, call.Now), cancellationToken, request.AudioId);
    }
}
