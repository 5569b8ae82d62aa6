using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.Outbox;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>Sends a command for each outbox message of a kind that is due. A refusal is an answer: the state decided.</summary>
public sealed class DueMessages(OutboxStore outbox, OutboxOptions options, Dispatcher dispatcher, TimeProvider clock, ILogger<DueMessages> logger)
{
    private const int BatchSize = 200;

    /// <summary>Works off everything of a kind that is due now, and what becomes due while some of it takes long.</summary>
    /// <param name="kind">The outbox kind.</param>
    /// <param name="parallel">Commands at once.</param>
    /// <param name="command">The command a message stands for.</param>
    /// <param name="cancellationToken">Stops; what is claimed and not begun goes out again.</param>
    public async Task SendAsync(string kind, int parallel, Func<OutboxMessage, ICommand> command, CancellationToken cancellationToken)
    {
        var held = new HeldMessages(outbox, options, clock, logger);
        using var over = new CancellationTokenSource();
        var keeping = held.KeepAsync(over.Token);
        Queue<ClaimedMessage> claimed = [];
        List<Task> running = [];
        try
        {
            while (true)
            {
                if (claimed.Count == 0 && running.Count < parallel)
                    claimed = new(await ClaimAsync(kind, parallel, held, isBusy: running.Count > 0, cancellationToken));
                while (running.Count < parallel && claimed.TryDequeue(out var next))
                    running.Add(SendAsync(next, held, command, cancellationToken));
                if (running.Count == 0)
                    return;
                await OneOfAsync(running);
                running.RemoveAll(r => r.IsCompleted);
            }
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
        }
    }

    /// <summary>Claims what is due, not more than can be worked off while the claims last.</summary>
    private async Task<IEnumerable<ClaimedMessage>> ClaimAsync(string kind, int parallel, HeldMessages held, bool isBusy, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return [];
        try
        {
            return [.. (await outbox.ClaimDueAsync(kind, Math.Min(BatchSize, parallel * 25), cancellationToken)).Where(held.TryHold)];
        }
#pragma warning disable CA1031 // what is in flight is waited for, and then it is looked again
        catch (Exception failure) when (isBusy)
#pragma warning restore CA1031
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.LogWarning(failure, "The outbox cannot be read; it is looked again for {Kind}.", kind);
            return [];
        }
    }

    /// <summary>Until one is done, or others may be due.</summary>
    private async Task OneOfAsync(List<Task> running)
    {
        Task one = Task.WhenAny(running);
        await one.WaitAsync(options.IdlePoll, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Sends one command, and says what became of its message. Never throws: one message's failure is not another's.</summary>
    private async Task SendAsync(ClaimedMessage claimed, HeldMessages held, Func<OutboxMessage, ICommand> command, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.LongestAttempt);
            var answer = await dispatcher.SendAsSystemAsync("jobs", command(claimed.Message), limit.Token);
            if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency } raced)
                throw new RetryLaterException(raced.Message);
            await outbox.CompleteAsync(claimed, CancellationToken.None);
            held.LetGo(claimed);
        }
        catch (RetryLaterException told) when (told is { InnerException: null, RetryAfter: not null })
        {
            await held.PutOffAsync(claimed, told.RetryAfter.Value);
        }
#pragma warning disable CA1031 // one message's failure is not another's
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await held.GiveBackAsync(claimed, failure, stopping: cancellationToken.IsCancellationRequested);
        }
    }
}
