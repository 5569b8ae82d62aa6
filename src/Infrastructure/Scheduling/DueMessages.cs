using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.Outbox;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>Sends a command for each outbox message of a kind that is due. A refusal is an answer: the state decided.</summary>
public sealed class DueMessages(OutboxStore outbox, OutboxOptions options, Dispatcher dispatcher, ILogger<DueMessages> logger)
{
    private const int BatchSize = 200;

    /// <summary>Works off everything of a kind that is due now.</summary>
    /// <param name="kind">The outbox kind.</param>
    /// <param name="parallel">Commands at once.</param>
    /// <param name="command">The command a message stands for.</param>
    /// <param name="cancellationToken">Stops; what is claimed and not begun goes out again.</param>
    public async Task SendAsync(string kind, int parallel, Func<OutboxMessage, ICommand> command, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimedMessage> batch;
        do
        {
            // Not more than can be worked off while the claims last.
            batch = await outbox.ClaimDueAsync(kind, Math.Min(BatchSize, parallel * 25), cancellationToken);
            using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var keeping = KeepAsync([.. batch.Select(b => b.Message.Id)], beat.Token);
            var limits = new ParallelOptions { MaxDegreeOfParallelism = parallel };
            await Parallel.ForEachAsync(batch, limits, async (claimed, _) => await SendAsync(claimed, command, cancellationToken));
            await beat.CancelAsync();
            await keeping;
        }
        while (batch.Count > 0 && !cancellationToken.IsCancellationRequested);
    }

    private async Task SendAsync(ClaimedMessage claimed, Func<OutboxMessage, ICommand> command, CancellationToken cancellationToken)
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
        }
        catch (RetryLaterException told) when (told is { InnerException: null, RetryAfter: not null })
        {
            await outbox.PutOffAsync(claimed, told.RetryAfter.Value, CancellationToken.None);
        }
#pragma warning disable CA1031 // one message's failure is not another's
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested)
            {
                await outbox.ReleaseAsync([claimed.Message.Id], CancellationToken.None);
                return;
            }

            logger.LogWarning(failure, "Outbox message {Id} ({Kind}) failed.", claimed.Message.Id, claimed.Message.Kind);
            var wait = options.Backoff(claimed.Attempts, (failure as RetryLaterException)?.RetryAfter);
            await outbox.FailAsync(claimed, wait, $"{failure.GetType().Name}: {failure.Message}", CancellationToken.None);
        }
    }

    private async Task KeepAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await outbox.ExtendAsync(ids, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The batch is done.
        }
        catch (Npgsql.NpgsqlException failure)
        {
            logger.LogWarning(failure, "The claims of a batch could not be extended; it may go out twice.");
        }
    }
}
