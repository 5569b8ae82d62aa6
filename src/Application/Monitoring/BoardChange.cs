using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Monitoring;

/// <summary>What a live view tells. The position is the event's id on the wire: resuming after it repeats and skips nothing.</summary>
/// <param name="Position">The log position that the subscriber is at after this.</param>
/// <typeparam name="TRow">The row.</typeparam>
public abstract record BoardChange<TRow>(LogPosition Position)
{
    /// <summary>True if more of the same event follows: nobody resumes after this one.</summary>
    public bool IsPart { get; init; }
}

/// <summary>All rows as they are; whatever was known before is void.</summary>
/// <inheritdoc/>
public sealed record BoardSnapshot<TRow>(LogPosition Position, IReadOnlyList<TRow> Rows) : BoardChange<TRow>(Position);

/// <summary>A row is new or different.</summary>
/// <inheritdoc/>
public sealed record BoardRowChanged<TRow>(LogPosition Position, string Key, TRow Row) : BoardChange<TRow>(Position);

/// <summary>A row is gone, or is no longer what the subscriber asked for.</summary>
/// <inheritdoc/>
public sealed record BoardRowRemoved<TRow>(LogPosition Position, string Key) : BoardChange<TRow>(Position);
