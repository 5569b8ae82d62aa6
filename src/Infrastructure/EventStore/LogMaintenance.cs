using ContactCenter.Infrastructure.Database;
using Npgsql;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>Figures about the log for the health page.</summary>
/// <param name="OldestWriteAge">How long the oldest open write transaction has been open: readers wait for it.</param>
/// <param name="OldestWriter">What it is, as <c>application (process id)</c>, or null if there is none.</param>
/// <param name="DefaultPartitionUsed">True if partitions were not made in time; <see cref="LogMaintenance.EnsurePartitionsAsync"/> repairs it.</param>
public sealed record LogHealth(TimeSpan OldestWriteAge, string? OldestWriter, bool DefaultPartitionUsed);

/// <summary>What the log needs beside reading and appending.</summary>
public sealed class LogMaintenance(NpgsqlDataSource dataSource)
{
    /// <summary>
    /// Run at every start, after the migrations and before the first append: notices a restore into a cluster with
    /// lower transaction ids, raises the log's offset then, and makes partitions ahead.
    /// </summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await UnderLockAsync("select log_epoch_offset()", cancellationToken);
        await EnsurePartitionsAsync(cancellationToken);
    }

    /// <summary>Makes the partitions for the next 2 × 16,777,216 transactions; a daily job is more than enough.</summary>
    public Task EnsurePartitionsAsync(CancellationToken cancellationToken) =>
        UnderLockAsync("select log_ensure_partitions(2)", cancellationToken);

    /// <summary>Forgets idempotency keys that were recorded before an instant.</summary>
    public Task DeleteIdempotencyKeysAsync(DateTimeOffset before, CancellationToken cancellationToken) => dataSource.DeleteInBatchesAsync(
        "idempotency_keys", "created_at < $1", BatchedDelete.SmallRows, cancellationToken, before.ToUniversalTime());

    /// <summary>How the log is. Needs the right to see other users' activity if several use the cluster.</summary>
    public async Task<LogHealth> HealthAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            select coalesce(clock_timestamp() - a.xact_start, interval '0'), a.application_name || ' (' || a.pid || ')',
              exists (select from events_default)
            from (select) one left join lateral (
              select * from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
              order by xact_start limit 1) a on true
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LogHealth(reader.GetTimeSpan(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2));
    }

    private async Task UnderLockAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"select pg_advisory_xact_lock({Migrator.LockKey}); {sql}", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
