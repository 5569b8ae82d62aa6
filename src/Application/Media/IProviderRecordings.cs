namespace ContactCenter.Application.Media;

/// <summary>
/// What the voice provider behind the media engine keeps of recordings, beside the encrypted storage: copies of its own,
/// and segments it still writes. Every media adapter answers for its provider; when the CRM has a recording, or its seven
/// days are over, nothing may be left there either (REC-6, REC-9).
/// </summary>
public interface IProviderRecordings
{
    /// <summary>Has the provider delete all it keeps of a recording, and write no more of it. Doing it again does nothing.</summary>
    /// <exception cref="IOException">The provider did not; it is to be asked again.</exception>
    Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>True if the provider keeps anything of the recording. Looks there; remembers nothing.</summary>
    /// <exception cref="IOException">The provider could not say.</exception>
    Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken);
}
