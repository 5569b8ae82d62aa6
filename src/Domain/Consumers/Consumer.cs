using System.Diagnostics;
using System.Globalization;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Consumers;

/// <summary>The state of one consumer: the fold of its events.</summary>
public sealed record Consumer
{
    /// <summary>Before the first event.</summary>
    public static Consumer Initial { get; } = new();

    /// <summary>The consumer's id; empty before the first event.</summary>
    public Guid Id { get; init; }

    /// <summary>By what they are told apart.</summary>
    public IdentityKind Kind { get; init; }

    /// <summary>Shown to agents and in the CRM.</summary>
    public PersonalText Name { get; init; }

    /// <summary>True if there is such a consumer.</summary>
    public bool Exists => Id != Guid.Empty;

    /// <summary>The state after one more event.</summary>
    public Consumer Apply(ConsumerEvent happened) => happened switch
    {
        ConsumerIdentified e => this with { Id = e.ConsumerId, Kind = e.Kind, Name = e.Name },
        _ => throw new UnreachableException($"Consumer does not know {happened.GetType().Name}."),
    };

    /// <summary>What somebody without a name is called (CON-1): <c>Web User - 10/05 10:15</c>.</summary>
    /// <param name="kind">By what they are told apart.</param>
    /// <param name="localNow">The support center's local time.</param>
    public static string DefaultName(IdentityKind kind, DateTimeOffset localNow) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(kind == IdentityKind.MobileSdk ? "Mobile User" : kind == IdentityKind.Phone ? "Caller" : "Web User")} - {localNow:MM/dd HH:mm}");
}
