using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>What a batch comes to.</summary>
/// <param name="Position">How far it got: the batch's end, or just before the poison event.</param>
/// <param name="Poison">The event at which it stopped, or null.</param>
internal sealed record Folded(LogPosition Position, PoisonEvent? Poison);

/// <summary>
/// Folds batches in memory, looking up in one go the rows that are not cached, and collects what changed until it is
/// taken to be written: a row that many events change is written once.
/// </summary>
internal sealed class Fold<TView>(
    Projection<TView> projection,
    ViewCache<TView> cache,
    Func<IReadOnlyList<string>, CancellationToken, Task<Dictionary<string, TView>>> load,
    HashSet<Guid> skips)
    where TView : class
{
    private Dictionary<string, TView?> changed = new(StringComparer.Ordinal);

    /// <summary>Rows that are different since the last <see cref="Take"/>.</summary>
    public int Changed => changed.Count;

    /// <summary>
    /// The rows that are different since last time; null for removed ones. What was taken last time has to be written
    /// by now, since rows taken before that are no longer remembered for sure. After a failed write start again with
    /// another fold.
    /// </summary>
    public Dictionary<string, TView?> Take()
    {
        var taken = changed;
        changed = new Dictionary<string, TView?>(StringComparer.Ordinal);
        cache.Age();
        return taken;
    }

    /// <summary>Folds one more batch.</summary>
    public async Task<Folded> BatchAsync(LogBatch batch, LogPosition from, CancellationToken cancellationToken)
    {
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

        return new Folded(poison is null ? batch.Position : Before(batch, poison, from), poison);
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
                if (happened.Data is UnreadableEvent unreadable)
                {
                    if (projection.Concerns(happened.Stream))
                        return new PoisonEvent(happened.Id, happened.Type, happened.Position, $"Cannot be read: {unreadable.Reason}");
                }
                else if (projection.KeyOf(happened) is { } key)
                {
                    if (!projection.Concerns(happened.Stream))
                        throw new InvalidOperationException($"{projection.Name} does not name the category of {happened.Stream}.");
                    concerned.Add((key, happened));
                }
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
