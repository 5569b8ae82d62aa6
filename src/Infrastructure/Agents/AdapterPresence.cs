using System.Collections.Concurrent;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Agents;

/// <summary>
/// Keeps the connections of this node in memory and tells the database of all of them at once, every five seconds, by
/// the database's clock. A node that dies stops telling; its agents reconnect elsewhere or are found lost. Who was taken
/// for lost and is there all the same contradicts in the agent's stream, where the earlier write counts.
/// </summary>
public sealed class AdapterPresence(NpgsqlDataSource dataSource, Dispatcher dispatcher, TimeProvider clock, ILogger<AdapterPresence> logger)
    : BackgroundService, IAdapterPresence
{
    private const int LostAtOnce = 200;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    // A heartbeat, an outage that nobody noticed, and a retry have to fit into IAdapterPresence.LostAfter.
    private static readonly TimeSpan WatchBreak = TimeSpan.FromSeconds(8);
    private readonly ConcurrentDictionary<Guid, string> connections = new();
    private readonly string node = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <inheritdoc/>
    public async ValueTask SeenAsync(Guid agentId, string connection, CancellationToken cancellationToken)
    {
        if (connections.TryGetValue(agentId, out var known) && known == connection)
            return;
        foreach (var doubted in await WriteAsync([agentId], [connection], cancellationToken))
            await ContradictAsync(doubted, connection, cancellationToken);
        connections[agentId] = connection;
    }

    /// <inheritdoc/>
    public void Gone(Guid agentId, string connection) => connections.TryRemove(new KeyValuePair<Guid, string>(agentId, connection));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LostAdapter>> FindLostAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            with watch as (
              insert into adapter_watch as w (since, looked_at) values (clock_timestamp(), clock_timestamp())
              on conflict (singleton) do update set
                since = case when excluded.looked_at - w.looked_at > $2 then excluded.looked_at else w.since end,
                looked_at = excluded.looked_at
              returning since)
            select agent_id, seen_at from adapter_presence, watch
            where seen_at < clock_timestamp() - $1 and since < clock_timestamp() - $1 order by seen_at limit $3
            """);
        command.Parameters.Add(new() { Value = IAdapterPresence.LostAfter });
        command.Parameters.Add(new() { Value = WatchBreak });
        command.Parameters.Add(new() { Value = LostAtOnce });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<LostAdapter> lost = [];
        while (await reader.ReadAsync(cancellationToken))
            lost.Add(new LostAdapter(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return lost;
    }

    /// <inheritdoc/>
    public async Task<bool> TakeForLostAsync(LostAdapter lost, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update adapter_presence set lost = true where agent_id = $1 and seen_at = $2");
        command.Parameters.Add(new() { Value = lost.AgentId });
        command.Parameters.Add(new() { Value = lost.SeenAt });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task WatchAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            insert into adapter_presence (agent_id, node, connection, seen_at)
            select agent, $1, '', clock_timestamp() from unnest($2) agent order by agent on conflict do nothing
            """);
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(new() { Value = agentIds.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
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
        if (here.Length == 0)
            return;
        foreach (var doubted in await WriteAsync([.. here.Select(c => c.Key)], [.. here.Select(c => c.Value)], cancellationToken))
            await ContradictAsync(doubted, connections.GetValueOrDefault(doubted), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = Heartbeat; !stoppingToken.IsCancellationRequested;)
        {
            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await TellAsync(stoppingToken);
                wait = Heartbeat;
            }
#pragma warning disable CA1031 // told again soon, before anybody is lost
            catch (Exception failure)
#pragma warning restore CA1031
            {
                wait = Retry;
                if (!stoppingToken.IsCancellationRequested)
                    logger.LogWarning(failure, "The presence of this node's adapters was not written.");
            }
        }
    }

    /// <summary>Somebody may be about to sign out an agent whose adapter is here.</summary>
    private async Task ContradictAsync(Guid agentId, string? connection, CancellationToken cancellationToken)
    {
        var answer = await dispatcher.SendAsSystemAsync("presence", new ResumeAgent(agentId), cancellationToken);
        if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency } raced)
            throw new EventStoreUnavailableException($"The return of agent {agentId} is not written: {raced.Message}");
        await using var command = dataSource.CreateCommand("update adapter_presence set lost = false where agent_id = $1 and connection = $2");
        command.Parameters.Add(new() { Value = agentId });
        command.Parameters.Add(new() { Value = connection ?? string.Empty });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes that these are here; gives those who were taken for lost.</summary>
    private async Task<IReadOnlyList<Guid>> WriteAsync(Guid[] agents, string[] names, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            insert into adapter_presence (agent_id, node, connection, seen_at)
            select agent, $1, connection, clock_timestamp() from unnest($2, $3) a (agent, connection) order by agent
            on conflict (agent_id) do update set node = excluded.node, connection = excluded.connection, seen_at = excluded.seen_at
            returning agent_id, lost
            """);
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(new() { Value = agents });
        command.Parameters.Add(new() { Value = names });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Guid> doubted = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(1))
                doubted.Add(reader.GetGuid(0));
        }

        return doubted;
    }
}
