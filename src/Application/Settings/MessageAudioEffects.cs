using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>With a recording that is thrown away go its bytes.</summary>
public sealed class MessageAudioEffects : IEffects
{
    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        if (happened.Data is MessageAudioRemoved e)
            yield return Effects.Now(happened, OutboxKinds.DiscardAudio, e.ContentId, new AudioDiscarded(e.ContentId), now);
    }
}

/// <summary>Payload of <see cref="OutboxKinds.DiscardAudio"/>.</summary>
public sealed record AudioDiscarded(Guid ContentId);

/// <summary>Throws the bytes away.</summary>
public sealed class MessageAudioOutboxHandler(IMessageAudioStore store) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [OutboxKinds.DiscardAudio];

    /// <inheritdoc/>
    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        store.DiscardAsync(OutboxJson.Read<AudioDiscarded>(message.Payload).ContentId, cancellationToken);
}
