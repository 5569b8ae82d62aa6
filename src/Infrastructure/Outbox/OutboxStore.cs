using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.Outbox;

/// <summary>A message that this process instance works on until its lease is over.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">Failed attempts before this one.</param>
public sealed record ClaimedMessage(OutboxMessage Message, int Attempts);

/// <summary>How one kind of outbox message stands; for health and metrics.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Due">Messages due and not done.</param>
/// <param name="Failing">Of those, how many have failed before.</param>
/// <param name="OldestDueAt">When the oldest was due, or null.</param>
/// <param name="MostAttempts">Failed attempts of the one that failed most.</param>
/// <param name="LastError">Why that one failed.</param>
public sealed record OutboxFigures(string Kind, int Due, int Failing, DateTimeOffset? OldestDueAt, int MostAttempts, string? LastError);

/// <summary>How one lane of the outbox stands; for metrics.</summary>
/// <param name="Lane">Which: the first word of its kinds.</param>
/// <param name="Depth">Messages not done, also those due later.</param>
/// <param name="Due">Of those, how many are due.</param>
/// <param name="Failing">Of those, how many have failed before.</param>
/// <param name="OldestDue">How long the oldest has been due; zero if none is.</param>
public sealed record OutboxLaneFigures(string Lane, long Depth, long Due, long Failing, TimeSpan OldestDue);

/// <summary>
/// The outbox table as a queue. A claim is a lease: whoever dies with it loses it when it is over, and the message
/// goes out again. Whether a message is due is asked with this node's clock, by which the timer's command decides too;
/// leases run on the database's clock, which all nodes share.
/// </summary>
public sealed class OutboxStore(NpgsqlDataSource dataSource, TimeProvider clock, OutboxOptions options) : IMediaBacklog
{
    private readonly Guid holder = Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>
    /// Claims due messages of a lane that are the first of their key: one in flight per key, in the order of their
    /// position. A later one with the same key waits, also while the first waits for its next attempt; then it is put
    /// off with it, so that a receiver that is down for hours costs no look at everything that waits.
    /// </summary>
    public Task<IReadOnlyList<ClaimedMessage>> ClaimHeadsAsync(string lane, int limit, CancellationToken cancellationToken) => ClaimAsync(
        """
        with oldest as materialized (
          select id, key, position from outbox
          where lane = $1 and due_at <= $2 and (locked_until is null or locked_until < clock_timestamp())
          order by due_at limit 500),
        due as materialized (
          select o.id, o.position, h.position as head, h.due_at as head_due
          from oldest o cross join lateral (
            select p.position, p.due_at from outbox p where p.lane = $1 and p.key = o.key order by p.position limit 1) h),
        put_off as (
          update outbox o set due_at = due.head_due from due where o.id = due.id and due.head < due.position and due.head_due > $2),
        head as materialized (
          select o.id from outbox o join due on due.id = o.id
          where due.head = due.position and (o.locked_until is null or o.locked_until < clock_timestamp())
          order by o.position limit $3 for update of o skip locked)
        update outbox o set locked_until = clock_timestamp() + $4, holder = $5 from head where o.id = head.id
        returning o.id, o.kind, o.key, o.payload, o.due_at, o.attempts, o.position
        """,
        cancellationToken,
        Text(lane), Now(), new NpgsqlParameter { Value = limit }, new NpgsqlParameter { Value = options.Lease }, new NpgsqlParameter { Value = holder });

    /// <summary>Claims due messages of one kind, each for itself, the longest due first; for timers.</summary>
    public Task<IReadOnlyList<ClaimedMessage>> ClaimDueAsync(string kind, int limit, CancellationToken cancellationToken) => ClaimAsync(
        """
        with due as materialized (
          select id from outbox
          where lane = split_part($1, '.', 1) and kind = $1 and due_at <= $2
            and (locked_until is null or locked_until < clock_timestamp())
          order by due_at limit $3 for update skip locked)
        update outbox o set locked_until = clock_timestamp() + $4, holder = $5 from due where o.id = due.id
        returning o.id, o.kind, o.key, o.payload, o.due_at, o.attempts, o.position
        """,
        cancellationToken,
        Text(kind), Now(), new NpgsqlParameter { Value = limit }, new NpgsqlParameter { Value = options.Lease }, new NpgsqlParameter { Value = holder });

