using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>A recording that messages may play is kept (AHD-8). The same bytes again are the same recording.</summary>
/// <param name="Name">What it is called in lists, 1 to 100 characters.</param>
/// <param name="Content">A WAV file with PCM samples, or an MP3 file; at most <see cref="AudioContent.MaxBytes"/>.</param>
public sealed record UploadMessageAudio(string Name, ReadOnlyMemory<byte> Content) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="UploadMessageAudio"/>.</summary>
public sealed class UploadMessageAudioHandler(SettingsWork settings, UnitOfWork work, CurrentCall call, IMessageAudioStore store)
    : IRequestHandler<UploadMessageAudio, Result<Receipt>>
{
    private static readonly UnprocessableError NotPlayable = new(
        "message_audio.not_playable", "This is neither a whole WAV file with PCM samples, mono or stereo, nor a whole MP3 file.");

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(UploadMessageAudio request, CancellationToken cancellationToken)
    {
        if (request.Content.Length > AudioContent.MaxBytes)
            return new UnprocessableError("message_audio.too_large", $"A recording has at most {AudioContent.MaxBytes} bytes.");
        if (AudioContent.Of(request.Content.Span) is not { } found)
            return NotPlayable;

        // One id for all attempts of this call: a repeat leaves no second copy. What a refused upload leaves is swept up later.
        var contentId = call.Context.CommandId;
        var audio = new MessageAudio(
            AudioContent.IdOf(request.Content.Span), request.Name, found.Format, request.Content.Length, Math.Round(found.DurationSeconds, 3), contentId);
        var decision = await DecideAsync(audio, cancellationToken);
        if (decision.Events.Count > 0)
            await store.KeepAsync(contentId, request.Content, cancellationToken);
        return await settings.ChangeAsync(SettingsPages.Audio, _ => decision, audio.AudioId, cancellationToken);
    }

    private async ValueTask<Decision<SettingsEvent>> DecideAsync(MessageAudio audio, CancellationToken cancellationToken) =>
        SettingsDecider.KeepAudio((await work.LoadAsync(Aggregates.Settings, SettingsPages.Audio, cancellationToken)).State, audio, call.Now);
}
