using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>
/// Recordings that were destroyed at their limit and that the CRM never confirmed (REC-9), out of their read model: no process
/// has to outlive its own purge for them to be told.
/// </summary>
public sealed class LostRecordings(NpgsqlDataSource dataSource)
{
    /// <summary>How many there are, and when the last was destroyed; null while the read model is being built.</summary>
    public async Task<(long Count, DateTimeOffset? LastAt)?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand("select count(*), max(lost_at) from read_models.recordings where lost_at is not null");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return (reader.GetInt64(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(1));
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // The first start, or the first with this software.
            return null;
        }
    }
}
