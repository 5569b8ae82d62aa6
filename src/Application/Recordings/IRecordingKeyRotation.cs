namespace ContactCenter.Application.Recordings;

/// <summary>Brings what is stored under a new master key (REC-5).</summary>
public interface IRecordingKeyRotation
{
    /// <summary>
    /// Wraps every recording's key with the current master key; not a byte of audio is read or written. A key that cannot
    /// be rewrapped holds up no other. Doing it again does what is left; once nothing is, retired master keys can go.
    /// </summary>
    Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken);
}

/// <summary>How far a rotation came.</summary>
/// <param name="Rewrapped">How many keys were rewritten.</param>
/// <param name="Failed">The recordings whose keys are not under the current master key, with the reason of each.</param>
public sealed record KeyRotation(int Rewrapped, IReadOnlyDictionary<Guid, Exception> Failed);
