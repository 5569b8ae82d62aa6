using ContactCenter.Application.EventSourcing;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Where one table stands.</summary>
internal sealed record Checkpoint(TableId Id, bool Live, bool Paused, LogPosition Position, long Fence);

/// <summary>The rows of <c>projection_checkpoints</c>: who may write which table, how far it is, which one is read.</summary>
internal sealed class ProjectionCheckpoints(NpgsqlDataSource dataSource)
{
    /// <summary>All tables of one projection, oldest first.</summary>
    public async Task<IReadOnlyList<Checkpoint>> ListAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "select name, version, generation, live, status = 'paused', position, fence from projection_checkpoints where name = $1 order by version, generation");
        command.Parameters.Add(new() { Value = name });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Makes the first table of a version known, unless there is one.</summary>
    public async Task AddFirstAsync(string name, int version, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "insert into projection_checkpoints (name, version, generation) values ($1, $2, 1) on conflict do nothing");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = version });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes over: whoever wrote this table before is fenced off. Null if it was dropped meanwhile.</summary>
    public async Task<Checkpoint?> ClaimAsync(TableId id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            update projection_checkpoints set fence = fence + 1 where name = $1 and version = $2 and generation = $3
            returning name, version, generation, live, status = 'paused', position, fence
            """);
        AddId(command, id);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Stops at an event that cannot be folded, for an admin to look at.</summary>
    public async Task PauseAsync(Checkpoint held, PoisonEvent poison, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            update projection_checkpoints set status = 'paused',
              error_event_id = $5, error_event_type = $6, error_position = $7, error = $8, updated_at = clock_timestamp()
            where name = $1 and version = $2 and generation = $3 and fence = $4
            """);
        AddId(command, held.Id);
        command.Parameters.Add(new() { Value = held.Fence });
        command.Parameters.Add(new() { Value = poison.EventId });
        command.Parameters.Add(new() { Value = poison.Type });
        command.Parameters.Add(new() { Value = poison.Position.Value });
        command.Parameters.Add(new() { Value = poison.Error });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The events that this version leaves out.</summary>
    public async Task<HashSet<Guid>> SkipsAsync(TableId id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select event_id from projection_skips where name = $1 and version = $2");
        command.Parameters.Add(new() { Value = id.Name });
        command.Parameters.Add(new() { Value = id.Version });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var skips = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            skips.Add(reader.GetGuid(0));
        return skips;
    }

    /// <summary>
    /// Lets readers see this table instead of the one before, which is dropped, if this one has got as far.
    /// </summary>
    /// <returns>False if the one before is ahead, or if somebody else holds this table by now.</returns>
    public async Task<bool> TrySwitchAsync(Checkpoint held, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select name, version, generation, live, status = 'paused', position, fence
            from projection_checkpoints where name = $1 order by version, generation for update
            """,
            connection);
        command.Parameters.Add(new() { Value = held.Id.Name });
        var all = await ReadAsync(command, cancellationToken);
        var mine = all.SingleOrDefault(c => c.Id == held.Id);
        if (mine?.Fence != held.Fence || all.Any(c => c.Live && c.Position > mine.Position))
            return false;
        // What was live, and earlier attempts that nobody will finish. A newer version being built is left alone.
        var old = all.Where(c => c.Live || IsBefore(c.Id, held.Id)).Select(c => c.Id).ToList();
        var forget = string.Concat(old.Select(o => $"delete from projection_checkpoints where name = '{o.Name}' and version = {o.Version} and generation = {o.Generation};"));
        var drop = string.Concat(old.Select(o => $"drop table if exists {o.Table};"));
        await using var swap = new NpgsqlCommand(
            $"""
            set local lock_timeout = '2s';
            {forget}
            drop view if exists {TableId.ViewOf(held.Id.Name)};
            {drop}
            create view {TableId.ViewOf(held.Id.Name)} as select * from {held.Id.Table};
            update projection_checkpoints set live = true
              where name = '{held.Id.Name}' and version = {held.Id.Version} and generation = {held.Id.Generation};
            """,
            connection);
        await swap.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static bool IsBefore(TableId one, TableId other) =>
        (one.Version, one.Generation).CompareTo((other.Version, other.Generation)) < 0;

    private static void AddId(NpgsqlCommand command, TableId id)
    {
        command.Parameters.Add(new() { Value = id.Name });
        command.Parameters.Add(new() { Value = id.Version });
        command.Parameters.Add(new() { Value = id.Generation });
    }

    private static async Task<IReadOnlyList<Checkpoint>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var checkpoints = new List<Checkpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new TableId(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2));
            checkpoints.Add(new Checkpoint(id, reader.GetBoolean(3), reader.GetBoolean(4), new LogPosition(reader.GetInt64(5)), reader.GetInt64(6)));
        }

        return checkpoints;
    }
}

/// <summary>An event that a projection could not fold.</summary>
internal sealed record PoisonEvent(Guid EventId, string Type, LogPosition Position, string Error);
