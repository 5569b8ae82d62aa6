using ContactCenter.Application.EventSourcing;
using Npgsql;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>Finds out about an append that was not simply written: was it written before, and if not, why not now?</summary>
internal sealed class AppendLookup(NpgsqlDataSource dataSource, EventSerializer serializer)
{
    /// <summary>
    /// The reason why the append cannot be written: written before, an id or the key taken, a stream elsewhere, in
    /// this order. Null if it could be written now.
    /// </summary>
    public async Task<AppendResult?> ExplainAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(append, cancellationToken);
        if (stored.Count > 0)
            return await CompareAsync(append, stored, cancellationToken);
        if (append.Append.Idempotency is { } key && await FindIdempotencyAsync(key.Actor, key.Key, cancellationToken) is { } existing)
            return new IdempotencyKeyTaken(existing);
        foreach (var write in append.Append.Writes)
        {
            var actual = await VersionAsync(write.Stream.Value, cancellationToken);
            if (actual != write.ExpectedVersion)
                return new VersionConflict(write.Stream, write.ExpectedVersion, actual);
        }
        foreach (var look in append.Append.Looks)
        {
            var actual = await VersionAsync(look.Stream.Value, cancellationToken);
            if (actual != look.ExpectedVersion)
                return new VersionConflict(look.Stream, look.ExpectedVersion, actual);
        }
        return null;
    }

    /// <summary>The first answer if exactly this append is in the log, else null.</summary>
    public async Task<Appended?> FindAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(append, cancellationToken);
        return stored.Count == 0 ? null : await CompareAsync(append, stored, cancellationToken) as Appended;
    }

    public async Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select request_hash, response from idempotency_keys where actor = $1 and key = $2");
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new IdempotencyRecord(actor, key, reader.GetFieldValue<byte[]>(0), reader.GetString(1))
            : null;
    }

    private async Task<AppendResult> CompareAsync(PendingAppend append, Dictionary<Guid, EventRow> stored, CancellationToken cancellationToken)
    {
        var last = 0L;
        foreach (var @event in append.Events)
        {
            // With one of its ids free, the append as a whole cannot have been written.
            if (!stored.TryGetValue(@event.Id, out var row))
                return new EventIdReused(stored.Keys.First());
            if (row.Stream != @event.Stream || row.Version != @event.Version
                || !await serializer.SameFactAsync(row, @event.Type, @event.Data, cancellationToken))
                return new EventIdReused(@event.Id);
            last = Math.Max(last, row.Position);
        }
        return append.Written(new LogPosition(last), repeated: true);
    }

    private async Task<Dictionary<Guid, EventRow>> StoredAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"select {EventRows.Columns} from events e where e.position = any (array(select i.position from event_ids i where i.id = any ($1)))");
        command.Parameters.Add(new() { Value = append.Events.ConvertAll(e => e.Id) });
        var rows = await EventRows.ReadAsync(command, cancellationToken);
        return rows.ToDictionary(row => row.Id);
    }

    private async Task<long> VersionAsync(string stream, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select version from streams where stream = $1");
        command.Parameters.Add(new() { Value = stream });
        return await command.ExecuteScalarAsync(cancellationToken) is long version ? version : 0;
    }
}
