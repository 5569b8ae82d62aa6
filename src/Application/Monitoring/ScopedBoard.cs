using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// A board seen through what a caller may see. Their reach is looked at again now and then: where it changed, the
/// subscriber gets a snapshot of what it is now. Positions told to whoever does not see everything are marked: nobody
/// resumes after them, since what came into sight meanwhile is in no change.
/// </summary>
internal static class ScopedBoard
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    // Further than a log comes in seven years of 20,000 transactions a second.
    private const long Narrow = 1L << 62;

    /// <param name="board">The board.</param>
    /// <param name="look">Gives the test and the ids it stands on, null for all.</param>
    /// <param name="resumeAfter">The position of the last change seen, or null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<BoardChange<TView>> WatchAsync<TView>(
        LiveBoard<TView> board,
        Func<CancellationToken, Task<(Func<TView, bool> Shows, IReadOnlySet<Guid>? Reach)>> look,
        LogPosition? resumeAfter,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TView : class
    {
        while (true)
        {
            var (shows, reach) = await look(cancellationToken);
            using var same = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = reach is null ? Task.CompletedTask : EndWhenChangedAsync(look, reach, time, same);
            // Whose reach has a limit, or had one when they saw that change, may have had another one then.
            var isWhole = reach is null && resumeAfter?.Value < Narrow;
            var changes = board.SubscribeAsync(shows, isWhole ? resumeAfter : null, same.Token).GetAsyncEnumerator(same.Token);
            try
            {
                while (await MoveNextAsync(changes, same.Token, cancellationToken))
                    yield return reach is null ? changes.Current : changes.Current with { Position = new LogPosition(Narrow + changes.Current.Position.Value) };
            }
            finally
            {
                await changes.DisposeAsync();
                await same.CancelAsync();
                await watching;
            }

            resumeAfter = null;
        }
    }

    private static async Task EndWhenChangedAsync<TView>(
        Func<CancellationToken, Task<(Func<TView, bool> Shows, IReadOnlySet<Guid>? Reach)>> look,
        IReadOnlySet<Guid> reach,
        TimeProvider time,
        CancellationTokenSource same)
    {
        try
        {
            do
                await Task.Delay(Recheck, time, same.Token);
            while ((await look(same.Token)).Reach is { } now && now.SetEquals(reach));
            await same.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The subscriber left.
        }
        catch (EventStoreUnavailableException)
        {
            // What cannot be looked up must not be shown on: begin again, and fail there if it still cannot.
            await same.CancelAsync();
        }
    }

    private static async ValueTask<bool> MoveNextAsync<TView>(
        IAsyncEnumerator<BoardChange<TView>> changes, CancellationToken same, CancellationToken cancellationToken)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (same.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
