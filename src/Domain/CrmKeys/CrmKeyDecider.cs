using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.CrmKeys;

/// <summary>The rules of a CRM key (REC-10): each code once, and five wrong ones lock it.</summary>
public static class CrmKeyDecider
{
    /// <summary>So many wrong codes, with no right one between them, lock the key for good.</summary>
    public const int MostFailures = 5;

    /// <summary>A key is issued.</summary>
    public static Decision<CrmKeyEvent> Issue(CrmKey k, Guid id, string name, DateTimeOffset now)
    {
        if (k.Id != Guid.Empty)
            return Decision<CrmKeyEvent>.Nothing;
        return string.IsNullOrWhiteSpace(name) || name.Trim().Length > 100
            ? ValidationError.Field("name", "Must have 1 to 100 characters.")
            : new CrmKeyIssued(id, name.Trim(), now);
    }

    /// <summary>The key is void from now on.</summary>
    public static Decision<CrmKeyEvent> Revoke(CrmKey k, DateTimeOffset now)
    {
        if (k.Id == Guid.Empty)
            return CrmKeyErrors.NotFound;
        return k.IsRevoked ? Decision<CrmKeyEvent>.Nothing : new CrmKeyRevoked(k.Id, now);
    }

    /// <summary>Why no code is looked at, or null.</summary>
    public static DomainError? WhyNotAsked(CrmKey k) => k switch
    {
        { IsGood: false } => CrmKeyErrors.NotFound,
        { IsLocked: true } => CrmKeyErrors.Locked,
        _ => null,
    };

    /// <summary>
    /// A code came. A right one counts once for good, and no earlier one counts after it; one that was right once is
    /// refused without being counted as wrong: whoever sends it twice guesses nothing.
    /// </summary>
    /// <param name="k">The key, which may be asked.</param>
    /// <param name="accessRequestId">For what.</param>
    /// <param name="step">The time step that the code is of, or null for none of those that are good now.</param>
    /// <param name="now">The time.</param>
    public static Decision<CrmKeyEvent> Check(CrmKey k, Guid accessRequestId, long? step, DateTimeOffset now)
    {
        if (WhyNotAsked(k) is { } refusal)
            return refusal;
        if (step is { } of)
            return of <= k.LastStep ? CrmKeyErrors.CodeUsed : new CrmCodeAccepted(k.Id, accessRequestId, of, now);
        var refused = new CrmCodeRefused(k.Id, accessRequestId, k.Failures + 1, now);
        return refused.Failures < MostFailures ? refused : Decision<CrmKeyEvent>.Happens(refused, new CrmKeyLocked(k.Id, now));
    }
}
