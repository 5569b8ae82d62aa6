using System.Collections.Immutable;

namespace ContactCenter.Domain.Access;

/// <summary>The roles every contact center starts with. Custom ones stand beside them; these do not change.</summary>
public static class BuiltInRoles
{
    /// <summary>May do everything, everywhere.</summary>
    public static readonly Guid Admin = new("00000000-0000-7000-8000-000000000001");

    /// <summary>Watches, listens to and ends sessions of assigned teams (MON-9, END-1).</summary>
    public static readonly Guid Manager = new("00000000-0000-7000-8000-000000000002");

    /// <summary>Takes sessions.</summary>
    public static readonly Guid Agent = new("00000000-0000-7000-8000-000000000003");

    private static readonly Grant[] AdminGrants = [.. Permissions.All.Order(StringComparer.Ordinal).Select(p => new Grant(p, Scope.All))];

    private static readonly Grant[] ManagerGrants =
    [
        new(Permissions.MonitoringRead, Scope.AssignedTeams),
        new(Permissions.MonitoringListen, Scope.AssignedTeams),
        new(Permissions.SessionsRead, Scope.AssignedTeams),
        new(Permissions.SessionsEnd, Scope.AssignedTeams),
        new(Permissions.AgentsSignOut, Scope.AssignedTeams),
        new(Permissions.RecordingsRead, Scope.AssignedTeams),
        new(Permissions.SettingsRead, Scope.All),
        new(Permissions.UsersRead, Scope.AssignedTeams),
        new(Permissions.TicketsRead, Scope.AssignedTeams),
    ];

    private static readonly Grant[] AgentGrants =
    [
        new(Permissions.SessionsHandle, Scope.AssignedQueues),
        new(Permissions.TicketsRead, Scope.AssignedQueues),
    ];

    /// <summary>All of them, with their names.</summary>
    public static readonly ImmutableArray<(Guid Id, string Name, IReadOnlyList<Grant> Grants)> All =
        [(Admin, "admin", AdminGrants), (Manager, "manager", ManagerGrants), (Agent, "agent", AgentGrants)];

    /// <summary>The grants of one, or null for an id that is not built in.</summary>
    public static IReadOnlyList<Grant>? Grants(Guid roleId)
    {
        foreach (var role in All)
        {
            if (role.Id == roleId)
                return role.Grants;
        }

        return null;
    }
}
