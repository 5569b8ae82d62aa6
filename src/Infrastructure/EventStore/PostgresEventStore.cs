using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.PersonalData;
using Npgsql;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>The log on PostgreSQL (ADR 0001): one position for all readers (0007), commits in groups (0008).</summary>
public sealed class PostgresEventStore : IEventStore, IAsyncDisposable
{
    private const int MaxPage = 10_000;

    private readonly NpgsqlDataSource dataSource;
    private readonly EventSerializer serializer;
    private readonly AppendLookup lookup;
    private readonly PostgresEventStoreOptions options;
    private readonly BatchCommitter[] committers;
    private readonly GroupCommit groups;

    /// <summary>A store in the data source's database; <see cref="LogMaintenance.PrepareAsync"/> must have run on it.</summary>
    public PostgresEventStore(
        NpgsqlDataSource dataSource, EventTypeRegistry types, IPersonalDataProtector protector, TimeProvider time, PostgresEventStoreOptions? options = null)
    {
        this.dataSource = dataSource;
        this.options = options ?? new PostgresEventStoreOptions();
        serializer = new EventSerializer(types, protector);
        lookup = new AppendLookup(dataSource, serializer);
        committers = [.. Enumerable.Range(0, this.options.Committers)
            .Select(_ => new BatchCommitter(dataSource, lookup, time, this.options, Committed))];
        groups = new GroupCommit(committers, this.options);
    }

    /// <summary>Wakes this node's readers after each of its commits.</summary>
    public CommitSignal Committed { get; } = new();

    /// <inheritdoc/>
    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        PendingAppend pending;
        try
        {
            pending = await PendingAppend.PrepareAsync(append, serializer, options, cancellationToken);
        }
        catch (Exception exception) when (Transience.IsFailure(exception))
        {
            throw Unavailable(exception);
        }
        return await groups.CommitAsync(pending);
    }

    /// <inheritdoc/>
    /// <exception cref="UnreadableEventException">The very next event cannot be read by this build.</exception>
    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
        WhenAvailable<IReadOnlyList<StoredEvent>>(async () =>
        {
            await using var command = dataSource.CreateCommand($"select {EventRows.Columns} from read_stream($1, $2, $3) e");
            command.Parameters.Add(new() { Value = stream.Value });
            command.Parameters.Add(new() { Value = afterVersion });
            command.Parameters.Add(new() { Value = limit });
            return await serializer.ReadAsync(await EventRows.ReadAsync(command, cancellationToken), cancellationToken);
        });

    /// <inheritdoc/>
    public Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken)
    {
        var wanted = Math.Min(limit, MaxPage);
        return PageAsync(RowsAsync(after, wanted, cancellationToken), after, wanted, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogPage> ReadPagesAsync(LogPosition after, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The server is asked for the next page as soon as it has given one, which is decoded and looked at meanwhile:
        // neither waits for the other.
        var wanted = Math.Min(limit, MaxPage);
        var rows = RowsAsync(after, wanted, cancellationToken);
        var page = PageAsync(rows, after, wanted, cancellationToken);
        while (true)
        {
            var current = page;
            var read = await WhenAvailable(() => rows);
            var isLast = read.Count < wanted;
            if (!isLast)
            {
                after = new LogPosition(read[^1].Position);
                rows = RowsAsync(after, wanted, cancellationToken);
                page = PageAsync(rows, after, wanted, cancellationToken);
            }
            yield return await current;
            if (isLast)
                yield break;
        }
    }

    /// <inheritdoc/>
    public Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken) => WhenAvailable(async () =>
    {
        await using var command = dataSource.CreateCommand(
            "select e.position from events e where e.position < (select log_horizon()) order by e.position desc limit 1");
        return await command.ExecuteScalarAsync(cancellationToken) is long position ? new LogPosition(position) : LogPosition.Start;
    });

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken) =>
        WhenAvailable(() => lookup.FindIdempotencyAsync(actor, key, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var committer in committers)
            await committer.DisposeAsync();
    }

    private async Task<List<EventRow>> RowsAsync(LogPosition after, int wanted, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select {EventRows.Columns} from read_log($1, $2) e");
        command.Parameters.Add(new() { Value = after.Value });
        command.Parameters.Add(new() { Value = wanted });
        return await EventRows.ReadAsync(command, cancellationToken);
    }

    private Task<LogPage> PageAsync(Task<List<EventRow>> reading, LogPosition after, int wanted, CancellationToken cancellationToken) =>
        WhenAvailable(async () =>
        {
            var rows = await reading;
            var events = await serializer.ReadAllAsync(rows, cancellationToken);
            return new LogPage(events, events.Count > 0 ? events[^1].Position : after, AtEnd: rows.Count < wanted);
        });

    private static EventStoreUnavailableException Unavailable(Exception exception) => new("The log cannot be reached.", exception);

    private static async Task<T> WhenAvailable<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (Transience.IsFailure(exception))
        {
            throw Unavailable(exception);
        }
    }
}
