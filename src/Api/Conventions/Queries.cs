using System.Text.Json;
using ContactCenter.Application.Projections;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Conventions;

/// <summary>Which part of a list: <c>?sort=&amp;limit=&amp;cursor=</c>.</summary>
/// <param name="Sort">A name the list knows, descending with a <c>-</c> before it.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the page before.</param>
public sealed record PageQuery(
    [property: FromQuery(Name = "sort")] string? Sort = null,
    [property: FromQuery(Name = "limit")] int Limit = 50,
    [property: FromQuery(Name = "cursor")] string? Cursor = null)
{
    internal PageRequest Request => new(string.IsNullOrEmpty(Sort) ? null : Sort, Limit, string.IsNullOrEmpty(Cursor) ? null : Cursor);
}

/// <summary>An enum's value in a query, under its name on the wire: <c>no_effect</c>. Numbers are refused.</summary>
/// <typeparam name="T">The enum.</typeparam>
/// <param name="Value">The value.</param>
public readonly record struct Word<T>(T Value)
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Known =
        Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), StringComparer.Ordinal);

    /// <summary>Its names on the wire.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>Reads one.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Word<T> word)
    {
        var isKnown = Known.TryGetValue(text ?? string.Empty, out var value);
        word = new Word<T>(value);
        return isKnown;
    }
}
