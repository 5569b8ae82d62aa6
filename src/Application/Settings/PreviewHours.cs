using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>When it is open, so that a person can check a year (AHD-1).</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant that is not asked for; at most 400 days later.</param>
/// <param name="Channel">For contacts of this channel; null for the queue's, or none in particular.</param>
/// <param name="Language">For contacts in this language; null for the default one.</param>
/// <param name="QueueId">For contacts of this queue; null for none in particular.</param>
public sealed record PreviewHours(DateTimeOffset From, DateTimeOffset To, Channel? Channel, string? Language, Guid? QueueId) : IQuery<HoursPreview>
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
        RuleFor(r => r.From).Must(from => from.Year is >= 1970 and < 2200).WithMessage("Must be from 1970 to 2199.");
        RuleFor(r => r.To).Must((r, to) => to > r.From && to - r.From <= TimeSpan.FromDays(MostDays)).WithMessage($"Must be later than from, by at most {MostDays} days.");
        RuleFor(r => r.Language).Matches("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$").MaximumLength(35).WithMessage("Must be a BCP 47 language tag.");
    }
}

/// <summary>What is open, and which rules say so.</summary>
/// <param name="From">From here on.</param>
/// <param name="To">Up to here.</param>
/// <param name="Level">Whose hours apply; <see cref="Rule.NoHours"/> where nothing is set: always open.</param>
/// <param name="TimeZone">The hours' zone, which the times are given in; null where nothing is set.</param>
/// <param name="ZoneData">The edition of the time zone data that was used.</param>
/// <param name="Open">Stretches of time that are open throughout, in order.</param>
/// <param name="Exceptions">Local dates on which an exception speaks, in order.</param>
public sealed record HoursPreview(
    DateTimeOffset From,
    DateTimeOffset To,
    Rule Level,
    string? TimeZone,
    string ZoneData,
    IReadOnlyList<PreviewedInterval> Open,
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
        var (hours, level) = center.HoursOf(queue?.Id, request.Channel ?? queue?.Channel, request.Language ?? center.Settings.Center.DefaultLanguage);
        return hours is null
            ? new HoursPreview(request.From, request.To, level, TimeZone: null, HoursZones.DataVersion, [new(request.From, request.To, Kind: null, Name: null)], [])
            : new HoursPreview(
                request.From, request.To, level, hours.Schedule.TimeZone, HoursZones.DataVersion, [.. Open(hours, request)], [.. Exceptions(hours, request)]);
    }

    private static IEnumerable<PreviewedInterval> Open(CompiledHours hours, PreviewHours request)
    {
        foreach (var (opens, closes) in hours.OpenIntervals(request.From, request.To))
        {
            var rule = hours.WhatApplies(opens).Rule;
            yield return new PreviewedInterval(opens, closes, rule.Kind, rule.Exception?.Name);
        }
    }

    private static IEnumerable<ExceptionalDate> Exceptions(CompiledHours hours, PreviewHours request)
    {
        var zone = hours.Schedule.TimeZone;
        var last = DateOnly.FromDateTime(HoursZones.Local(zone, request.To.AddTicks(-1)).DateTime);
        for (var date = DateOnly.FromDateTime(HoursZones.Local(zone, request.From).DateTime); date <= last; date = date.AddDays(1))
        {
            if (hours.RuleOf(date).Exception is { } exception)
                yield return new ExceptionalDate(date, exception.Name, exception.Closed);
        }
    }
}
