namespace ContactCenter.Domain.Abstractions;

/// <summary>What kind of party acts.</summary>
public enum ActorKind
{
    /// <summary>Nobody known: a refused, unauthenticated request.</summary>
    Anonymous,

    /// <summary>A signed-in user: agent, manager, admin or a custom role.</summary>
    User,

    /// <summary>An integrator, CRM or SDK holding an API key.</summary>
    ApiKey,

    /// <summary>A consumer, through the token of one session.</summary>
    Consumer,

    /// <summary>This software: routing, jobs, the media engine's facts.</summary>
    System,

    /// <summary>The CRM, with a request that it signed with a key of its own (REC-10).</summary>
    CrmKey,
}

/// <summary>Who acts; written to every event's metadata and to the audit trail (ADM-2).</summary>
/// <param name="Kind">What kind of party.</param>
/// <param name="Id">The user id, API or CRM key id, session id (consumer) or component name (system).</param>
public sealed record Actor(ActorKind Kind, string Id)
{
    /// <summary>Nobody known.</summary>
    public static Actor Anonymous { get; } = new(ActorKind.Anonymous, "anonymous");

    /// <summary>A component of this software, for example <c>routing</c>.</summary>
    public static Actor System(string component) => new(ActorKind.System, component);
}
