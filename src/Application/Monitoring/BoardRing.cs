using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Monitoring;

/// <summary>The recent changes of a board: one writer, any number of readers, no locks.</summary>
internal sealed class BoardRing<TView>(int size)
    where TView : class
{
    private readonly Change[] changes = new Change[size];

    /// <summary>
    /// The window without the oldest changes, so that so many more have room. It has to be seen by readers before the slots
    /// are written: nobody may find a newer change in an older one's place. Null if the ring is too small for them.
    /// </summary>
    public Window? WithRoomFor(Window window, int count)
    {
        if (count >= size)
            return null;
        var dropped = window.Next + count - window.Oldest - (size - 1);
        if (dropped <= 0)
            return window;
        var oldest = window.Oldest + dropped;
        return new Window(oldest, window.Next, changes[(oldest - 1) % size].Position);
    }

    /// <summary>Writes the next change into a window that has room for it.</summary>
    public Window Add(Window window, Change change)
    {
        changes[window.Next % size] = change;
        return window with { Next = window.Next + 1 };
    }

    /// <summary>
    /// What changed from one number on and after a position, as somebody sees it who is shown only some rows. Changes of
    /// one row are told as one only where nothing else is told in between: each leaves the subscriber with exactly what
    /// was shown at its position, so that a resume after any of them is exact.
    /// </summary>
    public List<BoardChange<TView>> Since(Window window, long from, LogPosition after, Func<TView, bool> shows)
    {
        var told = new List<BoardChange<TView>>();
        var (key, knew) = ((string?)null, false);
        for (var number = from; number < window.Next; number++)
        {
            var change = changes[number % size];
            if (change.Position <= after)
                continue;
            var isShown = change.After is not null && shows(change.After);
            var wasShown = change.Before is not null && shows(change.Before);
            if (!isShown && !wasShown)
                continue;
            if (change.Key == key && told.Count > 0 && !(told.Count > 1 && told[^2].Position == told[^1].Position))
                told.RemoveAt(told.Count - 1);
            else
                (key, knew) = (change.Key, wasShown);
            if (isShown)
                told.Add(new BoardRowChanged<TView>(change.Position, change.Key, change.After!));
            else if (knew)
                told.Add(new BoardRowRemoved<TView>(change.Position, change.Key));
            else
                key = null;
        }

        for (var i = 0; i + 1 < told.Count; i++)
        {
            if (told[i].Position == told[i + 1].Position)
                told[i] = told[i] with { IsPart = true };
        }

        return told;
    }

    /// <summary>A row before and after one event; null where there was or is none.</summary>
    /// <param name="Position">The event's.</param>
    /// <param name="Key">The row's.</param>
    /// <param name="Before">Before.</param>
    /// <param name="After">After.</param>
    internal sealed record Change(LogPosition Position, string Key, TView? Before, TView? After);

    /// <summary>Which changes are there.</summary>
    /// <param name="Oldest">The number of the oldest.</param>
    /// <param name="Next">The number of the next to come.</param>
    /// <param name="Floor">The position of the newest change that is not there (any more): who has seen it can resume.</param>
    internal sealed record Window(long Oldest, long Next, LogPosition Floor);
}
