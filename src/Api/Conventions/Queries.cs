using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
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
    private static readonly Dictionary<string, T> Known = Enum.GetValues<T>().ToDictionary(v => Words.Of(v.ToString()), StringComparer.Ordinal);

    /// <summary>Reads one.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Word<T> word)
    {
        var isKnown = Known.TryGetValue(text ?? string.Empty, out var value);
        word = new Word<T>(value);
        return isKnown;
    }
}

/// <summary>The values of enums as they are on the wire.</summary>
internal static class Words
{
    /// <summary>One of them.</summary>
    public static string Of(string value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value);

    /// <summary>All of an enum's, or none for another type.</summary>
    public static IReadOnlyList<string> Of(Type type) => type.IsEnum ? [.. Enum.GetNames(type).Select(Of)] : [];

    /// <summary>The enum that a type is, or is a <see cref="Word{T}"/> or a nullable of; or null.</summary>
    public static Type? EnumIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Word<>))
            type = type.GetGenericArguments()[0];
        return type.IsEnum ? type : null;
    }
}

/// <summary>An instant in a query: RFC 3339, with its zone. One without would mean another moment to each who reads it.</summary>
/// <param name="Value">The instant.</param>
public readonly partial record struct Instant(DateTimeOffset Value)
{
    /// <summary>What is said to who gives none.</summary>
    public const string Shape = "Must be an instant with its zone (RFC 3339), for example 2026-11-26T09:00:00Z or 2026-11-26T10:00:00+01:00.";

    /// <summary>Reads one.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Instant instant)
    {
        var isOne = TryRead(text, out var at);
        instant = new Instant(at);
        return isOne;
    }

    /// <summary>Reads one.</summary>
    internal static bool TryRead(string? text, out DateTimeOffset at)
    {
        at = default;
        return text is { Length: <= 40 } && Written().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out at);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Written();
}
