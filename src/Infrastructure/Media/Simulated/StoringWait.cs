using ContactCenter.Application.Outbox;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Lets few commands wait for storage, and none for long. A command that waits takes a place that one to move a leg could
/// have: while storage stands still most places stay free, and who waits comes again (ADR 0065).
/// </summary>
internal sealed class StoringWait(TimeProvider time)
{
    private const int Places = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithoutPlace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(1);
    private int _waiting;

    /// <summary>Waits for what is being stored, which goes on in any case.</summary>
    /// <exception cref="RetryLaterException">It is not stored yet.</exception>
    public async Task WaitAsync(Task storing, CancellationToken cancellationToken)
    {
        try
        {
            var patience = Interlocked.Increment(ref _waiting) <= Places ? Patience : WithoutPlace;
            await storing.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException) when (!storing.IsCompleted)
        {
            throw new RetryLaterException("Storage has not taken all of it yet.", NextLook);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
