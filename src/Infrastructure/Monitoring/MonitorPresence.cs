using ContactCenter.Application.Monitoring;
using Npgsql;

namespace ContactCenter.Infrastructure.Monitoring;

/// <summary>When each monitoring was last seen by any node, by the database's clock; a node that dies stops telling.</summary>
public sealed class MonitorPresence(NpgsqlDataSource dataSource) : IMonitorPresence
{
    private const int LostAtOnce = 500;

    // A heartbeat and an outage that nobody noticed have to fit into IMonitorPresence.LostAfter.
    private static readonly TimeSpan WatchBreak = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public async Task SeenAsync(IReadOnlyCollection<Guid> monitorIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            insert into monitor_presence (monitor_id, seen_at)
            select id, clock_timestamp() from unnest($1) m (id) order by id
            on conflict (monitor_id) do update set seen_at = excluded.seen_at
            """);
        command.Parameters.Add(new() { Value = monitorIds.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LostMonitor>> FindLostAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            with watch as (
              insert into monitor_watch as w (since, looked_at) values (clock_timestamp(), clock_timestamp())
              on conflict (singleton) do update set
                since = case when excluded.looked_at - w.looked_at > $2 then excluded.looked_at else w.since end,
                looked_at = excluded.looked_at
              returning since)
            select monitor_id, seen_at from monitor_presence, watch
            where seen_at < clock_timestamp() - $1 and since < clock_timestamp() - $1 order by seen_at limit $3
            """);
        command.Parameters.Add(new() { Value = IMonitorPresence.LostAfter });
        command.Parameters.Add(new() { Value = WatchBreak });
        command.Parameters.Add(new() { Value = LostAtOnce });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<LostMonitor> lost = [];
        while (await reader.ReadAsync(cancellationToken))
            lost.Add(new LostMonitor(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return lost;
    }

    /// <inheritdoc/>
    public async Task<bool> IsUnseenForAsync(Guid monitorId, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select not exists (select from monitor_presence where monitor_id = $1 and seen_at > clock_timestamp() - $2)");
        command.Parameters.Add(new() { Value = monitorId });
        command.Parameters.Add(new() { Value = time });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(LostMonitor lost, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("delete from monitor_presence where monitor_id = $1 and seen_at = $2");
        command.Parameters.Add(new() { Value = lost.MonitorId });
        command.Parameters.Add(new() { Value = lost.SeenAt });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
