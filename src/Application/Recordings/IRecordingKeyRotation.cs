namespace ContactCenter.Application.Recordings;

/// <summary>Brings what is stored under a new master key (REC-5).</summary>
public interface IRecordingKeyRotation
{
    /// <summary>
    /// Wraps every recording's key with the current master key; not a byte of audio is read or written. Says how many
    /// keys it rewrote. Doing it again does nothing; once it is done, retired master keys can go.
    /// </summary>
    Task<int> RewrapAsync(CancellationToken cancellationToken);
}
