using System.Globalization;
using System.Text;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Domain.Sessions;

/// <summary>One thing that was said in a call, as an add-on heard it (REC-13).</summary>
/// <param name="From">Which side.</param>
/// <param name="At">From when.</param>
/// <param name="Until">Until when.</param>
/// <param name="Text">What.</param>
public sealed record SpokenLine(SessionParty From, DateTimeOffset At, DateTimeOffset Until, string Text)
{
    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(SpokenLine)}({From}, {At:O})";
}

/// <summary>A call's transcript as text.</summary>
public static class SpokenText
{
    /// <summary>Stands for what was said while nothing was recorded.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Why these cannot be, or null.</summary>
    public static DomainError? WhyNot(IReadOnlyList<SpokenLine> lines) =>
        lines.Any(l => l.Until < l.At) ? ValidationError.Field("lines", "Nothing ends before it begins.") : null;

    /// <summary>A line each; what was not all said while the call was recorded is redacted, as its audio is (REC-13).</summary>
    public static string Render(IReadOnlyList<SpokenLine> lines, IReadOnlyList<RecordedStretch> recorded)
    {
        var text = new StringBuilder();
        var wasRedacted = false;
        foreach (var line in lines.OrderBy(l => l.At))
        {
            var isRedacted = !recorded.Any(stretch => stretch.Holds(line.At, line.Until));
            if (isRedacted && wasRedacted)
                continue;
            if (text.Length > 0)
                text.Append('\n');
            if (isRedacted)
                text.Append(Redacted);
            else
                text.Append(CultureInfo.InvariantCulture, $"[{line.At.UtcDateTime:HH:mm:ss}Z] {line.From}: {line.Text.ReplaceLineEndings(" ").Trim()}");
            wasRedacted = isRedacted;
        }

        return text.ToString();
    }
}
