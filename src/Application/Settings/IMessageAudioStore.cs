using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Settings;

/// <summary>The bytes of recordings for messages, where every node finds them (AHD-8).</summary>
public interface IMessageAudioStore
{
    /// <summary>Keeps bytes; the same id again changes nothing.</summary>
    /// <exception cref="EventStoreUnavailableException">They cannot be kept now.</exception>
    Task KeepAsync(Guid contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The bytes, or null if there are none.</summary>
    /// <exception cref="EventStoreUnavailableException">They cannot be read now.</exception>
    Task<byte[]?> ReadAsync(Guid contentId, CancellationToken cancellationToken);

    /// <summary>Throws bytes away; again changes nothing.</summary>
    Task DiscardAsync(Guid contentId, CancellationToken cancellationToken);
}
