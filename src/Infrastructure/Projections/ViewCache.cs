namespace ContactCenter.Infrastructure.Projections;

/// <summary>
/// Rows as the leader last wrote them, so that a batch need not read what it is about to change. Two generations, at
/// most twice the size: what was not touched for a whole generation is dropped.
/// </summary>
/// <param name="size">Rows in a generation.</param>
/// <param name="complete">True if the table is empty now: until something is dropped, what is not here is nowhere.</param>
internal sealed class ViewCache<TView>(int size, bool complete)
    where TView : class
{
    private bool isComplete = complete;
    private Dictionary<string, TView?> young = new(StringComparer.Ordinal);
    private Dictionary<string, TView?> old = new(StringComparer.Ordinal);

    /// <summary>True if the row is known: its view, or null if it is known to be missing.</summary>
    public bool TryGet(string key, out TView? view)
    {
        if (young.TryGetValue(key, out view))
            return true;
        if (!old.TryGetValue(key, out view))
            return isComplete;
        young[key] = view;
        return true;
    }

    /// <summary>Remembers a row, or that there is none.</summary>
    public void Put(string key, TView? view) => young[key] = view;

    /// <summary>Called between batches, never within one: a batch relies on what it has looked up.</summary>
    public void Age()
    {
        if (young.Count <= size)
            return;
        isComplete &= old.Count == 0;
        (old, young) = (young, new Dictionary<string, TView?>(StringComparer.Ordinal));
    }
}
