using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Projections;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>
/// Looks at the checkpoints and writes into them what an admin wants; the node that leads a projection finds it there.
/// </summary>
public sealed class ProjectionControl(NpgsqlDataSource dataSource, IEnumerable<IProjection> projections, TimeProvider time) : IProjectionControl
{
    private const int MostCounted = 10_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProjectionStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select c.name, c.version, c.generation, c.live,
              case when c.status = 'paused' then 'paused' when c.live then 'live' else 'building' end,
              c.position, b.count, b.oldest, c.error_event_id, c.error_event_type, c.error_position, c.error
            from projection_checkpoints c cross join lateral (
              select count(*) as count, min(recorded_at) as oldest from (
                select e.recorded_at from events e
                where e.position > c.position and e.position < (select log_horizon()) order by e.position limit {MostCounted}) behind) b
            order by c.name, c.live desc, c.version, c.generation
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<ProjectionStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var lag = await reader.IsDBNullAsync(7, cancellationToken) ? TimeSpan.Zero : time.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(7);
            var error = await reader.IsDBNullAsync(8, cancellationToken)
                ? null
                : new ProjectionError(reader.GetGuid(8), reader.GetString(9), new LogPosition(reader.GetInt64(10)).ToString(), reader.GetString(11));
            all.Add(new ProjectionStatus(
                reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(3), reader.GetString(4),
                new LogPosition(reader.GetInt64(5)).ToString(), (int)reader.GetInt64(6), Math.Max(0, lag.TotalMilliseconds), error));
        }

        return all;
    }

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string name, CancellationToken cancellationToken) => DoesAsync(
        """
        update projection_checkpoints set status = 'running', error_event_id = null, error_event_type = null, error_position = null, error = null
        where name = $1 and status = 'paused'
        """,
        cancellationToken,
        name);

    /// <inheritdoc/>
    public Task<bool> SkipAsync(string name, Guid eventId, string by, CancellationToken cancellationToken) => DoesAsync(
        """
        with freed as (
          update projection_checkpoints set status = 'running', error_event_id = null, error_event_type = null, error_position = null, error = null
          where name = $1 and status = 'paused' and error_event_id = $2 returning name, version)
        insert into projection_skips (name, version, event_id, skipped_by) select distinct name, version, $2, $3 from freed
        on conflict (name, version, event_id) do update set skipped_by = excluded.skipped_by
        """,
        cancellationToken,
        name,
        eventId,
        by);

    /// <inheritdoc/>
    public Task<bool> RebuildAsync(string name, CancellationToken cancellationToken) =>
        projections.SingleOrDefault(p => p.Name == name) is { } known
            ? DoesAsync(
                """
                insert into projection_checkpoints (name, version, generation)
                select $1, $2, coalesce(max(generation), 0) + 1 from projection_checkpoints where name = $1 and version = $2
                having coalesce(bool_and(live), true)
                on conflict do nothing
                """,
                cancellationToken,
                name,
                known.Version)
            : Task.FromResult(false);

    private async Task<bool> DoesAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
