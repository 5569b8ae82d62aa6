using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Consumers;

/// <summary>The rules of one end user.</summary>
public static class ConsumerDecider
{
    /// <summary>Someone came for the first time (CON-1). The same id again is the same consumer.</summary>
    /// <param name="c">The consumer.</param>
    /// <param name="consumerId">A new unique id.</param>
    /// <param name="kind">By what they are told apart.</param>
    /// <param name="identity">The visitor id, SDK id, user id or number, 1 to 200 characters.</param>
    /// <param name="name">As given, or null for the default name.</param>
    /// <param name="localNow">The support center's local time, for the default name.</param>
    /// <param name="now">The time.</param>
    public static Decision<ConsumerEvent> Identify(
        Consumer c, Guid consumerId, IdentityKind kind, string identity, string? name, DateTimeOffset localNow, DateTimeOffset now)
    {
        if (c.Exists)
            return Decision<ConsumerEvent>.Nothing;
        if (string.IsNullOrWhiteSpace(identity) || identity.Length > 200)
            return ValidationError.Field("identity", "Must have 1 to 200 characters.");
        if (name is { Length: > 100 })
            return ValidationError.Field("name", "Must have at most 100 characters.");

        var shown = string.IsNullOrWhiteSpace(name) ? Consumer.DefaultName(kind, localNow) : name.Trim();
        return new ConsumerIdentified(consumerId, kind, new PersonalText(identity), new PersonalText(shown), now);
    }
}
