using Npgsql;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>Reads rows of the table <c>events</c>.</summary>
internal static class EventRows
{
    public const string Columns = "e.position, e.stream, e.version, e.id, e.type, e.data, e.metadata, e.recorded_at";

    public static async Task<List<EventRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<EventRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new EventRow(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetGuid(3), reader.GetString(4),
                reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<DateTimeOffset>(7)));
        }
        return rows;
    }
}
