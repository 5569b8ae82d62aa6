using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>Counts how a rotation goes: a key that cannot be rewrapped holds up no other.</summary>
internal sealed class RotationCount
{
    private readonly Dictionary<Guid, Exception> _failed = [];
    private int _rewrapped;

    /// <summary>How far it came.</summary>
    public KeyRotation Result => new(_rewrapped, _failed);

    /// <summary>Rewraps one, which answers whether it rewrote anything; one that is gone by now is none.</summary>
    public async Task TryAsync(Guid recordingId, Func<Task<bool>> rewrap)
    {
        try
        {
            if (await rewrap())
                _rewrapped++;
        }
        catch (FileNotFoundException)
        {
            // Purged meanwhile.
        }
        catch (Exception e) when (e is RecordingCorruptException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Damaged, out of reach, or under a master key that is not at hand.
            _failed[recordingId] = e;
        }
    }

    /// <summary>Takes over what failed elsewhere.</summary>
    public void AddFailures(KeyRotation other)
    {
        foreach (var (recordingId, why) in other.Failed)
            _failed.TryAdd(recordingId, why);
    }
}
