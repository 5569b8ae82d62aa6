using System.Collections.Concurrent;

namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// States by version, so that a command on a hot stream needs no read. Never an authority: what is decided on a stale
/// state fails its append, and a refusal on a cached state is decided again on a fresh one. Two generations; what was
/// not touched for a whole generation is dropped.
/// </summary>
/// <param name="generationSize">Entries a generation holds; at most twice as many are kept.</param>
public sealed class AggregateCache(int generationSize = 50_000)
{
    private ConcurrentDictionary<StreamId, Entry> young = new();
    private ConcurrentDictionary<StreamId, Entry> old = new();

    /// <summary>The newest known state of a stream, or null.</summary>
    public Versioned<TState>? Find<TState>(StreamId stream)
        where TState : class
    {
        if (young.TryGetValue(stream, out var entry) || (old.TryGetValue(stream, out entry) && Touch(stream, entry)))
            return entry.State is TState state ? new Versioned<TState>(stream, state, entry.Version) : null;
        return null;
    }

    /// <summary>Remembers a state, unless a newer one is known or known to exist.</summary>
    public void Put<TState>(Versioned<TState> known)
        where TState : class
    {
        if (old.TryGetValue(known.Stream, out var older) && older.Version > known.Version)
            return;
        Keep(known.Stream, new Entry(known.State, known.Version));
    }

    /// <summary>
    /// Forgets what is older than a version another node has written, and remembers that version: a state read
    /// before it, but put here after it, must not come back.
    /// </summary>
    public void Outdate(StreamId stream, long version)
    {
        if (young.TryGetValue(stream, out var entry) || old.TryGetValue(stream, out entry))
        {
            if (entry.Version >= version)
                return;
        }
        Keep(stream, new Entry(State: null, version));
    }

    private void Keep(StreamId stream, Entry entry)
    {
        young.AddOrUpdate(
            stream,
            static (_, given) => given,
            static (_, there, given) => there.Version > given.Version || (there.Version == given.Version && there.State is not null) ? there : given,
            entry);
        AgeIfFull();
    }

    private bool Touch(StreamId stream, Entry entry)
    {
        young.TryAdd(stream, entry);
        AgeIfFull();
        return true;
    }

    private void AgeIfFull()
    {
        var full = young;
        // Count takes every lock of the dictionary, so it is asked only now and then.
        if (Random.Shared.Next(64) != 0 || full.Count <= generationSize)
            return;
        if (Interlocked.CompareExchange(ref young, new ConcurrentDictionary<StreamId, Entry>(), full) == full)
            old = full;
    }

    /// <summary>A state, or only the version that one must have to be of use.</summary>
    private sealed record Entry(object? State, long Version);
}
