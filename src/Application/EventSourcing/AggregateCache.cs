using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// States by version, so that a command on a hot stream needs no read. Never an authority: what is decided on a stale
/// state fails its append, and a refusal on a cached state is decided again on a fresh one. A state that is out of date
/// is kept, since a stream may be long and little of it new. Two generations; what was not touched for a whole generation
/// is dropped.
/// </summary>
/// <param name="generationSize">Entries a generation holds; at most twice as many are kept.</param>
public sealed class AggregateCache(int generationSize = 50_000)
{
    private ConcurrentDictionary<StreamId, Entry> young = new();
    private ConcurrentDictionary<StreamId, Entry> old = new();
    private int era;

    /// <summary>Changes whenever all that is kept may be out of date: what is put was read in the one that its reading began in.</summary>
    public int Era => Volatile.Read(ref era);

    /// <summary>The newest known state of a stream, or null.</summary>
    public Versioned<TState>? Find<TState>(StreamId stream)
        where TState : class =>
        TryGet(stream, out var entry) && entry.Version == entry.Told && entry.Era == Era ? Of<TState>(stream, entry) : null;

    /// <summary>The newest state that is kept, however old it may be: what came since can be folded on to it.</summary>
    public Versioned<TState>? FindEarlier<TState>(StreamId stream)
        where TState : class =>
        TryGet(stream, out var entry) ? Of<TState>(stream, entry) : null;

    /// <summary>Remembers a state, unless a newer one is known.</summary>
    /// <param name="known">The state.</param>
    /// <param name="readIn">The <see cref="Era"/> in which its reading, or the write that it is the outcome of, began.</param>
    public void Put<TState>(Versioned<TState> known, int readIn)
        where TState : class =>
        Keep(known.Stream, new Entry(known.State, known.Version, known.Version, readIn));

    /// <summary>
    /// Tells of a version that another node has written: what is older is no longer found, also if it is read before it
    /// and put here after it.
    /// </summary>
    public void Outdate(StreamId stream, long version)
    {
        if (!TryGet(stream, out var entry) || entry.Told < version)
            Keep(stream, new Entry(State: null, Version: 0, version, Era: 0));
    }

    /// <summary>Nothing that is kept, or being read now, is found any more.</summary>
    public void Clear() => Interlocked.Increment(ref era);

    private static Versioned<TState>? Of<TState>(StreamId stream, Entry entry)
        where TState : class => entry.State is TState state ? new Versioned<TState>(stream, state, entry.Version) : null;

    private static Entry Merge(Entry there, Entry given)
    {
        var isNewer = (given.Version, given.Era).CompareTo((there.Version, there.Era)) >= 0;
        return (isNewer ? given : there) with { Told = Math.Max(there.Told, given.Told) };
    }

    private bool TryGet(StreamId stream, [NotNullWhen(true)] out Entry? entry) =>
        young.TryGetValue(stream, out entry) || (old.TryGetValue(stream, out entry) && Touch(stream, entry));

    private void Keep(StreamId stream, Entry entry)
    {
        if (old.TryGetValue(stream, out var older))
            entry = Merge(older, entry);
        young.AddOrUpdate(stream, static (_, given) => given, static (_, there, given) => Merge(there, given), entry);
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

    /// <summary>The newest state there was, which is null if none was put, and the newest version that was told of.</summary>
    private sealed record Entry(object? State, long Version, long Told, int Era);
}
