using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

/// <summary>The last note of each stream, how many there were, and their sum.</summary>
public sealed record NoteView(string Stream, string? Text, int Count, long Sum, DateTimeOffset At);

/// <summary>A projection for tests. Throws on the text "poison" with its name while told to.</summary>
public sealed class NotesProjection(string name = "notes", int version = 1) : Projection<NoteView>
{
    public bool IsPoisoned { get; set; }

    /// <summary>The categories it names; null for all.</summary>
    public IReadOnlyList<string>? Of { get; init; }

    public override IReadOnlyList<string>? Categories => Of;

    public override string Name => name;

    public override int Version => version;

    public override IReadOnlyList<Column<NoteView>> Columns { get; } =
    [
        new("text", ColumnType.Text, n => n.Text),
        new("count", ColumnType.Number, n => n.Count, Indexed: true, Required: true),
        new("even", ColumnType.Number, n => n.Sum % 2 == 0 ? n.Sum : null, Indexed: true),
        new("at", ColumnType.Instant, n => n.At, Indexed: true, Required: true),
    ];

    public override string? KeyOf(StoredEvent happened) => happened.Data is SampleNoted ? happened.Stream.Value : null;

    public override NoteView? Evolve(NoteView? view, StoredEvent happened)
    {
        var note = (SampleNoted)happened.Data;
        if (IsPoisoned && note.Text == $"poison {name}")
            throw new InvalidOperationException("cannot fold this");
        if (note.Text == "remove")
            return null;
        return new NoteView(
            happened.Stream.Value, note.Text == "none" ? null : note.Text, (view?.Count ?? 0) + 1, (view?.Sum ?? 0) + note.Number * version, happened.RecordedAt);
    }
}
