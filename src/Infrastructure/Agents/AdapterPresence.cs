using System.Collections.Concurrent;
using ContactCenter.Application.Agents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Agents;

/// <summary>
/// Keeps the connections of this node in memory and tells the database of all of them at once, every five seconds, by
/// the database's clock. A node that dies stops telling; its agents reconnect elsewhere or are found lost.
/// </summary>
public sealed class AdapterPresence(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<AdapterPresence> logger)
    : BackgroundService, IAdapterPresence
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Guid, string> connections = new();
    private readonly string node = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <inheritdoc/>
    public async ValueTask SeenAsync(Guid agentId, string connection, CancellationToken cancellationToken)
    {
        if (connections.TryGetValue(agentId, out var known) && known == connection)
            return;
        await WriteAsync([agentId], [connection], cancellationToken);
        connections[agentId] = connection;
    }

    /// <inheritdoc/>
    public void Gone(Guid agentId, string connection) => connections.TryRemove(new KeyValuePair<Guid, string>(agentId, connection));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LostAdapter>> FindLostAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "select agent_id, seen_at from adapter_presence where seen_at < clock_timestamp() - $1 order by seen_at limit 1000");
        command.Parameters.Add(new() { Value = IAdapterPresence.LostAfter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<LostAdapter> lost = [];
        while (await reader.ReadAsync(cancellationToken))
            lost.Add(new LostAdapter(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return lost;
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(LostAdapter lost, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("delete from adapter_presence where agent_id = $1 and seen_at = $2");
        command.Parameters.Add(new() { Value = lost.AgentId });
        command.Parameters.Add(new() { Value = lost.SeenAt });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Tells the database of every adapter connected here.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var here = connections.ToArray();
        if (here.Length > 0)
            await WriteAsync([.. here.Select(c => c.Key)], [.. here.Select(c => c.Value)], cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Heartbeat, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                await TellAsync(stoppingToken);
            }
#pragma warning disable CA1031 // told again in five seconds; two may fail before anybody is lost
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!stoppingToken.IsCancellationRequested)
                    logger.LogWarning(failure, "The presence of this node's adapters was not written.");
            }
        }
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WriteAsync(Guid[] agents, string[] names, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            insert into adapter_presence (agent_id, node, connection, seen_at)
            select agent, $1, connection, clock_timestamp() from unnest($2, $3) a (agent, connection) order by agent
            on conflict (agent_id) do update set node = excluded.node, connection = excluded.connection, seen_at = excluded.seen_at
            """);
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(new() { Value = agents });
        command.Parameters.Add(new() { Value = names });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
