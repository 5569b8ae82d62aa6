namespace ContactCenter.Domain.Hours;

/// <summary>
/// Hours of operation as they are written down: in events, in REST bodies, in the settings file (AHD-1). Wall-clock rules of one
/// place, compared by value. <see cref="HoursValidation"/> says what is wrong with one, <see cref="CompiledHours"/> answers from one.
/// What they mean on the days a clock is changed is ADR 0031.
/// </summary>
/// <param name="TimeZone">IANA zone, for example <c>Europe/Berlin</c>.</param>
/// <param name="Open24Hours">Open every minute of every day that is no exception; <paramref name="Weekly"/> is empty then.</param>
/// <param name="Weekly">The hours of each weekday; none means closed.</param>
/// <param name="Exceptions">Dates with hours of their own, at most 400, in any order.</param>
public sealed record HoursSchedule(
    string TimeZone, bool Open24Hours = false, WeeklyHours? Weekly = null, IReadOnlyList<ExceptionalHours>? Exceptions = null)
{
    /// <summary>The hours of each weekday.</summary>
    public WeeklyHours Weekly { get; init; } = Weekly ?? WeeklyHours.Closed;

    /// <summary>Dates with hours of their own.</summary>
    public IReadOnlyList<ExceptionalHours> Exceptions { get; init; } = Exceptions ?? [];

    /// <summary>By value, the exceptions in order.</summary>
    public bool Equals(HoursSchedule? other) =>
        other is not null && TimeZone == other.TimeZone && Open24Hours == other.Open24Hours && Weekly == other.Weekly
        && Exceptions.SequenceEqual(other.Exceptions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimeZone, Open24Hours, Weekly, Exceptions.Count);
}

/// <summary>
/// One period of a day on the wall clock. It belongs to the date on which it opens, also where it runs past midnight.
/// </summary>
/// <param name="Opens"><c>00:00</c> to <c>23:59</c>.</param>
/// <param name="Closes"><c>00:00</c> to <c>24:00</c>, the first minute that is closed again; earlier than <paramref name="Opens"/>
/// means on the next date.</param>
public sealed record HoursInterval(string Opens, string Closes);

/// <summary>The hours of each weekday, at most 20 intervals a day, in any order; a day that is left out is closed.</summary>
/// <param name="Monday">Opens on a Monday.</param>
/// <param name="Tuesday">Opens on a Tuesday.</param>
/// <param name="Wednesday">Opens on a Wednesday.</param>
/// <param name="Thursday">Opens on a Thursday.</param>
/// <param name="Friday">Opens on a Friday.</param>
/// <param name="Saturday">Opens on a Saturday.</param>
/// <param name="Sunday">Opens on a Sunday.</param>
public sealed record WeeklyHours(
    IReadOnlyList<HoursInterval>? Monday = null,
    IReadOnlyList<HoursInterval>? Tuesday = null,
    IReadOnlyList<HoursInterval>? Wednesday = null,
    IReadOnlyList<HoursInterval>? Thursday = null,
    IReadOnlyList<HoursInterval>? Friday = null,
    IReadOnlyList<HoursInterval>? Saturday = null,
    IReadOnlyList<HoursInterval>? Sunday = null)
{
    /// <summary>No weekday has hours.</summary>
    public static WeeklyHours Closed { get; } = new();

    /// <summary>Opens on a Monday.</summary>
    public IReadOnlyList<HoursInterval> Monday { get; init; } = Monday ?? [];

    /// <summary>Opens on a Tuesday.</summary>
    public IReadOnlyList<HoursInterval> Tuesday { get; init; } = Tuesday ?? [];

    /// <summary>Opens on a Wednesday.</summary>
    public IReadOnlyList<HoursInterval> Wednesday { get; init; } = Wednesday ?? [];

    /// <summary>Opens on a Thursday.</summary>
    public IReadOnlyList<HoursInterval> Thursday { get; init; } = Thursday ?? [];

    /// <summary>Opens on a Friday.</summary>
    public IReadOnlyList<HoursInterval> Friday { get; init; } = Friday ?? [];

    /// <summary>Opens on a Saturday.</summary>
    public IReadOnlyList<HoursInterval> Saturday { get; init; } = Saturday ?? [];

    /// <summary>Opens on a Sunday.</summary>
    public IReadOnlyList<HoursInterval> Sunday { get; init; } = Sunday ?? [];

    /// <summary>The hours of one weekday.</summary>
    public IReadOnlyList<HoursInterval> On(DayOfWeek weekday) => weekday switch
    {
        DayOfWeek.Monday => Monday,
        DayOfWeek.Tuesday => Tuesday,
        DayOfWeek.Wednesday => Wednesday,
        DayOfWeek.Thursday => Thursday,
        DayOfWeek.Friday => Friday,
        DayOfWeek.Saturday => Saturday,
        _ => Sunday,
    };

    /// <summary>By value, the intervals in order.</summary>
    public bool Equals(WeeklyHours? other) => other is not null && Enum.GetValues<DayOfWeek>().All(d => On(d).SequenceEqual(other.On(d)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Monday.Count, Tuesday.Count, Wednesday.Count, Thursday.Count, Friday.Count, Saturday.Count, Sunday.Count);
}

/// <summary>
/// Dates with hours of their own: a holiday, a company outing, a week of long evenings. It speaks for the whole of its local dates;
/// see ADR 0031 for nights that run into them and out of them.
/// </summary>
/// <param name="Name">What it is called where a decision is explained, 1 to 100 characters.</param>
/// <param name="From">First local date.</param>
/// <param name="To">Last local date, inclusive.</param>
/// <param name="Yearly">Repeated each year on the same days of the same months, for the first time on <paramref name="From"/>. Where a
/// date has a yearly exception and one that is not, the latter speaks.</param>
/// <param name="Closed">Closed all day; there are no intervals then.</param>
/// <param name="Intervals">The hours of each of its dates, 1 to 20 unless closed; <c>00:00</c> to <c>24:00</c> is the whole day.</param>
public sealed record ExceptionalHours(
    string Name, DateOnly From, DateOnly To, bool Yearly = false, bool Closed = false, IReadOnlyList<HoursInterval>? Intervals = null)
{
    /// <summary>The hours of each of its dates.</summary>
    public IReadOnlyList<HoursInterval> Intervals { get; init; } = Intervals ?? [];

    /// <summary>By value, the intervals in order.</summary>
    public bool Equals(ExceptionalHours? other) =>
        other is not null && Name == other.Name && From == other.From && To == other.To && Yearly == other.Yearly && Closed == other.Closed
        && Intervals.SequenceEqual(other.Intervals);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, From, To, Yearly, Closed, Intervals.Count);
}
