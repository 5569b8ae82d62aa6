using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ContactCenter.Application.Projections;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>
/// Where a page ended: the last row's sort value and key, with a hash over them and over the list they belong to. The
/// hash is against mistakes, not against forgery: a forged cursor shows nothing that the filters do not show anyway.
/// </summary>
internal sealed record ReadCursor(string? Value, string Key)
{
    private const int HashBytes = 12;

    public string Write(string list)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this);
        return Base64Url.EncodeToString([.. Hash(list, json), .. json]);
    }

    /// <exception cref="InvalidCursorException">It was not given by this list.</exception>
    public static ReadCursor Read(string list, string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            if (bytes.Length > HashBytes && bytes.AsSpan(0, HashBytes).SequenceEqual(Hash(list, bytes.AsSpan(HashBytes))))
                return JsonSerializer.Deserialize<ReadCursor>(bytes.AsSpan(HashBytes)) ?? throw new InvalidCursorException();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Not even the shape of one.
        }

        throw new InvalidCursorException();
    }

    /// <summary>What a cursor belongs to: the read model, the order and the filters.</summary>
    public static string ListOf(IProjection projection, ReadQuery query)
    {
        var filters = query.Filters.Select(Of);
        return $"{projection.Name} {projection.Version} {query.SortBy} {query.Descending}\n{string.Join('\n', filters)}";
    }

    private static string Of(Filter f) =>
        $"{f.Column} {f.Operator} {(f.Moves ? "" : JsonSerializer.Serialize(f.Value, ViewJson.Options))}{(f.Or is { } other ? " or " + Of(other) : "")}";

    private static byte[] Hash(string list, ReadOnlySpan<byte> json) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. json])[..HashBytes];
}
