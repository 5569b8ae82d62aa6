using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>The slots of a queue that have a free place now (AHD-3, AHD-11).</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="From">Beginning at or after; null for now.</param>
/// <param name="To">Beginning before, at most 14 days after <paramref name="From"/>; null for seven days.</param>
/// <param name="Language">BCP 47, or null for the center's default: hours may differ by language.</param>
public sealed record GetSlots(Guid QueueId, DateTimeOffset? From, DateTimeOffset? To, string? Language) : IQuery<FreeSlots>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.EntryWrite, Target.Queue(QueueId)),
        Requirement.Permission(Permissions.SettingsRead, Target.Queue(QueueId)),
        Requirement.Permission(Permissions.SessionsHandle, Target.Queue(QueueId)));
}

/// <summary>Free slots.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="TimeZone">On whose wall clock they lie, IANA.</param>
/// <param name="SlotMinutes">Their length.</param>
/// <param name="Slots">In order, in the offsets of the zone; empty if calls of the queue cannot be booked.</param>
public sealed record FreeSlots(Guid QueueId, string TimeZone, int SlotMinutes, IReadOnlyList<FreeSlot> Slots);

/// <summary>A slot with a free place.</summary>
/// <param name="StartsAt">What is booked: when the call is placed.</param>
/// <param name="EndsAt">Its end.</param>
/// <param name="Free">How many places are free, at least one; a moment old.</param>
public sealed record FreeSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt, int Free);

/// <summary>The shape of <see cref="GetSlots"/>.</summary>
public sealed class GetSlotsValidator : AbstractValidator<GetSlots>
{
    /// <summary>Its rules.</summary>
    public GetSlotsValidator()
    {
        RuleFor(r => r.From!.Value).SlotStart().When(r => r.From is not null).OverridePropertyName("from");
        RuleFor(r => r.To!.Value).SlotStart().When(r => r.To is not null).OverridePropertyName("to");
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
    }
}

/// <summary>Answers <see cref="GetSlots"/>.</summary>
public sealed class GetSlotsHandler(UnitOfWork work, QueueSlots queueSlots, IReadModel<TakenSlot> taken, CurrentCall call)
    : IRequestHandler<GetSlots, Result<FreeSlots>>
{
    /// <inheritdoc/>
    public async Task<Result<FreeSlots>> Handle(GetSlots request, CancellationToken cancellationToken)
    {
        if (CallSlots.Asked(request.From, request.To, call.Now) is not { } asked)
            return ValidationError.Field("to", "Must be after from, by at most 14 days.");
        var queue = (await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken)).State;
        if (!queue.Exists)
            return new NotFoundError("queue.not_found", "There is no such queue.");
        var (zone, slots) = await queueSlots.BookableAsync(queue, request.Language, asked.From, asked.To, cancellationToken);
        return new FreeSlots(queue.Id, zone, queue.ScheduledCalls.SlotMinutes, await FreeAsync(queue, slots, cancellationToken));
    }

    private async Task<IReadOnlyList<FreeSlot>> FreeAsync(Queue queue, IReadOnlyList<CallSlot> slots, CancellationToken cancellationToken)
    {
        if (slots.Count == 0)
            return [];
        var (_, rows) = await taken.SnapshotAsync(
            [
                new("queue_id", FilterOperator.Is, queue.Id),
                new("starts_at", FilterOperator.AtLeast, slots[0].StartsAt.ToUniversalTime()),
                new("starts_at", FilterOperator.Below, slots[^1].EndsAt.ToUniversalTime()),
            ],
            cancellationToken);
        var places = rows.ToDictionary(r => r.StartsAt, r => r.Taken);
        return
        [
            .. slots.Select(s => new FreeSlot(s.StartsAt, s.EndsAt, queue.ScheduledCalls.CallsPerSlot - places.GetValueOrDefault(s.StartsAt)))
                .Where(s => s.Free > 0),
        ];
    }
}
