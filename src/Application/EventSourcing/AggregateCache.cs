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

    /// <summary>Remembers a state, unless a newer one is known.</summary>
    public void Put<TState>(Versioned<TState> known)
        where TState : class
    {
        var entry = new Entry(known.State, known.Version);
        young.AddOrUpdate(known.Stream, entry, (_, there) => there.Version >= entry.Version ? there : entry);
        AgeIfFull();
    }

    /// <summary>Forgets what is older than a version another node has written.</summary>
    public void Outdate(StreamId stream, long version)
    {
        Drop(young, stream, version);
        Drop(old, stream, version);
    }

    private static void Drop(ConcurrentDictionary<StreamId, Entry> generation, StreamId stream, long version)
    {
        if (generation.TryGetValue(stream, out var entry) && entry.Version < version)
            generation.TryRemove(new KeyValuePair<StreamId, Entry>(stream, entry));
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

    private sealed record Entry(object State, long Version);
}
