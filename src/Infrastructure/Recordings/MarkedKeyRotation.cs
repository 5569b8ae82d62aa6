using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.PersonalData;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>A rotation that found all under the current master key: no node needs a retired one any more (ADR 0053).</summary>
/// <param name="inner">Does it.</param>
/// <param name="marks">What the database knows of the keys.</param>
/// <param name="currentId">The current master key.</param>
public sealed class MarkedKeyRotation(IRecordingKeyRotation inner, KeyMarks marks, string currentId) : IRecordingKeyRotation
{
    /// <inheritdoc/>
    public async Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken)
    {
        var result = await inner.RewrapAsync(cancellationToken);
        // Where something was rewrapped, a node that has yet to restart may write more of it.
        if (result is { Rewrapped: 0, Failed.Count: 0 })
            await marks.KeepRecordingsKeyAsync(currentId, cancellationToken);
        return result;
    }
}
