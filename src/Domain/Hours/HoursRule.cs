namespace ContactCenter.Domain.Hours;

/// <summary>What kind of rule spoke.</summary>
public enum HoursRuleKind
{
    /// <summary>The hours of a weekday.</summary>
    Weekly,

    /// <summary>Open 24 hours.</summary>
    AroundTheClock,

    /// <summary>A dated exception.</summary>
    Exception,
}

/// <summary>The rule of one local date: what a decision names as its reason. One object per rule of a schedule, never made while deciding.</summary>
public sealed class HoursRule
{
    private static readonly HoursInterval[] WholeDay = [new("00:00", "24:00")];

    private HoursRule(HoursRuleKind kind, DayOfWeek? weekday, ExceptionalHours? exception, IReadOnlyList<HoursInterval> intervals)
    {
        Kind = kind;
        Weekday = weekday;
        Exception = exception;
        Intervals = intervals;
        Slots = [.. intervals.Select(HoursSlot.Of).OrderBy(s => s.From)];
    }

    /// <summary>What kind of rule this is.</summary>
    public HoursRuleKind Kind { get; }

    /// <summary>The weekday of weekly hours, else null.</summary>
    public DayOfWeek? Weekday { get; }

    /// <summary>The exception, or null.</summary>
    public ExceptionalHours? Exception { get; }

    /// <summary>The intervals that open on such a date; none if it is closed.</summary>
    public IReadOnlyList<HoursInterval> Intervals { get; }

    internal HoursSlot[] Slots { get; }

    internal static HoursRule Of(DayOfWeek weekday, HoursSchedule schedule) => schedule.Open24Hours
        ? new(HoursRuleKind.AroundTheClock, weekday: null, exception: null, WholeDay)
        : new(HoursRuleKind.Weekly, weekday, exception: null, schedule.Weekly.On(weekday));

    internal static HoursRule Of(ExceptionalHours exception) => new(HoursRuleKind.Exception, weekday: null, exception, exception.Intervals);

    /// <summary>
    /// True if a night of this rule ends at midnight because the next date is an exception: one speaks for the whole of its dates, and
    /// only its own nights run through them.
    /// </summary>
    internal bool EndsAtMidnightBefore(HoursRule next) => next.Kind == HoursRuleKind.Exception && !ReferenceEquals(next, this);
}

/// <summary>Whether it is open at an instant, and which rule says so.</summary>
/// <param name="IsOpen">True if open.</param>
/// <param name="Date">The local date whose rule spoke: the one on which the interval opens, or that of the instant if it is closed.</param>
/// <param name="Rule">The rule of that date.</param>
/// <param name="Interval">The interval that is open, or null if it is closed.</param>
public readonly record struct HoursAnswer(bool IsOpen, DateOnly Date, HoursRule Rule, HoursInterval? Interval);

/// <summary>One stretch of time that is open throughout, in the offsets of the schedule's zone.</summary>
/// <param name="Opens">First instant that is open.</param>
/// <param name="Closes">First instant that is closed again.</param>
public readonly record struct OpenInterval(DateTimeOffset Opens, DateTimeOffset Closes);
