namespace ContactCenter.Domain.Hours;

/// <content>Dated exceptions: each for itself, then each pair that would claim the same date.</content>
public static partial class HoursValidation
{
    private static IEnumerable<HoursFault> OfExceptions(IReadOnlyList<ExceptionalHours> exceptions)
    {
        if (exceptions.Count > MostExceptions)
            return [new("exceptions", "too_many_exceptions", $"At most {MostExceptions} exceptions can be kept.")];

        List<HoursFault> faults = [.. exceptions.SelectMany((exception, i) => OfException(exception, $"exceptions[{i}]"))];
        return faults.Count > 0 ? faults : Conflicts(exceptions);
    }

    private static IEnumerable<HoursFault> OfException(ExceptionalHours? exception, string path)
    {
        if (exception is null)
            return [new(path, "exception_missing", "An exception cannot be null.")];

        // Its own next date has the same hours, if it has one.
        var next = exception.From < exception.To ? exception.Intervals : [];
        return [.. OfName(exception, path), .. OfDates(exception, path), .. OfContent(exception, path), .. OfDay(exception.Intervals, next, $"{path}.intervals")];
    }

    private static IEnumerable<HoursFault> OfName(ExceptionalHours exception, string path)
    {
        if (string.IsNullOrWhiteSpace(exception.Name) || exception.Name.Length > LongestName)
            yield return new($"{path}.name", "name_needed", $"Give a name of 1 to {LongestName} characters.");
    }

    private static IEnumerable<HoursFault> OfDates(ExceptionalHours exception, string path)
    {
        foreach (var (date, field) in new[] { (exception.From, "from"), (exception.To, "to") })
        {
            if (date < FirstDate || date > LastDate)
                yield return new($"{path}.{field}", "date_out_of_range", $"Give a date from {FirstDate:O} to {LastDate:O}.");
            if (exception.Yearly && date is { Month: 2, Day: 29 })
                yield return new($"{path}.{field}", "yearly_leap_day", "29 February does not come every year: begin or end on another day.");
        }

        if (exception.From > exception.To)
            yield return new($"{path}.from", "dates_reversed", "The first date is after the last.");
        else if (exception.Yearly && exception.From.AddYears(1) <= exception.To)
            yield return new($"{path}.to", "yearly_too_long", "What comes every year has to end before it comes again.");
    }

    private static IEnumerable<HoursFault> OfContent(ExceptionalHours exception, string path)
    {
        if (exception.Closed && exception.Intervals.Count > 0)
            yield return new($"{path}.intervals", "closed_with_intervals", "What is closed has no intervals.");
        if (!exception.Closed && exception.Intervals.Count == 0)
            yield return new($"{path}.intervals", "hours_needed", "Give intervals, or say that it is closed.");
    }

    // A yearly exception and another may meet: the other one speaks.
    private static IEnumerable<HoursFault> Conflicts(IReadOnlyList<ExceptionalHours> exceptions)
    {
        for (var i = 1; i < exceptions.Count; i++)
        {
            var one = exceptions[i];
            if (exceptions.Take(i).FirstOrDefault(e => e.Yearly == one.Yearly && Meet(e, one) && !SameHours(e, one)) is { } other)
                yield return new($"exceptions[{i}].from", "date_claimed_twice", $"\"{other.Name}\" has other hours for the same date.");
        }
    }

    private static bool Meet(ExceptionalHours a, ExceptionalHours b)
    {
        if (!a.Yearly)
            return a.From <= b.To && b.From <= a.To;

        // Around the year, either begins inside the other.
        var (starts, other) = (HoursCalendar.PlaceInYear(a.From), HoursCalendar.PlaceInYear(b.From));
        return Around(other - starts) <= Around(HoursCalendar.PlaceInYear(a.To) - starts)
            || Around(starts - other) <= Around(HoursCalendar.PlaceInYear(b.To) - other);
    }

    private static int Around(int days) => (days + 366) % 366;

    private static bool SameHours(ExceptionalHours a, ExceptionalHours b) =>
        a.Closed == b.Closed && Periods(a).SequenceEqual(Periods(b));

    private static IEnumerable<(long From, long To)> Periods(ExceptionalHours exception) =>
        Readable(exception.Intervals).Select(s => (s.Slot.From, s.Slot.To));
}
