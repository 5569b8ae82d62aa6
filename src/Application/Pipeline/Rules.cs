using System.Linq.Expressions;
using ContactCenter.Domain.Access;
using FluentValidation;

namespace ContactCenter.Application.Pipeline;

/// <summary>Shapes that several requests share.</summary>
internal static class Rules
{
    private const int MaxIds = 100;

    /// <summary>An id that is not all zeros.</summary>
    public static IRuleBuilderOptions<T, Guid> Id<T>(this IRuleBuilder<T, Guid> rule) =>
        rule.NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");

    /// <summary>A list of different ids.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>> Ids<T>(this IRuleBuilder<T, IReadOnlyList<Guid>> rule) =>
        rule.Must(ids => ids is { Count: <= MaxIds } && !ids.Contains(Guid.Empty) && ids.Distinct().Count() == ids.Count)
            .WithMessage($"Must be a list of at most {MaxIds} different UUIDs.");

    /// <summary>Words for people: not blank, no control characters.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int max) =>
        rule.Must(text => !string.IsNullOrWhiteSpace(text) && text.Length <= max && !text.Any(char.IsControl))
            .WithMessage($"Must have 1 to {max} characters, and no control characters.");

    /// <summary>A telephone number.</summary>
    public static IRuleBuilderOptions<T, string> PhoneNumber<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().Matches("^\\+[1-9][0-9]{6,14}\\z").WithMessage("Must be a number in E.164, for example +4930123456.");

    /// <summary>A language.</summary>
    public static IRuleBuilderOptions<T, string> LanguageTag<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().Matches("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z").MaximumLength(35).WithMessage("Must be a BCP 47 language tag.");

    /// <summary>Simulated media only: what somebody says, in words that the engine knows; null for the usual.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="also">Another word that is one here, as a regular expression; or null.</param>
    public static IRuleBuilderOptions<T, string?> Voice<T>(this IRuleBuilder<T, string?> rule, string? also = null) =>
        rule.Matches($"^({(also is null ? "" : also + "|")}tone:([1-9][0-9]{{0,2}}|[1-3][0-9]{{3}})|[A-Za-z0-9][A-Za-z0-9 ._-]{{0,99}})\\z")
            .WithMessage("Must be a file's name, or a tone below 4000 Hz like tone:440.");

    /// <summary>An instant at which a slot may begin.</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset> SlotStart<T>(this IRuleBuilder<T, DateTimeOffset> rule) =>
        rule.Must(at => at.UtcDateTime.Year is >= 1970 and <= 2199).WithMessage("Must be from 1970 to 2199.");

    /// <summary>An end that is not before its beginning, where both are given.</summary>
    public static void Span<T>(this AbstractValidator<T> validator, Func<T, DateTimeOffset?> from, Expression<Func<T, DateTimeOffset?>> to) =>
        validator.RuleFor(to).Must((request, end) => end is null || from(request) is not { } begin || end >= begin).OverridePropertyName("to")
            .WithMessage("Must not be before from.");

    /// <summary>What somebody signs in with.</summary>
    public static IRuleBuilderOptions<T, string> Login<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().Matches("^[^\\s\\p{C}]{1,100}\\z").WithMessage("Must have 1 to 100 characters without spaces.");

    /// <summary>Long enough to be slow to guess, short enough to be hashed.</summary>
    public static IRuleBuilderOptions<T, string> Password<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().Length(12, 200).WithMessage("Must have 12 to 200 characters.");

    /// <summary>Grants of permissions that exist.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<Grant>> Grants<T>(this IRuleBuilder<T, IReadOnlyList<Grant>> rule) =>
        rule.Must(grants => grants is { Count: <= MaxIds } && grants.All(g => g is not null && Enum.IsDefined(g.Scope) && Permissions.All.Contains(g.Permission)))
            .WithMessage($"Must be a list of at most {MaxIds} grants of known permissions.");
}
