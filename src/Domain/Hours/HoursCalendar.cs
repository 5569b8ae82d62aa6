namespace ContactCenter.Domain.Hours;

/// <summary>Which rule a local date has. Days are <see cref="DateOnly.DayNumber"/>s.</summary>
internal sealed class HoursCalendar
{
    private readonly HoursRule[] week;
    private readonly int[] starts;
    private readonly HoursRule?[] stretches;
    private readonly HoursRule[]?[]? yearly;

    public HoursCalendar(HoursSchedule schedule)
    {
        // Day 0, 0001-01-01, was a Monday.
        week = [.. Enumerable.Range(0, 7).Select(day => HoursRule.Of((DayOfWeek)((day + 1) % 7), schedule))];
        var rules = schedule.Exceptions.Select(HoursRule.Of).Order(Precedence).ToList();
        (starts, stretches) = Stretches([.. rules.Where(r => !r.Exception!.Yearly)]);
        yearly = rules.Exists(r => r.Exception!.Yearly) ? ByDayOfYear(rules.Where(r => r.Exception!.Yearly)) : null;
        LastDate = rules.Count == 0 ? 0 : rules.Max(r => r.Exception!.To.DayNumber);
        IsSteady = rules.Count == 0 && Array.TrueForAll(week, r => r.Kind == HoursRuleKind.AroundTheClock || r.Slots.Length == 0);
    }

    /// <summary>The last date any exception names; 0 if there is none.</summary>
    public int LastDate { get; }

    /// <summary>True if no date differs from any other, and none opens or closes.</summary>
    public bool IsSteady { get; }

    /// <summary>The rule of this date: an exception that is not yearly, then one that is, then the week.</summary>
    public HoursRule RuleOf(int day) => Dated(day) ?? Yearly(day) ?? week[((day % 7) + 7) % 7];

    /// <summary>The day's place in a leap year, from 0.</summary>
    public static int PlaceInYear(DateOnly date) => new DateOnly(2000, date.Month, date.Day).DayOfYear - 1;

    // Of several exceptions with the same hours on one date, the narrowest is named; the order they were entered in never matters.
    private static Comparer<HoursRule> Precedence { get; } = Comparer<HoursRule>.Create((left, right) =>
    {
        var (a, b) = (left.Exception!, right.Exception!);
        var days = (a.To.DayNumber - a.From.DayNumber).CompareTo(b.To.DayNumber - b.From.DayNumber);
        var from = days != 0 ? days : a.From.CompareTo(b.From);
        return from != 0 ? from : string.CompareOrdinal(a.Name, b.Name);
    });

    private HoursRule? Dated(int day)
    {
        var found = Array.BinarySearch(starts, day);
        var stretch = found >= 0 ? found : ~found - 1;
        return stretch < 0 ? null : stretches[stretch];
    }

    private HoursRule? Yearly(int day)
    {
        if (yearly is null || (uint)day > (uint)DateOnly.MaxValue.DayNumber)
            return null;

        foreach (var rule in yearly[PlaceInYear(DateOnly.FromDayNumber(day))] ?? [])
        {
            if (day >= rule.Exception!.From.DayNumber)
                return rule;
        }

        return null;
    }

    private static (int[] Starts, HoursRule?[] Rules) Stretches(List<HoursRule> rules)
    {
        int[] days = [.. rules.SelectMany(r => new[] { r.Exception!.From.DayNumber, r.Exception.To.DayNumber + 1 }).Distinct().Order()];
        return (days, [.. days.Select(day => rules.Find(r => r.Exception!.From.DayNumber <= day && day <= r.Exception.To.DayNumber))]);
    }

    private static HoursRule[]?[] ByDayOfYear(IEnumerable<HoursRule> rules)
    {
        var places = new HoursRule[]?[366];
        foreach (var rule in rules)
        {
            var (first, last) = (PlaceInYear(rule.Exception!.From), PlaceInYear(rule.Exception.To));
            for (var step = 0; step <= (last - first + 366) % 366; step++)
            {
                ref var place = ref places[(first + step) % 366];
                place = [.. place ?? [], rule];
            }
        }

        return places;
    }
}
