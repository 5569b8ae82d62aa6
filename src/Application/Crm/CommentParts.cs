using System.Text;

namespace ContactCenter.Application.Crm;

/// <summary>
/// A text as the comments that hold it: each as long as any CRM takes it, and nothing left out. Who says what stays in one piece,
/// unless that alone is longer.
/// </summary>
internal static class CommentParts
{
    /// <summary>The longest comment, in bytes of UTF-8. Zendesk takes 64 KB, of which an adapter's own lines are some.</summary>
    public const int MostBytes = 60_000;

    private const string GoesOn = "\n(Continued in the next comment.)";
    private const int MostBytesOfText = MostBytes - 100;

    /// <summary>The comments, in order; one if it fits.</summary>
    /// <param name="paragraphs">The text's pieces, each on a line of its own.</param>
    public static IReadOnlyList<string> Of(IEnumerable<string> paragraphs)
    {
        List<StringBuilder> parts = [new()];
        var bytes = 0;
        foreach (var piece in paragraphs.SelectMany(Pieces))
        {
            var size = Encoding.UTF8.GetByteCount(piece) + 1;
            if (parts[^1].Length > 0 && bytes + size > MostBytesOfText)
            {
                parts.Add(new());
                bytes = 0;
            }

            parts[^1].Append(bytes > 0 ? "\n" : "").Append(piece);
            bytes += size;
        }

        return [.. parts.Select((part, i) => $"{(i > 0 ? $"(Continued, {i + 1} of {parts.Count}.)\n" : "")}{part}{(i < parts.Count - 1 ? GoesOn : "")}")];
    }

    private static IEnumerable<string> Pieces(string paragraph)
    {
        if (Encoding.UTF8.GetByteCount(paragraph) < MostBytesOfText)
        {
            yield return paragraph;
            yield break;
        }

        var (from, to, bytes) = (0, 0, 0);
        foreach (var rune in paragraph.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength >= MostBytesOfText)
            {
                yield return paragraph[from..to];
                (from, bytes) = (to, 0);
            }

            (to, bytes) = (to + rune.Utf16SequenceLength, bytes + rune.Utf8SequenceLength);
        }

        yield return paragraph[from..];
    }
}
