using System.Data;
using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>
/// Reads a projection's live table, through the view that a switch replaces: never a table that is half built.
/// While there is none yet, and while the database is away, it answers <see cref="EventStoreUnavailableException"/>.
/// </summary>
public sealed class PostgresReadModel<TView>(Projection<TView> projection, NpgsqlDataSource dataSource) : IReadModel<TView>
    where TView : class
{
    private const int MaxLimit = 200;

    private readonly ReadSql<TView> sql = new(projection);
    private readonly string view = TableId.ViewOf(projection.Name);

    /// <inheritdoc/>
    public Task<TView?> FindAsync(string key, CancellationToken cancellationToken) => WhenAvailable(async () =>
    {
        await using var command = dataSource.CreateCommand($"select data from {view} where key = $1");
        command.Parameters.Add(new() { Value = key });
        return (await RowsAsync(command, cancellationToken)).SingleOrDefault();
    });

    /// <inheritdoc/>
    public Task<Page<TView>> QueryAsync(ReadQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Limit, Math.Clamp(query.Limit, 1, MaxLimit), nameof(query));
        var list = ReadCursor.ListOf(projection, query);
        var cursor = query.Cursor is { } text ? ReadCursor.Read(list, text) : null;
        return WhenAvailable(async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = sql.Page(query, cursor);
            command.Connection = connection;
            var rows = new List<TView>();
            var lastKey = "";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (rows.Count < query.Limit && await reader.ReadAsync(cancellationToken))
            {
                lastKey = reader.GetString(0);
                rows.Add(Row(reader.GetFieldValue<byte[]>(1)));
            }

            var isMore = rows.Count == query.Limit && await reader.ReadAsync(cancellationToken);
            return new Page<TView>(rows, isMore ? new ReadCursor(ReadSql<TView>.Text(sql.SortColumn(query), rows[^1]), lastKey).Write(list) : null);
        });
    }

    /// <inheritdoc/>
    public Task<(LogPosition Position, IReadOnlyList<TView> Rows)> SnapshotAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken) =>
        WhenAvailable<(LogPosition, IReadOnlyList<TView>)>(async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            // The lock comes before the snapshot: a switch in between would show a table whose rows are younger than it.
            await using var begin = new NpgsqlCommand($"set transaction read only; lock table {view} in access share mode", connection);
            await begin.ExecuteNonQueryAsync(cancellationToken);
            await using var position = new NpgsqlCommand("select position from projection_checkpoints where name = $1 and live", connection)
            {
                Parameters = { new() { Value = projection.Name } },
            };
            var at = new LogPosition((long)(await position.ExecuteScalarAsync(cancellationToken))!);
            await using var all = sql.All(filters);
            all.Connection = connection;
            var rows = await RowsAsync(all, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (at, rows);
        });

    /// <inheritdoc/>
    public Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => WhenAvailable(async () =>
    {
        await using var command = dataSource.CreateCommand("select position from projection_checkpoints where name = $1 and live");
        command.Parameters.Add(new() { Value = projection.Name });
        return await command.ExecuteScalarAsync(cancellationToken) is long position
            ? new LogPosition(position)
            : throw new EventStoreUnavailableException(NotYet);
    });

    private string NotYet => $"The read model {projection.Name} is being built.";

    private async Task<T> WhenAvailable<T>(Func<Task<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await read();
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
            {
                // A switch that happened between parsing and running; a second look finds the new table.
                if (attempt > 1)
                    throw new EventStoreUnavailableException(NotYet, exception);
            }
            catch (NpgsqlException exception)
            {
                throw new EventStoreUnavailableException("The read model cannot be reached.", exception);
            }
        }
    }

    private static async Task<List<TView>> RowsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var data = reader.GetOrdinal("data");
        var rows = new List<TView>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Row(reader.GetFieldValue<byte[]>(data)));
        return rows;
    }

    private static TView Row(byte[] json) => JsonSerializer.Deserialize<TView>(json, ViewJson.Options)!;
}
