using System.Runtime.CompilerServices;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;

namespace ContactCenter.Api.Live;

/// <summary>All rows of a live page as they are.</summary>
/// <typeparam name="T">The row.</typeparam>
/// <param name="Items">All of them.</param>
public sealed record RowsSnapshot<T>(IReadOnlyList<T> Items);

/// <summary>A row of a live page that is new or different.</summary>
/// <typeparam name="T">The row.</typeparam>
/// <param name="Key">Which.</param>
/// <param name="Item">As it is now.</param>
public sealed record RowChanged<T>(string Key, T Item);

/// <summary>A row that has left a live page.</summary>
/// <param name="Key">Which.</param>
public sealed record RowRemoved(string Key);

/// <summary>
/// Monitoring pages over SSE: <c>snapshot</c>, then <c>changed</c> and <c>removed</c>; ids rise with the log. A
/// <c>Last-Event-ID</c> that is none, that the log has not come to, or that was told to a narrower reach, is answered as if
/// there were none: an <c>EventSource</c> cannot drop the one it has.
/// </summary>
internal static class BoardStream
{
    /// <summary>Answers with the stream that a query gives.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="query">The query, resumed after a position.</param>
    public static async Task<IResult> LiveAsync<T>(this Call call, Func<LogPosition?, IQuery<IAsyncEnumerable<BoardChange<T>>>> query)
        where T : class
    {
        var answer = await call.SendAsync(query(After(call)));
        return answer.IsOk
            ? new EventStreamResult(EventsAsync(answer.Value, CancellationToken.None), async _ => (await call.SendAsync(query(null))).Error)
            : answer.Error.ToResult();
    }

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync<T>(
        IAsyncEnumerable<BoardChange<T>> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            var id = change.IsPart ? null : change.Position.ToString();
            yield return change switch
            {
                BoardSnapshot<T> s => new ServerSentEvent(id, "snapshot", new LiveSnapshot(s.Rows)),
                BoardRowChanged<T> c => new ServerSentEvent(id, "changed", new LiveRow(c.Key, c.Row)),
                BoardRowRemoved<T> r => new ServerSentEvent(id, "removed", new RowRemoved(r.Key)),
                _ => throw new InvalidOperationException($"A live page cannot tell {change.GetType().Name}."),
            };
        }
    }

    private static LogPosition? After(Call call) => LogPosition.TryParse(call.LastEventId, out var position) ? position : null;
}
