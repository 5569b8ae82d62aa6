using ContactCenter.Application.Outbox;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Outbox;

/// <summary>
/// Works off one lane: parallel across keys, in order within a key. A message that fails waits for its next attempt
/// and holds back its own key only.
/// </summary>
/// <param name="name">The lane: the kinds' first word.</param>
/// <param name="handlers">Who carries them out.</param>
/// <param name="outbox">The queue.</param>
/// <param name="committed">Completes at this node's next commit; asked before each look.</param>
/// <param name="options">The pace.</param>
/// <param name="clock">Waits.</param>
/// <param name="logger">Tells of failures.</param>
public sealed class OutboxLane(
    string name,
    IReadOnlyList<IOutboxHandler> handlers,
    OutboxStore outbox,
    Func<Task> committed,
    OutboxOptions options,
    TimeProvider clock,
    ILogger logger)
{
    private readonly HeldMessages held = new(outbox, options, clock, logger);

    /// <summary>Works until cancelled, then waits for what is in flight and gives back the rest.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var keeping = held.KeepAsync(cancellationToken);
        List<Task> running = [];
        var pace = options.ShortestPoll;
        while (!cancellationToken.IsCancellationRequested)
        {
            var wake = committed();
            running.RemoveAll(r => r.IsCompleted);
            var places = options.Parallel - running.Count;
            var claimed = places > 0 ? await ClaimAsync(places, cancellationToken) : [];
            running.AddRange(claimed.Select(message => RunKeyAsync(message, cancellationToken)));

            if (running.Count == options.Parallel)
                wake = Task.WhenAny(running);
            else if (claimed.Count > 0)
                wake = Task.CompletedTask;
            pace = claimed.Count > 0 ? options.ShortestPoll : Longer(pace);
            await PauseAsync(pace, wake, cancellationToken);
        }

        await Task.WhenAll(running);
        await keeping;
    }

    private TimeSpan Longer(TimeSpan pace) => pace * 2 < options.BusyPoll ? pace * 2 : options.BusyPoll;

    private async Task PauseAsync(TimeSpan pace, Task wake, CancellationToken cancellationToken)
    {
        await Task.Delay(pace, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await wake.WaitAsync(options.IdlePoll, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<IReadOnlyList<ClaimedMessage>> ClaimAsync(int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await outbox.ClaimHeadsAsync(name, limit, cancellationToken);
        }
#pragma warning disable CA1031 // a lane outlives its database
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.LogWarning(failure, "The outbox cannot be read; lane {Lane} looks again.", name);
            return [];
        }
    }

    private async Task RunKeyAsync(ClaimedMessage first, CancellationToken cancellationToken)
    {
        for (var next = first; next is not null;)
            next = await RunOneAsync(next, cancellationToken);
    }

    /// <summary>Carries out one message; gives the next of its key, claimed.</summary>
    private async Task<ClaimedMessage?> RunOneAsync(ClaimedMessage claimed, CancellationToken cancellationToken)
    {
        var message = claimed.Message;
        if (!held.TryHold(claimed))
            return null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.LongestAttempt);
            await HandlerOf(message.Kind).HandleAsync(message, limit.Token);
            var next = await outbox.CompleteAndClaimNextAsync(claimed, name, CancellationToken.None);
            held.LetGo(claimed);
            return next;
        }
#pragma warning disable CA1031 // whatever it is, it is this message's failure alone
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await held.GiveBackAsync(claimed, failure, stopping: cancellationToken.IsCancellationRequested);
            return null;
        }
    }

    private IOutboxHandler HandlerOf(string kind) =>
        handlers.FirstOrDefault(h => h.Kinds.Any(k => k == kind || (k.EndsWith('.') && kind.StartsWith(k, StringComparison.Ordinal))))
        ?? throw new RetryLaterException($"No handler carries out {kind}.", options.LongestBackoff);
}
