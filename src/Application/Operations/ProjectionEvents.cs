using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Operations;

/// <summary>What an admin did to a read model, for the audit trail (ADM-2). Stream <c>operation-{command id}</c>.</summary>
/// <param name="Name">The read model.</param>
/// <param name="At">When.</param>
[EventType("projection.rebuild_started.v1")]
public sealed record ProjectionRebuildStarted(string Name, DateTimeOffset At) : IDomainEvent;

/// <summary>A paused read model tries its event again.</summary>
/// <param name="Name">The read model.</param>
/// <param name="At">When.</param>
[EventType("projection.retried.v1")]
public sealed record ProjectionRetried(string Name, DateTimeOffset At) : IDomainEvent;

/// <summary>A read model leaves out the event at which it paused.</summary>
/// <param name="Name">The read model.</param>
/// <param name="EventId">The event left out.</param>
/// <param name="At">When.</param>
[EventType("projection.event_skipped.v1")]
public sealed record ProjectionEventSkipped(string Name, Guid EventId, DateTimeOffset At) : IDomainEvent;

/// <summary>One such act: a stream of one event, which nothing is decided on.</summary>
internal sealed record ProjectionOperation
{
    public static readonly AggregateType<ProjectionOperation> Type = new("operation", new ProjectionOperation(), (operation, _) => operation);
}
