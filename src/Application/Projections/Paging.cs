using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using FluentValidation;

namespace ContactCenter.Application.Projections;

/// <summary>Which part of a list.</summary>
/// <param name="Sort">A name the list knows, descending with a <c>-</c> before it; null for the list's own order.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Cursor">From the page before, or null.</param>
public sealed record PageRequest(string? Sort = null, int Limit = 50, string? Cursor = null);

/// <summary>The names a list can be sorted by, with their columns. The first is its own order.</summary>
/// <param name="Names">Name on the wire, column.</param>
internal sealed record Sorting(params IReadOnlyList<(string Name, string Column)> Names)
{
    public bool Knows(string? sort) => sort is null || Names.Any(n => n.Name == sort.TrimStart('-') && sort.Length - n.Name.Length <= 1);

    public ReadQuery Query(IReadOnlyList<Filter> filters, PageRequest page)
    {
        var sort = page.Sort ?? Names[0].Name;
        return new ReadQuery(filters, Names.First(n => n.Name == sort.TrimStart('-')).Column, sort.StartsWith('-'), page.Limit, page.Cursor);
    }
}

/// <summary>What lists share.</summary>
internal static class Paging
{
    /// <summary>The shape of <see cref="PageRequest"/>.</summary>
    public static void PageRules<T>(this AbstractValidator<T> validator, Func<T, PageRequest> page, Sorting sorting)
    {
        validator.RuleFor(r => page(r).Limit).InclusiveBetween(1, 200).OverridePropertyName("limit");
        validator.RuleFor(r => page(r).Sort).Must(sorting.Knows).OverridePropertyName("sort")
            .WithMessage($"Must be one of {string.Join(", ", sorting.Names.Select(n => n.Name))}, with a - before it for descending.");
    }

    /// <summary>A page, or the refusal of a cursor that this list did not give.</summary>
    public static async Task<Result<Page<TView>>> PageAsync<TView>(this IReadModel<TView> rows, ReadQuery query, CancellationToken cancellationToken)
        where TView : class
    {
        try
        {
            return await rows.QueryAsync(query, cancellationToken);
        }
        catch (InvalidCursorException exception)
        {
            return ValidationError.Field("cursor", exception.Message);
        }
    }
}
