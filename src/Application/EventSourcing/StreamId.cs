namespace ContactCenter.Application.EventSourcing;

/// <summary>The name of one stream: its category and the aggregate's id, <c>session-0192f3a0-…</c>.</summary>
/// <param name="Value">The whole name, at most 100 ASCII characters.</param>
public readonly record struct StreamId(string Value)
{
    /// <summary>The stream of one aggregate.</summary>
    /// <param name="category">Lower-case, without a dash: <c>session</c>, <c>agent</c>.</param>
    /// <param name="id">The aggregate's id.</param>
    public static StreamId For(string category, Guid id) => new($"{category}-{id:D}");

    /// <summary>The part before the first dash.</summary>
    public string Category => Value[..Math.Max(0, Value.IndexOf('-', StringComparison.Ordinal))];

    /// <summary>Whether it is of a category.</summary>
    public bool IsOf(string category) =>
        Value.Length > category.Length && Value[category.Length] == '-' && Value.StartsWith(category, StringComparison.Ordinal);

    /// <summary>The aggregate's id, or <see cref="Guid.Empty"/> where the name holds none.</summary>
    public Guid Id => Guid.TryParse(Value.AsSpan(Value.IndexOf('-', StringComparison.Ordinal) + 1), out var id) ? id : Guid.Empty;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
