using Npgsql;

namespace ContactCenter.Infrastructure.Database;

/// <summary>Deletes what may be many rows in short transactions: a long one would hold back every reader of the log (ADR 0007).</summary>
internal static class BatchedDelete
{
    /// <summary>Rows that one transaction deletes, where they are small.</summary>
    public const int SmallRows = 5_000;

    /// <summary>Deletes all rows of a table that a condition holds for.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="condition">In SQL, with <c>$1</c> and so on for the values; of the program, never of a request.</param>
    /// <param name="atOnce">Rows that one transaction deletes.</param>
    /// <param name="cancellationToken">Stops between two batches, or in one, which then stays.</param>
    /// <param name="values">The condition's values.</param>
    public static async Task DeleteInBatchesAsync(
        this NpgsqlDataSource dataSource, string table, string condition, int atOnce, CancellationToken cancellationToken, params object[] values)
    {
        int deleted;
        do
        {
            await using var command = dataSource.CreateCommand(
                $"delete from {table} where ctid = any (array (select ctid from {table} where {condition} limit {atOnce}))");
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == atOnce);
    }
}
