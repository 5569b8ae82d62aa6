using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Monitoring;

/// <summary>The recent changes of a board: one writer, any number of readers, no locks.</summary>
internal sealed class BoardRing<TView>(int size)
    where TView : class
{
    private readonly Change[] changes = new Change[size];

    /// <summary>
    /// Writes the next change. The slot it takes left the window one change ago, so that no reader of the window ever
    /// finds a newer change in an older one's place.
    /// </summary>
    public Window Add(Window window, Change change)
    {
        changes[window.Next % size] = change;
        var next = window.Next + 1;
        return next - window.Oldest < size
            ? window with { Next = next }
            : new Window(window.Oldest + 1, next, changes[window.Oldest % size].Position);
    }

    /// <summary>
    /// What changed from one number on and after a position, once per row: the row before, and the last change of it.
    /// </summary>
    public List<(TView? Before, Change Last)> Latest(Window window, long from, LogPosition after)
    {
        var latest = new Dictionary<string, (TView? Before, Change Last)>(StringComparer.Ordinal);
        for (var number = from; number < window.Next; number++)
        {
            var change = changes[number % size];
            if (change.Position > after)
                latest[change.Key] = (latest.TryGetValue(change.Key, out var earlier) ? earlier.Before : change.Before, change);
        }

        return [.. latest.Values.OrderBy(c => c.Last.Position)];
    }

    /// <summary>A row before and after one event; null where there was or is none.</summary>
    internal sealed record Change(LogPosition Position, string Key, TView? Before, TView? After);

    /// <summary>Which changes are there.</summary>
    /// <param name="Oldest">The number of the oldest.</param>
    /// <param name="Next">The number of the next to come.</param>
    /// <param name="Floor">The position of the newest change that is not there (any more): who has seen it can resume.</param>
    internal sealed record Window(long Oldest, long Next, LogPosition Floor);
}
