namespace ContactCenter.Application.Media;

/// <summary>
/// What is on its way to the media engine, on whichever node that runs. A command stays in it until the engine has
/// carried it out and its facts are taken; the one that sees a segment into storage thus until the segment is stored.
/// </summary>
public interface IMediaBacklog
{
    /// <summary>True if a command of this call, or one about this recording of it, waits or is being carried out.</summary>
    Task<bool> HasAnyAsync(Guid sessionId, Guid recordingId, CancellationToken cancellationToken);

    /// <summary>
    /// When what is recorded of a call ends, by session: the earliest instant of those ends that were asked for and are still
    /// on their way. An end is in it from its commit on.
    /// </summary>
    Task<IReadOnlyDictionary<Guid, DateTimeOffset>> EndsAsync(CancellationToken cancellationToken);
}
