using System.Globalization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.EventStore;

/// <summary>Calls the log's SQL in a transaction that the test holds open, as no node does.</summary>
internal static class RawAppend
{
    /// <summary>Writes one event, and leaves the transaction to the caller.</summary>
    public static async Task<LogPosition> WriteAsync(NpgsqlConnection connection, StreamId stream)
    {
        await using var command = new NpgsqlCommand(
            """
            select base from append_events(
              '{0}', array[$1], '{1}', '{}', '{}', '{}', '{}',
              '{0}', array[$1], '{1}', array[$2], '{sample.noted.v1}', array[$3::json], array[$4::json],
              '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', now(), log_epoch_offset())
            """,
            connection);
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = Sample.NewId() });
        command.Parameters.Add(new() { Value = "{\"text\":\"raw\",\"number\":1}" });
        command.Parameters.Add(new() { Value = string.Create(CultureInfo.InvariantCulture, $"{{\"commandId\":\"{Sample.NewId()}\",\"command\":\"Raw\",\"actor\":{{\"kind\":\"system\",\"id\":\"tests\"}},\"source\":null}}") });
        return new LogPosition((long)(await command.ExecuteScalarAsync())!);
    }

    /// <summary>A transaction held for 0 to 50 ms, every fourth of which is rolled back. True if it was committed.</summary>
    public static async Task<bool> HoldAndEndAsync(NpgsqlDataSource dataSource, Random random)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await WriteAsync(connection, Sample.NewStream());
        await Task.Delay(random.Next(51));
        if (random.Next(4) == 0)
        {
            await transaction.RollbackAsync();
            return false;
        }
        await transaction.CommitAsync();
        return true;
    }

    public static async Task<long> VersionAsync(NpgsqlDataSource dataSource, StreamId stream)
    {
        await using var command = dataSource.CreateCommand("select version from streams where stream = $1");
        command.Parameters.Add(new() { Value = stream.Value });
        return await command.ExecuteScalarAsync() is long version ? version : 0;
    }
}
