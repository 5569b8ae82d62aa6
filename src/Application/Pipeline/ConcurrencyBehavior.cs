using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// Decides again when another writer came first, and when nothing or a refusal was decided on a cached state that
/// another node may have outdated. A version that the caller looked at (<c>If-Match</c>) is the handler's to compare:
/// it stays what it was over all attempts, so a lost race ends as a stale version and never as a lost change. Who lost a race
/// for a stream waits for a turn at it: of many commands on one hot session each needs two attempts, not as many as there are.
/// </summary>
public sealed class ConcurrencyBehavior<TRequest, TAnswer>(UnitOfWork work, StreamTurns turns) : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : ICommand<TAnswer>
    where TAnswer : notnull
{
    // Enough for the one stream that every change of the configuration goes through, with several nodes at it, and for those
    // who come while another has the turn and are first once.
    private const int Attempts = 30;
    private const int LongestPauseMs = 40;

    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        StreamTurns.Turn? turn = null;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var answer = await next();
                if (attempt == Attempts || !(HasLostRace(answer) || MayBeStale(answer)))
                    return answer;
                if (attempt > 2)
                    await Task.Delay(Random.Shared.Next(Math.Min(attempt * 2, LongestPauseMs)), cancellationToken);
                if (work.Contested is { } stream)
                    turn = await turns.TakeAsync(stream, turn, cancellationToken);
                work.StartOver();
            }
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private static bool HasLostRace(Result<TAnswer> answer) => answer.Error is ConflictError { Code: ErrorCodes.Concurrency };

    private bool MayBeStale(Result<TAnswer> answer) =>
        work is { DecidedOnCachedState: true, HasCommitted: false, IsFresh: false }
        && answer.Error is not ConflictError { Code: ErrorCodes.IdempotencyRaced };
}
