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

    /// <summary>The ids of bytes that were kept before an instant, oldest first.</summary>
    /// <param name="before">Ids are given out in the order of time (UUID version 7): those from before this.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Only later ones than this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Guid>> ListAsync(DateTimeOffset before, int limit, Guid after, CancellationToken cancellationToken);

    /// <summary>Throws bytes away; again changes nothing.</summary>
    Task DiscardAsync(Guid contentId, CancellationToken cancellationToken);
}
