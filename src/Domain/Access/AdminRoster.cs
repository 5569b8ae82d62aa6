using System.Collections.Immutable;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Access;

/// <summary>
/// Other users are active admins from now on. One stream for all, written together with the change of the user: two
/// admins who take each other's role at the same moment meet here, and one of them stays.
/// </summary>
/// <param name="UserIds">All active admins.</param>
/// <param name="ChangedAt">When.</param>
[EventType("admins.changed.v1")]
public sealed record AdminsChanged(IReadOnlyList<Guid> UserIds, DateTimeOffset ChangedAt) : IDomainEvent;

/// <summary>Who is an active admin: the fold of <see cref="AdminsChanged"/>.</summary>
/// <param name="UserIds">All of them.</param>
public sealed record AdminRoster(ImmutableHashSet<Guid> UserIds)
{
    /// <summary>The id of the one stream.</summary>
    public static readonly Guid Id = new("00000000-0000-7000-8000-0000000000ad");

    /// <summary>Before the first admin.</summary>
    public static AdminRoster Initial { get; } = new([]);

    /// <summary>The state after one more event.</summary>
    public AdminRoster Apply(AdminsChanged happened) => this with { UserIds = [.. happened.UserIds] };

    /// <summary>What happens to the roster when a user is, or is no longer, an active admin; null if nothing.</summary>
    public AdminsChanged? With(Guid userId, bool isAdmin, DateTimeOffset now)
    {
        if (UserIds.Contains(userId) == isAdmin)
            return null;
        var changed = isAdmin ? UserIds.Add(userId) : UserIds.Remove(userId);
        return new AdminsChanged([.. changed.Order()], now);
    }
}
