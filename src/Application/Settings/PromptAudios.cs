using ContactCenter.Application.Media;

namespace ContactCenter.Application.Settings;

/// <summary>Finds the recordings that prompts play, as the configuration has them now (AHD-8).</summary>
public sealed class PromptAudios(ICenterConfiguration configuration, IMessageAudioStore store)
{
    /// <summary>The recording, or null if it was thrown away meanwhile.</summary>
    public async Task<PromptAudio?> FindAsync(Guid audioId, CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(0, cancellationToken);
        return center.Settings.Audio.TryGetValue(audioId, out var audio) && await store.ReadAsync(audio.ContentId, cancellationToken) is { } content
            ? new PromptAudio(content, audio.Format, audio.DurationSeconds)
            : null;
    }
}
