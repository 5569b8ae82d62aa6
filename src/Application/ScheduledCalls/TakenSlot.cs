using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>A slot in which somebody has a place; others have no row.</summary>
/// <param name="QueueId">Whose.</param>
/// <param name="StartsAt">Its beginning.</param>
/// <param name="Taken">How many places are taken, at least one.</param>
public sealed record TakenSlot(Guid QueueId, DateTimeOffset StartsAt, int Taken);

/// <summary>Counts the places taken in each slot: what is shown as free. What is free is decided on the slot's own stream.</summary>
public sealed class TakenSlotsProjection : Projection<TakenSlot>
{
    /// <inheritdoc/>
    public override string Name => "taken_slots";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<TakenSlot>> Columns { get; } =
    [
        new("queue_id", ColumnType.Id, s => s.QueueId, Required: true),
        new("starts_at", ColumnType.Instant, s => s.StartsAt, Indexed: true, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.CallSlot.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is SlotEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override TakenSlot? Evolve(TakenSlot? view, StoredEvent happened) => happened.Data switch
    {
        SlotTaken e => new TakenSlot(e.QueueId, e.StartsAt, (view?.Taken ?? 0) + 1),
        SlotFreed when view is not null => view.Taken > 1 ? view with { Taken = view.Taken - 1 } : null,
        _ => view,
    };
}
