using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>When the queue is open, by whatever hours apply to it: so that a person can check a year (AHD-1).</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive; at most 400 days later.</param>
/// <param name="Language">BCP 47, or null for the center's default: hours may differ by language.</param>
public sealed record PreviewQueueHours(Guid QueueId, DateTimeOffset? From, DateTimeOffset? To, string? Language) : IQuery<HoursPreview>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Queue(QueueId));
}

/// <summary>When a queue is open.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="AppliedHours">Whose hours these are: <c>queue_hours</c>, <c>channel_hours</c>, <c>language_hours</c>, <c>global_hours</c>,
/// <c>no_hours</c> (always open).</param>
/// <param name="TimeZone">The zone the intervals are written in, or null without hours.</param>
/// <param name="ZoneData">The edition of the zone data that was used.</param>
/// <param name="Intervals">Open stretches: ordered, cut to the ends asked for, neither overlapping nor touching.</param>
public sealed record HoursPreview(Guid QueueId, Rule AppliedHours, string? TimeZone, string ZoneData, IReadOnlyList<OpenInterval> Intervals);

/// <summary>The shape of <see cref="PreviewQueueHours"/>.</summary>
public sealed class PreviewQueueHoursValidator : AbstractValidator<PreviewQueueHours>
{
    private static readonly DateTimeOffset First = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2199, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Its rules.</summary>
    public PreviewQueueHoursValidator()
    {
        RuleFor(r => r.From).NotNull().InclusiveBetween(First, Last).WithMessage("Must be from 1970 to 2199.");
        RuleFor(r => r.To).NotNull().Must((r, to) => to > r.From && to - r.From <= TimeSpan.FromDays(400)).WithMessage("Must be after from, by at most 400 days.");
        RuleFor(r => r.Language).MaximumLength(35);
    }
}

/// <summary>Answers <see cref="PreviewQueueHours"/>.</summary>
public sealed class PreviewQueueHoursHandler(UnitOfWork work, ConfigurationWork configuration) : IRequestHandler<PreviewQueueHours, Result<HoursPreview>>
{
    /// <inheritdoc/>
    public async Task<Result<HoursPreview>> Handle(PreviewQueueHours request, CancellationToken cancellationToken)
    {
        var queue = (await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken)).State;
        if (!queue.Exists)
            return new NotFoundError("queue.not_found", "There is no such queue.");
        var center = await configuration.ReadAsync(cancellationToken);
        var (hours, level) = center.HoursOf(queue.Id, queue.Channel, request.Language ?? center.Settings.Center.DefaultLanguage);
        var (from, to) = (request.From!.Value, request.To!.Value);
        IReadOnlyList<OpenInterval> open = hours is null ? [new OpenInterval(from, to)] : [.. hours.OpenIntervals(from, to)];
        return new HoursPreview(queue.Id, level, hours?.Schedule.TimeZone, HoursZones.DataVersion, open);
    }
}
