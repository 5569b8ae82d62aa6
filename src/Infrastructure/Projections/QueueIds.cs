using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Settings;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>The queues' ids out of their read model, with the place of the log it stands at.</summary>
public sealed class QueueIds(NpgsqlDataSource dataSource) : IQueueIds
{
    /// <inheritdoc/>
    public async Task<(LogPosition Position, IReadOnlyList<Guid> Ids)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One statement sees one moment: the rows are those of the checkpoint.
            await using var command = dataSource.CreateCommand(
                """
                select coalesce((select position from projection_checkpoints where live and name = 'queues'), 0),
                       array(select key::uuid from read_models.queues)
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return (new LogPosition(reader.GetInt64(0)), reader.GetFieldValue<Guid[]>(1));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The very first start: no read model is built yet, and the log is read from its beginning.
            return (LogPosition.Start, []);
        }
        catch (NpgsqlException exception)
        {
            throw new EventStoreUnavailableException("The read models cannot be reached.", exception);
        }
    }
}
