using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.CrmKeys;

/// <summary>A page of CRM keys, locked and revoked ones too.</summary>
/// <param name="Page">Which part; sorts by <c>name</c>, <c>issuedAt</c>.</param>
public sealed record ListCrmKeys(PageRequest Page) : IQuery<Page<CrmKeyCard>>
{
    internal static readonly Sorting Sorting = new(("name", "name"), ("issuedAt", "issued_at"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersRead, Target.Everything);
}

/// <summary>The shape of <see cref="ListCrmKeys"/>.</summary>
public sealed class ListCrmKeysValidator : AbstractValidator<ListCrmKeys>
{
    /// <summary>Its rules.</summary>
    public ListCrmKeysValidator() => this.PageRules(r => r.Page, ListCrmKeys.Sorting);
}

/// <summary>Answers <see cref="ListCrmKeys"/>.</summary>
public sealed class ListCrmKeysHandler(IReadModel<CrmKeyCard> keys) : IRequestHandler<ListCrmKeys, Result<Page<CrmKeyCard>>>
{
    /// <inheritdoc/>
    public Task<Result<Page<CrmKeyCard>>> Handle(ListCrmKeys request, CancellationToken cancellationToken) =>
        keys.PageAsync(ListCrmKeys.Sorting.Query([], request.Page), cancellationToken);
}
