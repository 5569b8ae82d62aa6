namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>Remembers the last so many ids.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<Guid> _known = [];
    private readonly Queue<Guid> _order = [];

    /// <summary>Remembers an id; false if it was known.</summary>
    public bool Add(Guid id)
    {
        if (!_known.Add(id))
            return false;
        _order.Enqueue(id);
        if (_order.Count > capacity)
            _known.Remove(_order.Dequeue());
        return true;
    }

    /// <summary>True if the id is remembered.</summary>
    public bool Contains(Guid id) => _known.Contains(id);
}
