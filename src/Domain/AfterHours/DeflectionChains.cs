using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>Where queues send their contacts while closed (AHD-9), looked at for the whole configuration.</summary>
internal static class DeflectionChains
{
    // Any ordinary week: exceptions and the clock of the day must not decide what may be configured.
    private static readonly DateTimeOffset SampleFrom = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SampleTo = SampleFrom.AddDays(7);

    /// <summary>The queues from which a contact could be sent in a circle, or through too many others.</summary>
    public static IEnumerable<(Guid QueueId, bool IsCycle)> Broken(CenterConfiguration center)
    {
        foreach (var queue in center.Queues.Values.Where(q => !q.IsArchived).OrderBy(q => q.Id))
        {
            var seen = new HashSet<Guid> { queue.Id };
            var hops = 0;
            for (var at = queue; NextOf(at, center) is { } next; at = next)
            {
                hops++;
                if (!seen.Add(next.Id))
                {
                    // Only those on the circle itself are at fault, not those that lead into it.
                    if (next.Id == queue.Id)
                        yield return (queue.Id, true);
                    break;
                }

                if (hops == Deflector.MaxHops + 1)
                {
                    yield return (queue.Id, false);
                    break;
                }
            }
        }
    }

    /// <summary>
    /// Whether a contact that comes while one queue is closed would ever be helped by another: it is open then, takes
    /// contacts while closed, or deflects them by rules of its own.
    /// </summary>
    public static bool IsOpenWhileClosed(Queue target, Queue from, CenterConfiguration center)
    {
        if (!IsEverClosed(target, center) || target.Deflection is not null || !Deflector.IsDeflecting(target, SessionKind.Call, center))
            return true;
        var hours = HoursOf(from, center);
        return hours is null || HoursOf(target, center) is not { } targets || targets.OpenIntervals(SampleFrom, SampleTo).Any(open => IsClosedWithin(hours, open));
    }

    private static bool IsClosedWithin(CompiledHours hours, OpenInterval time) =>
        hours.OpenIntervals(time.Opens, time.Closes).FirstOrDefault() is var first
        && (first.Opens > time.Opens || first.Closes < time.Closes);

    private static Queue? NextOf(Queue queue, CenterConfiguration center)
    {
        if (!center.IsEverClosed(queue))
            return null; // It sends nobody on. One whose virtual agent is always there does: whom that passes on to people.
        var targetId = queue.Deflection is { } own
            ? own.TargetQueueId()
            : queue.Channel == Channel.Ivr && center.Settings.Calls is { Enabled: true, Ivr: var ivr } ? ivr.QueueId : null;
        return targetId is { } id ? center.FindLive(id) : null;
    }

    private static bool IsEverClosed(Queue queue, CenterConfiguration center) =>
        queue.VirtualAgent?.Availability != VirtualAgentAvailability.Always && center.IsEverClosed(queue);

    private static CompiledHours? HoursOf(Queue queue, CenterConfiguration center) =>
        center.HoursOf(queue.Id, queue.Channel, center.Settings.Center.DefaultLanguage).Hours;
}
