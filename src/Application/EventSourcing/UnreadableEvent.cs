using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Stands in the log's readings where an event is that this build cannot read: its type is unknown, or its data does
/// not fit its type. Place, stream, id and wire name are the event's own. A projection that it may concern stops at it;
/// whoever shows something live tells nothing of its stream that builds on it. Never appended.
/// </summary>
/// <param name="Reason">Why it cannot be read.</param>
public sealed record UnreadableEvent(string Reason) : IDomainEvent;
