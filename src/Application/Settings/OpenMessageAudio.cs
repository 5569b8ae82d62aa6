using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>A recording's bytes, to be heard (AHD-8).</summary>
/// <param name="AudioId">The recording.</param>
public sealed record OpenMessageAudio(Guid AudioId) : IQuery<OpenedMessageAudio>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Everything);
}

/// <summary>A recording with its bytes.</summary>
/// <param name="Audio">The recording.</param>
/// <param name="Content">Its bytes.</param>
public sealed record OpenedMessageAudio(MessageAudio Audio, ReadOnlyMemory<byte> Content);

/// <summary>Handles <see cref="OpenMessageAudio"/>.</summary>
public sealed class OpenMessageAudioHandler(UnitOfWork work, IMessageAudioStore store) : IRequestHandler<OpenMessageAudio, Result<OpenedMessageAudio>>
{
    /// <inheritdoc/>
    public async Task<Result<OpenedMessageAudio>> Handle(OpenMessageAudio request, CancellationToken cancellationToken)
    {
        var page = await work.LoadAsync(Aggregates.Settings, SettingsPages.Audio, cancellationToken);
        if (page.State.Audio.TryGetValue(request.AudioId, out var audio) && await store.ReadAsync(audio.ContentId, cancellationToken) is { } content)
            return new OpenedMessageAudio(audio, content);
        return new NotFoundError("message_audio.not_found", "There is no such recording.");
    }
}
