using ContactCenter.Application.Projections;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Column types as PostgreSQL has them.</summary>
internal static class PgTypes
{
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.Text => "text collate \"C\"",
        ColumnType.Number => "bigint",
        ColumnType.Flag => "boolean",
        ColumnType.Instant => "timestamptz",
        ColumnType.Id => "uuid",
        ColumnType.Ids => "uuid[]",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The type of one element when rows are written as arrays; arrays of arrays travel as text.</summary>
    public static string ArrayName(ColumnType type) => type switch
    {
        ColumnType.Text or ColumnType.Ids => "text",
        _ => Name(type),
    };

    public static NpgsqlDbType DbType(ColumnType type) => type switch
    {
        ColumnType.Text or ColumnType.Ids => NpgsqlDbType.Text,
        ColumnType.Number => NpgsqlDbType.Bigint,
        ColumnType.Flag => NpgsqlDbType.Boolean,
        ColumnType.Instant => NpgsqlDbType.TimestampTz,
        ColumnType.Id => NpgsqlDbType.Uuid,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>One column of many rows.</summary>
    public static NpgsqlParameter Array(ColumnType type, object?[] values)
    {
        object typed = type switch
        {
            ColumnType.Text => System.Array.ConvertAll(values, v => v is null ? null : Text(v)),
            ColumnType.Ids => System.Array.ConvertAll(values, v => v is null ? null : $"{{{string.Join(',', (IEnumerable<Guid>)v)}}}"),
            ColumnType.Number => System.Array.ConvertAll(values, v => v is null ? (long?)null : Convert.ToInt64(v)),
            ColumnType.Flag => System.Array.ConvertAll(values, v => (bool?)v),
            ColumnType.Instant => System.Array.ConvertAll(values, v => ((DateTimeOffset?)v)?.UtcDateTime),
            ColumnType.Id => System.Array.ConvertAll(values, v => (Guid?)v),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        return new NpgsqlParameter { Value = typed, NpgsqlDbType = NpgsqlDbType.Array | DbType(type) };
    }

    /// <summary>One value to compare a column with.</summary>
    public static NpgsqlParameter Scalar(ColumnType type, object? value)
    {
        object? typed = (type, value) switch
        {
            (_, null) => DBNull.Value,
            (ColumnType.Text, _) => Text(value),
            (ColumnType.Number, _) => Convert.ToInt64(value),
            (ColumnType.Instant, DateTimeOffset instant) => instant.UtcDateTime,
            _ => value,
        };
        return new NpgsqlParameter { Value = typed, NpgsqlDbType = type == ColumnType.Ids ? NpgsqlDbType.Uuid : DbType(type) };
    }

    // PostgreSQL's text cannot hold a NUL; the row's JSON can, and has it.
    private static string Text(object value) => value.ToString()!.Replace('\0', '\uFFFD');
}
