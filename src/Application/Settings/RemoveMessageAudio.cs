using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>A recording is thrown away; refused while a message plays it.</summary>
/// <param name="AudioId">The recording.</param>
public sealed record RemoveMessageAudio(Guid AudioId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="RemoveMessageAudio"/>.</summary>
public sealed class RemoveMessageAudioHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<RemoveMessageAudio, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(RemoveMessageAudio request, CancellationToken cancellationToken) => settings.ChangeAsync(
        SettingsPages.Audio, s => SettingsDecider.RemoveAudio(s, request.AudioId, call.Now), request.AudioId, cancellationToken);
}