    /// <summary>
    /// Done: the message goes, and the next of its key, if it is due, is claimed in the same round trip. Nothing happens if
    /// another has taken the message over meanwhile: the key is that one's now.
    /// </summary>
    public async Task<ClaimedMessage?> CompleteAndClaimNextAsync(ClaimedMessage done, string lane, CancellationToken cancellationToken)
    {
        // The statement still sees the row that it deletes, so the next one is looked for without it. It is not skipped
        // when another holds its row for a moment: the one after it would overtake it.
        var next = await ClaimAsync(
            """
            with done as (delete from outbox where id = $1 and holder = $6 returning id),
            next as materialized (
              select id from outbox where lane = $2 and key = $3 and id <> $1 and exists (select from done) order by position limit 1)
            update outbox o set locked_until = clock_timestamp() + $5, holder = $6 from next
            where o.id = next.id and o.due_at <= $4 and (o.locked_until is null or o.locked_until < clock_timestamp())
            returning o.id, o.kind, o.key, o.payload, o.due_at, o.attempts, o.position
            """,
            cancellationToken,
            new NpgsqlParameter { Value = done.Message.Id }, Text(lane), Text(done.Message.Key), Now(), new NpgsqlParameter { Value = options.Lease }, new NpgsqlParameter { Value = holder });
        return next.SingleOrDefault();
    }

    /// <summary>Done: the message goes, unless another has taken it over meanwhile.</summary>
    public Task CompleteAsync(ClaimedMessage done, CancellationToken cancellationToken) => ExecuteAsync(
        "delete from outbox where id = $1 and holder = $2",
        cancellationToken,
        new NpgsqlParameter { Value = done.Message.Id },
        new NpgsqlParameter { Value = holder });

