using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>What a batch comes to.</summary>
/// <param name="Changed">Rows that came out differently; null for removed ones.</param>
/// <param name="Position">How far it got: the batch's end, or just before the poison event.</param>
/// <param name="Poison">The event at which it stopped, or null.</param>
internal sealed record Folded<TView>(Dictionary<string, TView?> Changed, LogPosition Position, PoisonEvent? Poison)
    where TView : class;

/// <summary>Folds batches in memory, looking up in one go the rows that are not cached.</summary>
internal sealed class Fold<TView>(
    Projection<TView> projection,
    ViewCache<TView> cache,
    Func<IReadOnlyList<string>, CancellationToken, Task<Dictionary<string, TView>>> load,
    HashSet<Guid> skips)
    where TView : class
{
    /// <summary>The rows after a batch. They count as written: after a failed write start again with another fold.</summary>
    public async Task<Folded<TView>> BatchAsync(LogBatch batch, LogPosition from, CancellationToken cancellationToken)
    {
        var changed = new Dictionary<string, TView?>(StringComparer.Ordinal);
        var poison = FindKeys(batch, out var concerned);
        if (!projection.OneRowPerEvent)
            await LookUpAsync(concerned, cancellationToken);
        foreach (var (key, happened) in concerned)
        {
            TView? before = null;
            if (!projection.OneRowPerEvent)
                cache.TryGet(key, out before);
            if (!TryEvolve(before, happened, out var after, out var error))
            {
                poison = Poison(happened, error);
                break;
            }

            if (ReferenceEquals(before, after))
                continue;
            changed[key] = after;
            if (!projection.OneRowPerEvent)
                cache.Put(key, after);
        }

        cache.Age();
        return new Folded<TView>(changed, poison is null ? batch.Position : Before(batch, poison, from), poison);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A fold that throws anything at all pauses its projection; the admin sees what.")]
    private PoisonEvent? FindKeys(LogBatch batch, out List<(string Key, StoredEvent Happened)> concerned)
    {
        concerned = new List<(string, StoredEvent)>(batch.Events.Count);
        foreach (var happened in batch.Events)
        {
            if (skips.Contains(happened.Id))
                continue;
            try
            {
                if (projection.KeyOf(happened) is { } key)
                    concerned.Add((key, happened));
            }
            catch (Exception exception)
            {
                return Poison(happened, exception);
            }
        }

        return null;
    }

    private async Task LookUpAsync(List<(string Key, StoredEvent Happened)> concerned, CancellationToken cancellationToken)
    {
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in concerned)
        {
            if (!cache.TryGet(key, out _))
                unknown.Add(key);
        }

        if (unknown.Count == 0)
            return;
        var rows = await load([.. unknown], cancellationToken);
        foreach (var key in unknown)
            cache.Put(key, rows.GetValueOrDefault(key));
    }

    [SuppressMessage("Design", "CA1031", Justification = "A fold that throws anything at all pauses its projection; the admin sees what.")]
    private bool TryEvolve(TView? before, StoredEvent happened, out TView? after, [NotNullWhen(false)] out Exception? error)
    {
        try
        {
            (after, error) = (projection.Evolve(before, happened), null);
            return true;
        }
        catch (Exception exception)
        {
            (after, error) = (null, exception);
            return false;
        }
    }

    private static PoisonEvent Poison(StoredEvent happened, Exception exception) =>
        new(happened.Id, happened.Type, happened.Position, $"{exception.GetType().Name}: {exception.Message}");

    private static LogPosition Before(LogBatch batch, PoisonEvent poison, LogPosition from)
    {
        foreach (var happened in batch.Events)
        {
            if (happened.Position >= poison.Position)
                break;
            from = happened.Position;
        }

        return from;
    }
}
