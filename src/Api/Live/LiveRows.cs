using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ContactCenter.Api.Live;

/// <summary>What writes itself as JSON.</summary>
internal interface IWritesJson
{
    /// <summary>Writes one value.</summary>
    void Write(Utf8JsonWriter writer, JsonSerializerOptions json);
}

/// <summary>
/// The JSON of rows, made once for all who are told of them: hundreds of dashboards show the same row, and what a row looks
/// like depends on nobody. Kept for as long as the row itself.
/// </summary>
internal static class RowJson
{
    private static readonly ConditionalWeakTable<object, byte[]> Made = [];

    /// <summary>The row as JSON.</summary>
    public static byte[] Of(object row, JsonSerializerOptions json) =>
        Made.TryGetValue(row, out var known) ? known : Made.GetValue(row, r => JsonSerializer.SerializeToUtf8Bytes(r, r.GetType(), json));
}

/// <summary><see cref="RowsSnapshot{T}"/>, out of rows that are written already.</summary>
internal sealed record LiveSnapshot(IReadOnlyList<object> Rows) : IWritesJson
{
    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer, JsonSerializerOptions json)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var row in Rows)
            writer.WriteRawValue(RowJson.Of(row, json), skipInputValidation: true);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary><see cref="RowChanged{T}"/>, out of a row that is written already.</summary>
internal sealed record LiveRow(string Key, object Row) : IWritesJson
{
    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer, JsonSerializerOptions json)
    {
        writer.WriteStartObject();
        writer.WriteString("key", Key);
        writer.WritePropertyName("item");
        writer.WriteRawValue(RowJson.Of(Row, json), skipInputValidation: true);
        writer.WriteEndObject();
    }
}