    /// <summary>Not done: due again later, unless another has taken it over meanwhile.</summary>
    /// <param name="failed">The message.</param>
    /// <param name="retryAfter">In how long.</param>
    /// <param name="error">Why; no personal data.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public Task FailAsync(ClaimedMessage failed, TimeSpan retryAfter, string error, CancellationToken cancellationToken) => ExecuteAsync(
        """
        update outbox set attempts = attempts + 1, due_at = $3, last_error = $4, locked_until = null, holder = null
        where id = $1 and holder = $2
        """,
        cancellationToken,
        new NpgsqlParameter { Value = failed.Message.Id },
        new NpgsqlParameter { Value = holder },
        new NpgsqlParameter { Value = (clock.GetUtcNow() + retryAfter).ToUniversalTime() },
        Text(error.Length > 500 ? error[..500] : error));

    /// <summary>Not begun: due later, and no attempt.</summary>
    public Task PutOffAsync(ClaimedMessage message, TimeSpan wait, CancellationToken cancellationToken) => ExecuteAsync(
        "update outbox set due_at = $3, locked_until = null, holder = null where id = $1 and holder = $2",
        cancellationToken,
        new NpgsqlParameter { Value = message.Message.Id },
        new NpgsqlParameter { Value = holder },
        new NpgsqlParameter { Value = (clock.GetUtcNow() + wait).ToUniversalTime() });

    /// <summary>Gives messages back untried: this node stops.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => ExecuteAsync(
        "update outbox set locked_until = null, holder = null where id = any ($1) and holder = $2",
        cancellationToken,
        new NpgsqlParameter { Value = ids.ToArray() },
        new NpgsqlParameter { Value = holder });

    /// <summary>Keeps messages that take long.</summary>
    public Task ExtendAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => ExecuteAsync(
        "update outbox set locked_until = clock_timestamp() + $3 where id = any ($1) and holder = $2",
        cancellationToken,
        new NpgsqlParameter { Value = ids.ToArray() },
        new NpgsqlParameter { Value = holder },
        new NpgsqlParameter { Value = options.Lease });

    /// <inheritdoc/>
    public async Task<bool> HasAnyAsync(Guid sessionId, Guid recordingId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select exists (select 1 from outbox where lane = 'media' and key in ($1, $2))");
        command.Parameters.Add(Text(sessionId.ToString("D")));
        command.Parameters.Add(Text(recordingId.ToString("D")));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> EndsAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select kind, payload from outbox where lane = 'media' and kind in ($1, $2)");
        command.Parameters.Add(Text(MediaKinds.StopSegment));
        command.Parameters.Add(Text(MediaKinds.Release));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<Guid, DateTimeOffset> ends = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            if (EndOf(reader.GetString(0), reader.GetString(1)) is (var sessionId, { } at) && (!ends.TryGetValue(sessionId, out var known) || at < known))
                ends[sessionId] = at;
        }

        return ends;
    }

    /// <summary>How each kind stands that has messages due.</summary>
    public async Task<IReadOnlyList<OutboxFigures>> FiguresAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            select kind, count(*)::int, count(*) filter (where attempts > 0)::int, min(due_at), max(attempts),
              (array_agg(last_error order by attempts desc))[1]
            from outbox where due_at <= $1 or attempts > 0 group by kind order by kind
            """);
        command.Parameters.Add(Now());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<OutboxFigures> figures = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            figures.Add(new OutboxFigures(
                reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetInt32(4), reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return figures;
    }

    /// <summary>How each lane stands that has messages.</summary>
    public async Task<IReadOnlyList<OutboxLaneFigures>> LanesAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            select lane, count(*), count(*) filter (where due_at <= $1), count(*) filter (where attempts > 0), min(due_at) filter (where due_at <= $1)
            from outbox group by lane order by lane
            """);
        command.Parameters.Add(Now());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<OutboxLaneFigures> lanes = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var overdue = await reader.IsDBNullAsync(4, cancellationToken) ? TimeSpan.Zero : clock.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(4);
            lanes.Add(new OutboxLaneFigures(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), overdue));
        }

        return lanes;
    }

    /// <summary>
    /// When the oldest recording that waits for the CRM was stopped, or null. The timer of its limit is there as long as it
    /// is, and due a fixed time after the stop; the one of its start is due before.
    /// </summary>
    public async Task<DateTimeOffset?> OldestWaitingRecordingAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            select min(due_at) from (
              select max(l.due_at) as due_at from outbox u join outbox l on l.lane = 'timer' and l.key = u.key and l.kind = $2
              where u.lane = 'recording' and u.kind = $1 group by u.key) waiting
            """);
        command.Parameters.Add(Text(OutboxKinds.RecordingUpload));
        command.Parameters.Add(Text(OutboxKinds.RecordingLimitTimer));
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due, TimeSpan.Zero) - Recording.Limit : null;
    }

    private static (Guid SessionId, DateTimeOffset? At) EndOf(string kind, string payload)
    {
        if (kind == MediaKinds.Release)
            return OutboxJson.Read<ReleaseCall>(payload) is var release ? (release.SessionId, release.At) : default;
        var stop = OutboxJson.Read<StopSegment>(payload);
        return (stop.SessionId, stop.At);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private NpgsqlParameter Now() => new() { Value = clock.GetUtcNow().ToUniversalTime() };

    private async Task<IReadOnlyList<ClaimedMessage>> ClaimAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(long Position, ClaimedMessage Claimed)> claimed = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var message = new OutboxMessage(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4));
            claimed.Add((reader.GetInt64(6), new ClaimedMessage(message, reader.GetInt32(5))));
        }

        return [.. claimed.OrderBy(c => c.Position).Select(c => c.Claimed)];
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
