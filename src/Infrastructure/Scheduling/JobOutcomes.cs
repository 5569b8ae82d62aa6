using ContactCenter.Application.Operations;
using Npgsql;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>How the jobs' runs went, for all nodes. A run like the one before writes nothing.</summary>
public sealed class JobOutcomes(NpgsqlDataSource dataSource) : IJobs
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            select t.job_name, nullif(t.prev_fire_time, 0), o.failing, o.last_error, t.next_fire_time, coalesce(o.failures, 0)
            from qrtz_triggers t left join job_outcomes o on o.job = t.job_name
            where t.sched_name = $1 order by t.job_name
            """);
        command.Parameters.Add(new() { Value = Schedule.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<JobStatus> jobs = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add(new JobStatus(
                reader.GetString(0),
                Instant(reader, 1),
                reader.IsDBNull(1) ? null : !reader.IsDBNull(2) && reader.GetBoolean(2) ? "failed" : "ok",
                reader.IsDBNull(3) ? null : reader.GetString(3),
                Instant(reader, 4),
                reader.GetInt64(5)));
        }

        return jobs;
    }

    /// <summary>A run went well.</summary>
    public Task SucceededAsync(string job, CancellationToken cancellationToken) => ExecuteAsync(
        "update job_outcomes set failing = false, changed_at = clock_timestamp() where job = $1 and failing", cancellationToken, job);

    /// <summary>A run failed.</summary>
    public Task FailedAsync(string job, string error, CancellationToken cancellationToken) => ExecuteAsync(
        """
        insert into job_outcomes (job, failing, failures, last_error, changed_at) values ($1, true, 1, $2, clock_timestamp())
        on conflict (job) do update
          set failing = true, failures = job_outcomes.failures + 1, last_error = excluded.last_error, changed_at = excluded.changed_at
        """,
        cancellationToken,
        job,
        error.Length > 500 ? error[..500] : error);

    // Quartz keeps instants as ticks of UTC.
    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) || reader.GetInt64(column) <= 0 ? null : new DateTimeOffset(reader.GetInt64(column), TimeSpan.Zero);

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params string[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
