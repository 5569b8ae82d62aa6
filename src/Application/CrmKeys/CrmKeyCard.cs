using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.CrmKeys;

namespace ContactCenter.Application.CrmKeys;

/// <summary>One CRM key as lists show it; without its secrets, which are kept nowhere (REC-10).</summary>
/// <param name="CrmKeyId">The key's public part.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Name">What it is for.</param>
/// <param name="IssuedAt">Since when.</param>
/// <param name="LastUsedAt">When its last right code came, or null.</param>
/// <param name="Failures">Wrong codes since the last right one.</param>
/// <param name="LockedAt">Opens nothing since, for too many wrong codes came; or null.</param>
/// <param name="RevokedAt">Void since, or null.</param>
public sealed record CrmKeyCard(
    Guid CrmKeyId, long Version, string Name, DateTimeOffset IssuedAt, DateTimeOffset? LastUsedAt, int Failures, DateTimeOffset? LockedAt, DateTimeOffset? RevokedAt);

/// <summary>Folds CRM keys.</summary>
public sealed class CrmKeysProjection : Projection<CrmKeyCard>
{
    /// <inheritdoc/>
    public override string Name => "crm_keys";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<CrmKeyCard>> Columns { get; } =
    [
        new("name", ColumnType.Text, k => k.Name, Indexed: true, Required: true),
        new("issued_at", ColumnType.Instant, k => k.IssuedAt, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.CrmKey.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is CrmKeyEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override CrmKeyCard? Evolve(CrmKeyCard? view, StoredEvent happened)
    {
        var next = (happened.Data, view) switch
        {
            (CrmKeyIssued e, _) => new CrmKeyCard(e.CrmKeyId, happened.Version, e.Name, e.IssuedAt, LastUsedAt: null, Failures: 0, LockedAt: null, RevokedAt: null),
            (CrmCodeAccepted e, not null) => view with { LastUsedAt = e.AcceptedAt, Failures = 0 },
            (CrmCodeRefused e, not null) => view with { Failures = e.Failures },
            (CrmKeyLocked e, not null) => view with { LockedAt = e.LockedAt },
            (CrmKeyRevoked e, not null) => view with { RevokedAt = e.RevokedAt },
            _ => view,
        };
        return next is null ? null : next with { Version = happened.Version };
    }
}
