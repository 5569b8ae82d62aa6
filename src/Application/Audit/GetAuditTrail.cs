using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Audit;

/// <summary>A page of the audit trail, newest first (ADM-2).</summary>
/// <param name="Actor">By this user, API key, session (consumer) or component, or null for all.</param>
/// <param name="Command">Through this command, or null for all.</param>
/// <param name="Subject">About this stream, <c>session-…</c>, or null for all.</param>
/// <param name="Outcome">With this outcome, or null for all.</param>
/// <param name="From">At or after, or null.</param>
/// <param name="To">Before, or null.</param>
/// <param name="Page">Which part; sorts by <c>position</c>, newest first unless asked otherwise.</param>
public sealed record GetAuditTrail(
    string? Actor, string? Command, string? Subject, AuditOutcome? Outcome, DateTimeOffset? From, DateTimeOffset? To, PageRequest Page) : IQuery<Page<AuditEntry>>
{
    /// <summary>The names one can sort by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["-position", "position"];

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.AuditRead, Target.Everything);
}

/// <summary>The shape of <see cref="GetAuditTrail"/>.</summary>
public sealed class GetAuditTrailValidator : AbstractValidator<GetAuditTrail>
{
    /// <summary>Its rules.</summary>
    public GetAuditTrailValidator()
    {
        RuleFor(r => r.Actor).MaximumLength(100);
        RuleFor(r => r.Command).MaximumLength(100);
        RuleFor(r => r.Subject).MaximumLength(100);
        this.Span(r => r.From, r => r.To);
        RuleFor(r => r.Outcome).IsInEnum();
        RuleFor(r => r.Page.Limit).InclusiveBetween(1, 200).OverridePropertyName("limit");
        RuleFor(r => r.Page.Sort).Must(s => s is null || GetAuditTrail.Sorts.Contains(s)).OverridePropertyName("sort")
            .WithMessage($"Must be one of {string.Join(", ", GetAuditTrail.Sorts)}.");
    }
}

/// <summary>Answers <see cref="GetAuditTrail"/>.</summary>
public sealed class GetAuditTrailHandler(IReadModel<AuditEntry> entries) : IRequestHandler<GetAuditTrail, Result<Page<AuditEntry>>>
{
    /// <inheritdoc/>
    public Task<Result<Page<AuditEntry>>> Handle(GetAuditTrail request, CancellationToken cancellationToken)
    {
        var filters = new List<Filter>();
        Add("actor_id", FilterOperator.Is, request.Actor);
        Add("command", FilterOperator.Is, request.Command);
        Add("subject", FilterOperator.Is, request.Subject);
        Add("outcome", FilterOperator.Is, request.Outcome);
        Add("at", FilterOperator.AtLeast, request.From);
        Add("at", FilterOperator.Below, request.To);
        // The key is the position, so that the log's order needs no column of its own.
        var query = new ReadQuery(filters, SortBy: null, Descending: request.Page.Sort != "position", request.Page.Limit, request.Page.Cursor);
        return entries.PageAsync(query, cancellationToken);

        void Add(string column, FilterOperator how, object? value)
        {
            if (value is not null)
                filters.Add(new(column, how, value));
        }
    }
}
