using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>Where queues send their contacts while closed (AHD-9), looked at for the whole configuration.</summary>
internal static class DeflectionChains
{
    // A week of each half of the year: what may be configured must not depend on the day on which somebody configures it. Clocks of
    // different places may stand nearer to each other in one half than in the other.
    private static readonly DateTimeOffset[] Weeks =
        [new(2026, 1, 12, 0, 0, 0, TimeSpan.Zero), new(2026, 7, 13, 0, 0, 0, TimeSpan.Zero)];

    /// <summary>A queue from which a contact could be sent in a circle, or through too many others.</summary>
    /// <param name="QueueId">The queue.</param>
    /// <param name="IsCycle">In a circle, which comes back to this queue.</param>
    /// <param name="Path">The queues in the order of the way, this one first; of a circle last as well.</param>
    public sealed record Fault(Guid QueueId, bool IsCycle, IReadOnlyList<Queue> Path);

    /// <summary>Every such queue, by id.</summary>
    public static IEnumerable<Fault> Broken(CenterConfiguration center)
    {
        foreach (var queue in center.Queues.Values.Where(q => !q.IsArchived).OrderBy(q => q.Id))
        {
            List<Queue> path = [queue];
            for (var at = queue; NextOf(at, center) is { } next; at = next)
            {
                var isKnown = path.Exists(q => q.Id == next.Id);
                path.Add(next);
                // Only those on the circle itself are at fault, not those that lead into it.
                if (isKnown && next.Id == queue.Id)
                    yield return new Fault(queue.Id, IsCycle: true, path);
                else if (!isKnown && path.Count > Deflector.MaxHops + 1)
                    yield return new Fault(queue.Id, IsCycle: false, path);
                else if (!isKnown)
                    continue;
                break;
            }
        }
    }

    /// <summary>
    /// Whether any contact that comes while one queue is closed would ever be helped by another: it is open then, takes
    /// contacts while closed, or deflects them by rules of its own. Every language is asked for, and all that the channel
    /// carries; dated exceptions do not count.
    /// </summary>
    public static bool IsOpenWhileClosed(Queue target, Queue from, CenterConfiguration center)
    {
        if (!IsEverClosed(target, center) || target.Deflection is not null || EntryMenu.KindsOf(from.Channel).Any(kind => !Deflector.IsDeflecting(target, kind, center)))
            return true;
        var isEverClosed = false;
        // Language by language until one helps; most share the same hours, which are looked at once.
        foreach (var (closing, opening) in LanguagesOf(center).Select(language => (HoursOf(from, language, center), HoursOf(target, language, center))).Distinct())
        {
            if (closing is not { IsAlwaysOpen: false })
                continue;
            isEverClosed = true;
            if (opening is null || IsOpenWhileClosed(opening, closing))
                return true;
        }

        return !isEverClosed;
    }

    /// <summary>Whether it is ever closed and takes no contacts then by a virtual agent that is always there.</summary>
    public static bool IsEverClosed(Queue queue, CenterConfiguration center) =>
        queue.VirtualAgent?.Availability != VirtualAgentAvailability.Always && center.IsEverClosed(queue);

    private static bool IsOpenWhileClosed(CompiledHours target, CompiledHours from)
    {
        // What is closed by exceptions alone no ordinary week can judge.
        return from.Ordinary.IsAlwaysOpen
            || Weeks.Any(week => target.Ordinary.OpenIntervals(week, week.AddDays(7)).Any(open => IsClosedWithin(from.Ordinary, open)));
    }

    private static bool IsClosedWithin(CompiledHours hours, OpenInterval time) =>
        hours.OpenIntervals(time.Opens, time.Closes).FirstOrDefault() is var first
        && (first.Opens > time.Opens || first.Closes < time.Closes);

    private static Queue? NextOf(Queue queue, CenterConfiguration center)
    {
        var targetId = queue.Deflection is { } own
            ? own.TargetQueueId()
            : queue.Channel == Channel.Ivr && center.Settings.Calls is { Enabled: true, Ivr: var ivr } ? ivr.QueueId : null;
        if (targetId is not { } id || center.FindLive(id) is not { } target)
            return null;
        // One that never closes sends nobody on. One whose virtual agent is always there does: whom that passes on to people.
        return center.IsEverClosed(queue) ? target : null;
    }

    private static IEnumerable<string> LanguagesOf(CenterConfiguration center) =>
        center.Settings.Center.Languages.Concat(center.Settings.Hours.Languages.Select(l => l.Language)).Distinct(StringComparer.OrdinalIgnoreCase);

    private static CompiledHours? HoursOf(Queue queue, string language, CenterConfiguration center) => center.HoursOf(queue.Id, queue.Channel, language).Hours;
}
