using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Some events in log order.</summary>
/// <param name="Events">May be none.</param>
/// <param name="Position">Every event up to here has been given.</param>
/// <param name="AtEnd">True if nothing more had happened when it was read.</param>
internal sealed record LogBatch(IReadOnlyList<StoredEvent> Events, LogPosition Position, bool AtEnd);

/// <summary>The log in batches: slices of big pages read ahead while behind, then whatever the live feed has ready.</summary>
/// <param name="store">Where to read.</param>
/// <param name="feed">Where to follow.</param>
/// <param name="page">Events in a page; the next one is read while one is decoded and folded.</param>
/// <param name="limit">How many events the next batch may hold.</param>
/// <param name="quiet">After so long without an event an empty batch is given.</param>
/// <param name="pace">Waited for once something has happened, before a batch of the live feed is taken: so it holds also what happens meanwhile.</param>
internal sealed class LogBatches(IEventStore store, ILiveFeed feed, int page, Func<int> limit, TimeSpan quiet, Func<CancellationToken, Task> pace)
{
    private const int Waiting = 8192;

    /// <summary>All events after a position, also those that cannot be read; never ends.</summary>
    public async IAsyncEnumerable<LogBatch> ReadAsync(LogPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in store.ReadPagesAsync(after, page, cancellationToken))
        {
            after = read.Position;
            foreach (var batch in Slices(read))
                yield return batch;
        }

        await foreach (var batch in FollowAsync(after, cancellationToken))
            yield return batch;
    }

    private IEnumerable<LogBatch> Slices(LogPage read)
    {
        var given = 0;
        do
        {
            var slice = read.Events.Skip(given).Take(limit()).ToList();
            given += slice.Count;
            var isLast = given == read.Events.Count;
            yield return new LogBatch(slice, isLast ? read.Position : slice[^1].Position, isLast && read.AtEnd);
        }
        while (given < read.Events.Count);
    }

    // The feed gives events one by one; between the two a channel collects what comes while a batch is being written.
    private async IAsyncEnumerable<LogBatch> FollowAsync(LogPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<StoredEvent>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        var pump = PumpAsync(after, channel.Writer, ended.Token);
        try
        {
            var something = channel.Reader.WaitToReadAsync(cancellationToken).AsTask();
            while (true)
            {
                var events = new List<StoredEvent>();
                if (await IsThereAsync(something, cancellationToken))
                {
                    await pace(cancellationToken);
                    var most = limit();
                    while (events.Count < most && channel.Reader.TryRead(out var happened))
                        events.Add(happened);
                    something = channel.Reader.WaitToReadAsync(cancellationToken).AsTask();
                }

                after = events.Count > 0 ? events[^1].Position : after;
                yield return new LogBatch(events, after, AtEnd: channel.Reader.Count == 0);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await pump;
        }
    }

    private async Task<bool> IsThereAsync(Task<bool> something, CancellationToken cancellationToken)
    {
        if (something.IsCompleted)
            return await something;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(something, Task.Delay(quiet, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == something && await something;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031", Justification = "Whatever ended the feed is thrown to the reader.")]
    private async Task PumpAsync(LogPosition after, ChannelWriter<StoredEvent> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in feed.SubscribeAsync(after, filter: null, cancellationToken))
                await writer.WriteAsync(happened, cancellationToken);
            writer.Complete(new EventStoreUnavailableException("The live feed ended."));
        }
        catch (Exception exception)
        {
            writer.Complete(exception);
        }
    }
}
