using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Projections;

/// <summary>A read model: a pure fold of the log into one row per key. No clock, no ids, no queries: a rebuild gives the same rows.</summary>
public interface IProjection
{
    /// <summary>Lower-case with underscores; names its table.</summary>
    string Name { get; }

    /// <summary>Raised whenever rows would come out differently: the new version is built beside the old, then they switch.</summary>
    int Version { get; }
}

/// <summary>A projection whose rows are one view each.</summary>
/// <typeparam name="TView">The row, an immutable record kept as JSON beside its columns.</typeparam>
public abstract class Projection<TView> : IProjection
    where TView : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract int Version { get; }

    /// <summary>Columns to filter and sort by, beside the key.</summary>
    public abstract IReadOnlyList<Column<TView>> Columns { get; }

    /// <summary>True if every event has a row of its own: then no row has to be looked up before it is written.</summary>
    public virtual bool OneRowPerEvent => false;

    /// <summary>
    /// The categories of the streams whose events may concern it; null for all. An event of another stream that cannot
    /// be read does not stop it, and one that it wants from there all the same does.
    /// </summary>
    public virtual IReadOnlyList<string>? Categories => null;

    /// <summary>Which row an event concerns, or null for none.</summary>
    public abstract string? KeyOf(StoredEvent happened);

    /// <summary>The row after an event; null removes it.</summary>
    /// <param name="view">The row before, or null if there is none.</param>
    /// <param name="happened">The event.</param>
    public abstract TView? Evolve(TView? view, StoredEvent happened);

    /// <summary>Whether a stream's events may concern it.</summary>
    public bool Concerns(StreamId stream)
    {
        if (Categories is not { } categories)
            return true;
        foreach (var category in categories)
        {
            if (stream.IsOf(category))
                return true;
        }

        return false;
    }
}

/// <summary>A column taken from a view.</summary>
/// <typeparam name="TView">The view.</typeparam>
/// <param name="Name">Lower-case with underscores.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Value">Its value; null allowed.</param>
/// <param name="Indexed">Whether an index serves it (with the key, for keyset paging).</param>
/// <param name="Required">Whether it is never null; paging by it is then a plain range of the index.</param>
public sealed record Column<TView>(string Name, ColumnType Type, Func<TView, object?> Value, bool Indexed = false, bool Required = false);

/// <summary>What a column holds.</summary>
public enum ColumnType
{
    /// <summary>Text; searchable without regard to case.</summary>
    Text,

    /// <summary>A 64-bit number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>An instant.</summary>
    Instant,

    /// <summary>A UUID.</summary>
    Id,

    /// <summary>UUIDs; a filter matches if any is there.</summary>
    Ids,
}

/// <summary>Reads a projection's rows.</summary>
/// <typeparam name="TView">The view.</typeparam>
public interface IReadModel<TView>
    where TView : class
{
    /// <summary>One row by key, or null.</summary>
    Task<TView?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>A page of rows. A row is neither repeated nor skipped because others were inserted.</summary>
    /// <exception cref="InvalidCursorException">The cursor was not given by this list with this sort and these filters.</exception>
    Task<Page<TView>> QueryAsync(ReadQuery query, CancellationToken cancellationToken);

    /// <summary>Rows of a whole consistent state and the log position it is the fold of; for live views to start from.</summary>
    Task<(LogPosition Position, IReadOnlyList<TView> Rows)> SnapshotAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken);

    /// <summary>The log position this read model is the fold of.</summary>
    Task<LogPosition> PositionAsync(CancellationToken cancellationToken);
}

/// <summary>What to read.</summary>
/// <param name="Filters">All must hold.</param>
/// <param name="SortBy">A column's name, or null for the key.</param>
/// <param name="Descending">Direction.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Cursor">From the page before, or null.</param>
public sealed record ReadQuery(IReadOnlyList<Filter> Filters, string? SortBy, bool Descending, int Limit, string? Cursor);

/// <summary>A condition on a column.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Operator">How to compare.</param>
/// <param name="Value">With what: of the column's type, or a list of it for <see cref="FilterOperator.AnyOf"/>.</param>
/// <param name="Moves">True if the value changes by itself, with the clock or the caller's reach: a cursor then holds for any value.</param>
public sealed record Filter(string Column, FilterOperator Operator, object? Value, bool Moves = false)
{
    /// <summary>What may hold instead, or null.</summary>
    public Filter? Or { get; init; }
}

/// <summary>Comparisons.</summary>
public enum FilterOperator
{
    /// <summary>Equal; null matches missing.</summary>
    Is,

    /// <summary>One of a list; for <see cref="ColumnType.Ids"/>: any in common.</summary>
    AnyOf,

    /// <summary>None of a list; not for <see cref="ColumnType.Ids"/>.</summary>
    NoneOf,

    /// <summary>Contains the text, without regard to case.</summary>
    Contains,

    /// <summary>At or after, at least.</summary>
    AtLeast,

    /// <summary>Before, less than.</summary>
    Below,
}

/// <summary>A page.</summary>
/// <typeparam name="T">The item.</typeparam>
/// <param name="Items">At most the limit.</param>
/// <param name="NextCursor">For the next page, or null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A cursor that this list did not give: HTTP 400.</summary>
public sealed class InvalidCursorException() : Exception("The cursor was not given by this list.");
