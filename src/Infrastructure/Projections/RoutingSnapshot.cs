using System.Data;
using System.Text.Json;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Routing;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>What routing begins with, out of the read models in one snapshot of the database.</summary>
public sealed class RoutingSnapshot(NpgsqlDataSource dataSource) : IRoutingSnapshot
{
    /// <inheritdoc/>
    public async Task<RoutingStart> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var begin = new NpgsqlCommand(
                "set transaction read only; lock table read_models.sessions, read_models.agents, read_models.queues in access share mode", connection);
            await begin.ExecuteNonQueryAsync(cancellationToken);
            // The log is followed from where the farthest behind of the three is: what the others have already is no harm.
            await using var position = new NpgsqlCommand(
                "select min(position) from projection_checkpoints where live and name in ('sessions', 'agents', 'queues')", connection);
            var at = new LogPosition((long)(await position.ExecuteScalarAsync(cancellationToken))!);
            var sessions = await IdsAsync(connection, "select key::uuid from read_models.sessions where stage in ('Queued', 'Connected')", cancellationToken);
            var agents = await AgentsAsync(connection, cancellationToken);
            var queues = await IdsAsync(connection, "select key::uuid from read_models.queues", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new RoutingStart(at, sessions, agents, queues);
        }
        catch (NpgsqlException exception)
        {
            throw new EventStoreUnavailableException("The read models cannot be reached.", exception);
        }
    }

    private static Task<List<Guid>> IdsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        AllAsync(connection, sql, static row => row.GetGuid(0), cancellationToken);

    private static async Task<List<AgentCard>> AgentsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var cards = await AllAsync(
            connection, "select data from read_models.agents", static row => JsonSerializer.Deserialize<AgentCard>(row.GetFieldValue<byte[]>(0), ViewJson.Options)!, cancellationToken);
        // Users who have never signed in have a row too.
        cards.RemoveAll(card => card.Version == 0);
        return cards;
    }

    private static async Task<List<T>> AllAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            all.Add(read(reader));
        return all;
    }
}
