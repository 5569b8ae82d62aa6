using System.Globalization;
using System.Text;
using ContactCenter.Application.Projections;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Puts a query into SQL. Names come from the declared columns only; values are always parameters.</summary>
internal sealed class ReadSql<TView>(Projection<TView> projection)
    where TView : class
{
    private readonly Dictionary<string, Column<TView>> columns = projection.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    private readonly string view = TableId.ViewOf(projection.Name);

    /// <summary>The column sorted by, or null for the key.</summary>
    public Column<TView>? SortColumn(ReadQuery query) => query.SortBy is { } name ? Of(name) : null;

    /// <summary>All rows that pass the filters.</summary>
    public NpgsqlCommand All(IReadOnlyList<Filter> filters)
    {
        var command = new NpgsqlCommand();
        command.CommandText = $"select data from {view}{Where(command, filters, after: null)}";
        return command;
    }

    /// <summary>A page and one row more, which tells whether there is another page.</summary>
    public NpgsqlCommand Page(ReadQuery query, ReadCursor? cursor)
    {
        var command = new NpgsqlCommand();
        var sort = SortColumn(query);
        var after = cursor is null ? null : After(command, sort, query.Descending, cursor);
        var direction = query.Descending ? "desc" : "asc";
        // Missing values come last, and first the other way round, as the index has them.
        var order = sort is null ? $"key {direction}" : $"{sort.Name} {direction} nulls {(query.Descending ? "first" : "last")}, key {direction}";
        command.CommandText = $"select key, data from {view}{Where(command, query.Filters, after)} order by {order} limit {query.Limit + 1}";
        return command;
    }

    /// <summary>A sort value as a cursor carries it.</summary>
    public static string? Text(Column<TView>? sort, TView row) => (sort?.Type, sort?.Value(row)) switch
    {
        (null, _) or (_, null) => null,
        (ColumnType.Instant, DateTimeOffset instant) => instant.UtcTicks.ToString(CultureInfo.InvariantCulture),
        (_, var value) => value!.ToString(),
    };

    private string Where(NpgsqlCommand command, IReadOnlyList<Filter> filters, string? after)
    {
        var conditions = filters.Select(f => Either(command, f)).ToList();
        if (after is not null)
            conditions.Add(after);
        return conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
    }

    private string Either(NpgsqlCommand command, Filter filter) =>
        filter.Or is { } other ? $"({Condition(command, filter)} or {Either(command, other)})" : Condition(command, filter);

    private string Condition(NpgsqlCommand command, Filter filter)
    {
        var column = Of(filter.Column);
        var isIds = column.Type == ColumnType.Ids;
        return (filter.Operator, filter.Value) switch
        {
            (FilterOperator.Is, null) => $"{column.Name} is null",
            (FilterOperator.Is, var value) when isIds => $"{column.Name} @> array[{Add(command, column, value)}]",
            (FilterOperator.Is, var value) => $"{column.Name} = {Add(command, column, value)}",
            (FilterOperator.AnyOf, System.Collections.IEnumerable values) => isIds
                ? $"{column.Name} && {AddMany(command, ColumnType.Id, values)}"
                : $"{column.Name} = any ({AddMany(command, column.Type, values)})",
            (FilterOperator.NoneOf, System.Collections.IEnumerable values) => $"{column.Name} <> all ({AddMany(command, column.Type, values)})",
            (FilterOperator.Contains, string text) => $"{column.Name} ilike {AddText(command, $"%{Escape(text)}%")}",
            (FilterOperator.AtLeast, var value) => $"{column.Name} >= {Add(command, column, value)}",
            (FilterOperator.Below, var value) => $"{column.Name} < {Add(command, column, value)}",
            _ => throw new ArgumentException($"{filter.Operator} does not go with {column.Name}.", nameof(filter)),
        };
    }

    private static string After(NpgsqlCommand command, Column<TView>? sort, bool descending, ReadCursor cursor)
    {
        var past = descending ? "<" : ">";
        var key = AddText(command, cursor.Key);
        if (sort is null)
            return $"key {past} {key}";
        if (cursor.Value is null)
            return descending ? $"({sort.Name} is null and key < {key} or {sort.Name} is not null)" : $"({sort.Name} is null and key > {key})";
        var range = $"({sort.Name}, key) {past} ({Add(command, sort, Parse(sort.Type, cursor.Value))}, {key})";
        return sort.Required || descending ? range : $"({range} or {sort.Name} is null)";
    }

    private static object Parse(ColumnType type, string text)
    {
        try
        {
            return type switch
            {
                ColumnType.Number => long.Parse(text, CultureInfo.InvariantCulture),
                ColumnType.Flag => bool.Parse(text),
                ColumnType.Instant => new DateTimeOffset(long.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero),
                ColumnType.Id => Guid.Parse(text),
                _ => text,
            };
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidCursorException();
        }
    }

    private Column<TView> Of(string name) =>
        columns.TryGetValue(name, out var column) ? column : throw new ArgumentException($"{projection.Name} has no column {name}.", nameof(name));

    private static string Add(NpgsqlCommand command, Column<TView> column, object? value)
    {
        command.Parameters.Add(PgTypes.Scalar(column.Type, value));
        return $"${command.Parameters.Count}";
    }

    private static string AddMany(NpgsqlCommand command, ColumnType type, System.Collections.IEnumerable values)
    {
        command.Parameters.Add(PgTypes.Array(type, [.. values.Cast<object?>()]));
        return $"${command.Parameters.Count}";
    }

    private static string AddText(NpgsqlCommand command, string text)
    {
        command.Parameters.Add(new() { Value = text.Replace('\0', '\uFFFD'), NpgsqlDbType = NpgsqlDbType.Text });
        return $"${command.Parameters.Count}";
    }

    private static string Escape(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_").ToString();
}
