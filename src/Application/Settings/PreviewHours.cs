using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>When it is open, so that a person can check a year (AHD-1).</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant that is not asked for; at most 400 days later.</param>
/// <param name="Channel">For contacts of this channel; null for the queue's, or none in particular.</param>
/// <param name="Language">For contacts in this language; null for the default one.</param>
/// <param name="QueueId">For contacts of this queue; null for none in particular.</param>
public sealed record PreviewHours(DateTimeOffset? From, DateTimeOffset? To, Channel? Channel, string? Language, Guid? QueueId) : IQuery<HoursPreview>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, QueueId is { } queueId ? Target.Queue(queueId) : Target.Everything);
}

/// <summary>The shape of <see cref="PreviewHours"/>.</summary>
public sealed class PreviewHoursValidator : AbstractValidator<PreviewHours>
{
    private const int MostDays = 400;

    /// <summary>Its rules.</summary>
    public PreviewHoursValidator()
    {
        RuleFor(r => r.From).NotNull().Must(from => from is null or { Year: >= 1970 and < 2200 }).WithMessage("Must be from 1970 to 2199.");
        RuleFor(r => r.To).NotNull().Must((r, to) => to > r.From && to - r.From <= TimeSpan.FromDays(MostDays)).WithMessage($"Must be later than from, by at most {MostDays} days.");
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
    }
}

/// <summary>What is open, and which rules say so.</summary>
/// <param name="From">From here on.</param>
/// <param name="To">Up to here.</param>
/// <param name="AppliedHours">Whose hours these are: <c>queue_hours</c>, <c>channel_hours</c>, <c>language_hours</c>, <c>global_hours</c>,
/// or <c>no_hours</c> where nothing is set: always open.</param>
/// <param name="TimeZone">The hours' zone, which the times are given in; null where nothing is set.</param>
/// <param name="ZoneData">The edition of the time zone data that was used.</param>
/// <param name="Intervals">Stretches of time that are open throughout: ordered, cut to the ends asked for, neither overlapping nor touching.</param>
/// <param name="Exceptions">Local dates on which an exception speaks, in order.</param>
public sealed record HoursPreview(
    DateTimeOffset From,
    DateTimeOffset To,
    Rule AppliedHours,
    string? TimeZone,
    string ZoneData,
    IReadOnlyList<PreviewedInterval> Intervals,
    IReadOnlyList<ExceptionalDate> Exceptions);

/// <summary>One stretch that is open.</summary>
/// <param name="Opens">First instant that is open.</param>
/// <param name="Closes">First instant that is closed again.</param>
/// <param name="Kind">What kind of rule opens it; null where nothing is set.</param>
/// <param name="Name">The exception's name, or null.</param>
public sealed record PreviewedInterval(DateTimeOffset Opens, DateTimeOffset Closes, HoursRuleKind? Kind, string? Name);

/// <summary>A date on which an exception speaks.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Name">The exception's name.</param>
/// <param name="Closed">True if it is closed all day.</param>
public sealed record ExceptionalDate(DateOnly Date, string Name, bool Closed);

/// <summary>Handles <see cref="PreviewHours"/>.</summary>
public sealed class PreviewHoursHandler(ConfigurationWork configuration) : IRequestHandler<PreviewHours, Result<HoursPreview>>
{
    /// <inheritdoc/>
    public async Task<Result<HoursPreview>> Handle(PreviewHours request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        Queue? queue = null;
        if (request.QueueId is { } queueId && !center.Queues.TryGetValue(queueId, out queue))
            return new NotFoundError("queue.not_found", "There is no such queue.");
        if (WhyNotFor(request, queue, center) is { } refusal)
            return refusal;
        var (hours, level) = center.HoursOf(queue?.Id, request.Channel ?? queue?.Channel, center.LanguageOf(request.Language));
        var (from, to) = (request.From!.Value, request.To!.Value);
        return hours is null
            ? new HoursPreview(from, to, level, TimeZone: null, HoursZones.DataVersion, [new(from, to, Kind: null, Name: null)], [])
            : new HoursPreview(from, to, level, hours.Schedule.TimeZone, HoursZones.DataVersion, [.. Open(hours, from, to)], [.. Exceptions(hours, from, to)]);
    }

    private static UnprocessableError? WhyNotFor(PreviewHours request, Queue? queue, CenterConfiguration center)
    {
        if (queue is not null && request.Channel is { } channel && channel != queue.Channel)
            return new UnprocessableError("queue.other_channel", "The queue belongs to the menu of another channel.");
        return request.Language is { } language && !center.Knows(language)
            ? new UnprocessableError(
                "settings.language_not_enabled", $"{language} is none of the enabled languages, which are {string.Join(", ", center.Settings.Center.Languages)}, and has no hours.")
            : null;
    }

    private static IEnumerable<PreviewedInterval> Open(CompiledHours hours, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var (opens, closes) in hours.OpenIntervals(from, to))
        {
            var rule = hours.WhatApplies(opens).Rule;
            yield return new PreviewedInterval(opens, closes, rule.Kind, rule.Exception?.Name);
        }
    }

    private static IEnumerable<ExceptionalDate> Exceptions(CompiledHours hours, DateTimeOffset from, DateTimeOffset to)
    {
        var zone = hours.Schedule.TimeZone;
        var last = DateOnly.FromDateTime(HoursZones.Local(zone, to.AddTicks(-1)).DateTime);
        for (var date = DateOnly.FromDateTime(HoursZones.Local(zone, from).DateTime); date <= last; date = date.AddDays(1))
        {
            if (hours.RuleOf(date).Exception is { } exception)
                yield return new ExceptionalDate(date, exception.Name, exception.Closed);
        }
    }
}
