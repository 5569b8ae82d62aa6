using System.Text.Json;
using System.Text.RegularExpressions;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>One table of rows: created from the columns a projection declares, written in one statement per batch.</summary>
internal sealed partial class ProjectionTable<TView>
    where TView : class
{
    private readonly Projection<TView> projection;
    private readonly TableId id;
    private readonly string writeSql;
    private readonly string loadSql;

    public ProjectionTable(Projection<TView> projection, TableId id)
    {
        this.projection = projection;
        this.id = id;
        foreach (var name in projection.Columns.Select(c => c.Name).Append(projection.Name))
        {
            if (!Identifier().IsMatch(name))
                throw new InvalidOperationException($"{name} of projection {projection.Name} is not lower-case letters, digits and underscores.");
        }

        loadSql = $"select key, data from {id.Table} where key = any ($1)";
        writeSql = WriteSql();
    }

    /// <summary>Makes the table and its indexes, if they are not there.</summary>
    public async Task EnsureAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = id.Table } } };
        if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            return;
        var columns = projection.Columns.Select(c => $"{c.Name} {PgTypes.Name(c.Type)}{(c.Required ? " not null" : "")}, ");
        var indexes = projection.Columns.Where(c => c.Indexed).Select(c => c.Type == ColumnType.Ids
            ? $"create index on {id.Table} using gin ({c.Name});"
            : $"create index on {id.Table} ({c.Name}, key);");
        // Rows change often: room on the page keeps updates of unindexed columns off the indexes.
        await using var create = new NpgsqlCommand(
            $"""
            create table if not exists {id.Table} (key text collate "C" primary key, {string.Concat(columns)}data json not null)
              with (fillfactor = {(projection.OneRowPerEvent ? 100 : 80)});
            {string.Concat(indexes)}
            """,
            connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of these keys that there are.</summary>
    public async Task<Dictionary<string, TView>> LoadAsync(NpgsqlDataSource dataSource, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(loadSql);
        command.Parameters.Add(new() { Value = keys });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, TView>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(reader.GetString(0), JsonSerializer.Deserialize<TView>(reader.GetFieldValue<byte[]>(1), ViewJson.Options)!);
        return rows;
    }

    /// <summary>
    /// Writes changed rows (null: removed) and the checkpoint, all in one statement and so in one short transaction,
    /// if the fencing token is still the current one.
    /// </summary>
    /// <returns>False if it is not: nothing was written.</returns>
    public async Task<bool> WriteAsync(
        NpgsqlDataSource dataSource, Dictionary<string, TView?> changed, LogPosition position, long fence, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(writeSql);
        var parameters = command.Parameters;
        parameters.Add(new() { Value = position.Value });
        parameters.Add(new() { Value = id.Name });
        parameters.Add(new() { Value = id.Version });
        parameters.Add(new() { Value = id.Generation });
        parameters.Add(new() { Value = fence });
        parameters.Add(new() { Value = changed.Where(c => c.Value is null).Select(c => c.Key).ToArray() });
        var rows = changed.Where(c => c.Value is not null).ToArray();
        parameters.Add(new() { Value = Array.ConvertAll(rows, r => r.Key) });
        foreach (var column in projection.Columns)
            parameters.Add(PgTypes.Array(column.Type, Array.ConvertAll(rows, r => column.Value(r.Value!))));
        parameters.Add(new()
        {
            Value = Array.ConvertAll(rows, r => JsonSerializer.SerializeToUtf8Bytes(r.Value!, ViewJson.Options)),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
        });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetInt64(0) == 1;
    }

    // A row per event is never there before its event, and is not looked for.
    // A crash may take the last batches with it, but never rows without their checkpoint: they are folded again. So
    // the commit need not wait for the disk, which keeps the transaction short: while it is open it holds back every
    // reader of the log.
    private string WriteSql()
    {
        var columns = projection.Columns;
        var names = columns.Select(c => c.Name).Append("data").ToArray();
        var arrays = columns.Select((c, i) => $"${i + 8}::{PgTypes.ArrayName(c.Type)}[]").Append($"${columns.Count + 8}::json[]");
        var values = columns.Select(c => c.Type == ColumnType.Ids ? $"u.{c.Name}::uuid[]" : $"u.{c.Name}").Append("u.data");
        return $"""
            with held as (
              update projection_checkpoints set position = $1, updated_at = clock_timestamp()
              where name = $2 and version = $3 and generation = $4 and fence = $5 returning 1),
            gone as (delete from {id.Table} t using held where t.key = any ($6)),
            put as (
              insert into {id.Table} (key, {string.Join(", ", names)})
              select u.key, {string.Join(", ", values)}
              from held, unnest($7::text[], {string.Join(", ", arrays)}) u (key, {string.Join(", ", names)})
              {(projection.OneRowPerEvent ? "" : $"on conflict (key) do update set {string.Join(", ", names.Select(n => $"{n} = excluded.{n}"))}")})
            select count(*), set_config('synchronous_commit', 'off', true) from held
            """;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}

/// <summary>Which table: one generation of one version of one projection.</summary>
internal sealed record TableId(string Name, int Version, int Generation)
{
    public string Table => $"read_models.{Name}_v{Version}_{Generation}";

    /// <summary>What readers read: the live table, whichever it is.</summary>
    public static string ViewOf(string name) => $"read_models.{name}";

    public override string ToString() => $"{Name} v{Version} generation {Generation}";
}
