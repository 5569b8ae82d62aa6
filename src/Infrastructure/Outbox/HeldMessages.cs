using System.Collections.Concurrent;
using ContactCenter.Application.Outbox;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Outbox;

/// <summary>
/// The messages that one worker has claimed: it keeps their leases, and gives back what did not succeed. It outlives its
/// database: what cannot be given back goes out again when its lease is over.
/// </summary>
/// <param name="outbox">The queue.</param>
/// <param name="options">The pace.</param>
/// <param name="clock">Waits.</param>
/// <param name="logger">Tells of failures.</param>
internal sealed class HeldMessages(OutboxStore outbox, OutboxOptions options, TimeProvider clock, ILogger logger)
{
    private readonly ConcurrentDictionary<Guid, byte> held = new();

    /// <summary>
    /// Takes a claimed message; false if it is here already: when a lease ran out while the message is worked on here, the
    /// same one is claimed again, and goes on as it is.
    /// </summary>
    public bool TryHold(ClaimedMessage claimed) => held.TryAdd(claimed.Message.Id, 0);

    /// <summary>It is done.</summary>
    public void LetGo(ClaimedMessage claimed) => held.TryRemove(claimed.Message.Id, out _);

    /// <summary>It failed, and is due again after a while; or it is not tried, because this node stops.</summary>
    public Task GiveBackAsync(ClaimedMessage claimed, Exception failure, bool stopping)
    {
        if (stopping)
            return GiveBackAsync(claimed, () => outbox.ReleaseAsync([claimed.Message.Id], CancellationToken.None));
        var wait = options.Backoff(claimed.Attempts, (failure as RetryLaterException)?.RetryAfter);
        logger.LogWarning(
            failure, "Outbox message {Id} ({Kind}) failed {Attempts} times; next attempt in {Wait}.", claimed.Message.Id, claimed.Message.Kind, claimed.Attempts + 1, wait);
        return GiveBackAsync(claimed, () => outbox.FailAsync(claimed, wait, $"{failure.GetType().Name}: {failure.Message}", CancellationToken.None));
    }

    /// <summary>It was not begun, and is due again after a while.</summary>
    public Task PutOffAsync(ClaimedMessage claimed, TimeSpan wait) =>
        GiveBackAsync(claimed, () => outbox.PutOffAsync(claimed, wait, CancellationToken.None));

    /// <summary>Keeps the leases of what is held until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(options.Lease / 3, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!cancellationToken.IsCancellationRequested && !held.IsEmpty)
                    await outbox.ExtendAsync([.. held.Keys], cancellationToken);
            }
#pragma warning disable CA1031 // tried again before the lease is over
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!cancellationToken.IsCancellationRequested)
                    logger.LogWarning(failure, "The leases of {Count} outbox messages could not be extended.", held.Count);
            }
        }
    }

    private async Task GiveBackAsync(ClaimedMessage claimed, Func<Task> giveBack)
    {
        // First: as soon as it is given back, this worker may claim it again.
        LetGo(claimed);
        try
        {
            await giveBack();
        }
#pragma warning disable CA1031 // without the database the lease runs out by itself, and the message goes out again
        catch (Exception lost)
#pragma warning restore CA1031
        {
            logger.LogWarning(lost, "Outbox message {Id} ({Kind}) could not be given back; its lease runs out.", claimed.Message.Id, claimed.Message.Kind);
        }
    }
}
