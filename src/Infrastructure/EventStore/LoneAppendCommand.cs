using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>The prepared call of <c>append_event</c>: one event, without the arrays that a batch needs.</summary>
internal sealed class LoneAppendCommand : IDisposable
{
    private static readonly int[] None = [];
    private static readonly int[] First = [0];

    private readonly NpgsqlCommand command = new("select append_event($1, $2, $3, $4, $5, $6, $7, $8)") { CommandTimeout = 10 };
    private readonly NpgsqlParameter<string> stream = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<long> expected = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<Guid> id = new() { NpgsqlDbType = NpgsqlDbType.Uuid };
    private readonly NpgsqlParameter<string> type = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<byte[]> data = new() { NpgsqlDbType = NpgsqlDbType.Json };
    private readonly NpgsqlParameter<byte[]> metadata = new() { NpgsqlDbType = NpgsqlDbType.Json };
    private readonly NpgsqlParameter<DateTime> recorded = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter<long> restoreOffset = new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    public LoneAppendCommand() => command.Parameters.AddRange((NpgsqlParameter[])[stream, expected, id, type, data, metadata, recorded, restoreOffset]);

    /// <summary>Whether a batch is a single event and nothing else.</summary>
    public static bool Fits(List<PendingAppend> batch) =>
        batch is [{ Events.Count: 1, Append: { Outbox.Count: 0, Looks.Count: 0, Idempotency: null } }];

    public void Dispose() => command.Dispose();

    /// <summary>Prepares on a session that is set up as <see cref="AppendCommand.PrepareAsync"/> does.</summary>
    public async Task PrepareAsync(NpgsqlConnection connection, long offset)
    {
        restoreOffset.TypedValue = offset;
        command.Connection = connection;
        await command.PrepareAsync();
    }

    /// <summary>One round trip, blocking; answers as <see cref="AppendCommand.Execute"/> does.</summary>
    public (long Base, int[] Failed) Execute(PendingAppend append, DateTimeOffset now)
    {
        var only = append.Events[0];
        stream.TypedValue = only.Stream;
        expected.TypedValue = only.Version - 1;
        id.TypedValue = only.Id;
        type.TypedValue = only.Type;
        data.TypedValue = only.Data;
        metadata.TypedValue = append.Metadata;
        recorded.TypedValue = now.UtcDateTime;
        using var reader = command.ExecuteReader();
        reader.Read();
        var position = reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0);
        // Only the end of the statement says that it is committed.
        while (reader.NextResult())
        {
        }
        return position is { } written ? (written, None) : (0, First);
    }
}
