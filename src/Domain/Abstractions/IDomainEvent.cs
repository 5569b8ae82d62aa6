namespace ContactCenter.Domain.Abstractions;

/// <summary>A fact that has happened, immutable, named in the past tense, appended to one stream.</summary>
public interface IDomainEvent;

/// <summary>An event that carries personal data of one consumer, encrypted at rest with that consumer's own key (ADM-4).</summary>
public interface IPersonalDataEvent : IDomainEvent
{
    /// <summary>Whose data it is; empty only in an event from before it was encrypted.</summary>
    Guid ConsumerId { get; }

    /// <summary>False where this one happens to hold none: then no key is needed to write it.</summary>
    bool HoldsPersonalText => true;
}

/// <summary>
/// The literal name of an event on the wire and in the log, with its version: <c>session.connected.v1</c>.
/// A type may be renamed or moved; this name never changes.
/// </summary>
/// <param name="name">The literal wire name.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The literal wire name.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// A piece of personal data (a name, an address, what somebody wrote). In the log it is encrypted with its
/// consumer's key; once that consumer is forgotten it reads as <see cref="Forgotten"/> (ADM-4, ADR 0006).
/// </summary>
/// <param name="Value">The clear text, or null once forgotten.</param>
public readonly record struct PersonalText(string? Value)
{
    /// <summary>What is left after the consumer's key is destroyed.</summary>
    public static PersonalText Forgotten => default;

    /// <summary>True once the consumer's key is destroyed.</summary>
    public bool IsForgotten => Value is null;

    /// <summary>Never the clear text, so that it cannot slip into a log line.</summary>
    public override string ToString() => IsForgotten ? "(forgotten)" : "(personal)";
}
