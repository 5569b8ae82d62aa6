using System.Globalization;
using System.Text;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// Pages of rows that are in memory, in the order of a figure that no table has. A page begins after the figure and key of
/// the last row before it: rows that others add or take away move nobody.
/// </summary>
internal static class BoardPages
{
    /// <param name="rows">All that may be shown.</param>
    /// <param name="figure">What they are sorted by.</param>
    /// <param name="key">What tells them apart.</param>
    /// <param name="page">Which part; its sort is known.</param>
    /// <param name="list">Names the list with its filters: another list's cursor is refused.</param>
    /// <typeparam name="TRow">The row.</typeparam>
    public static Result<Page<TRow>> Of<TRow>(IEnumerable<TRow> rows, Func<TRow, long> figure, Func<TRow, string> key, PageRequest page, string list)
    {
        var descending = page.Sort!.StartsWith('-');
        (long Figure, string Key)? after = null;
        if (page.Cursor is { } cursor && (after = Read(cursor, list + page.Sort)) is null)
            return ValidationError.Field("cursor", new InvalidCursorException().Message);

        var sorted = rows.Select(r => (Row: r, Figure: descending ? -figure(r) : figure(r), Key: key(r)))
            .Where(r => after is not var (at, last) || r.Figure > at || (r.Figure == at && string.CompareOrdinal(r.Key, last) > 0))
            .OrderBy(r => r.Figure).ThenBy(r => r.Key, StringComparer.Ordinal).Take(page.Limit + 1).ToList();
        var shown = sorted.Take(page.Limit).ToList();
        return new Page<TRow>([.. shown.Select(r => r.Row)], sorted.Count > shown.Count ? Write(list + page.Sort, shown[^1].Figure, shown[^1].Key) : null);
    }

    private static string Write(string list, long figure, string key) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{figure}\n{key}\n{list}")));

    private static (long Figure, string Key)? Read(string cursor, string list)
    {
        var bytes = new byte[cursor.Length];
        if (!Convert.TryFromBase64String(cursor, bytes, out var length))
            return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split('\n', 3) is [var figure, var key, var of]
            && of == list && long.TryParse(figure, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (value, key)
            : null;
    }
}
