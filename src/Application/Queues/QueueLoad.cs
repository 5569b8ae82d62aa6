using ContactCenter.Application.Agents;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Agents;

namespace ContactCenter.Application.Queues;

/// <summary>What happens in one queue, by what its row tells of it.</summary>
internal sealed class QueueLoad
{
    private readonly SortedSet<(DateTimeOffset Since, Guid SessionId)> waiting = [];
    private readonly Dictionary<DateTimeOffset, QueueQuarter> quarters = [];
    private QueueToday? today;
    private QueueMembers? agents;

    public int Waiting => waiting.Count;

    public int Connected { get; private set; }

    public DateTimeOffset? LongestWaitingSince => waiting.Count > 0 ? waiting.Min.Since : null;

    public void Add(MonitoredSession session)
    {
        if (session.IsWaiting)
            waiting.Add((session.StageSince, session.SessionId));
        else if (session.Stage == SessionStage.Connected)
            Connected++;
    }

    public void Remove(MonitoredSession session)
    {
        if (session.IsWaiting)
            waiting.Remove((session.StageSince, session.SessionId));
        else if (session.Stage == SessionStage.Connected)
            Connected--;
    }

    public QueueQuarter? QuarterAt(DateTimeOffset at) => quarters.GetValueOrDefault(QueueQuarter.Of(at));

    public void Take(QueueQuarter quarter)
    {
        quarters[quarter.BeginsAt] = quarter;
        today = null;
    }

    public void Forget(DateTimeOffset before)
    {
        foreach (var old in quarters.Keys.Where(at => at < before).ToList())
            quarters.Remove(old);
    }

    public void AgentsChanged() => agents = null;

    public QueueToday Today(DateTimeOffset since, int target)
    {
        if (today is { } known && known.Since == since && known.ServiceLevel.TargetSeconds == target)
            return known;
        var (answered, inTime, abandoned, abandonedInTime) = (0, 0, 0, 0);
        foreach (var quarter in quarters.Values.Where(q => q.BeginsAt >= since))
        {
            answered += quarter.Answered.Sum();
            inTime += QueueQuarter.Within(quarter.Answered, target);
            abandoned += quarter.Abandoned.Sum();
            abandonedInTime += QueueQuarter.Within(quarter.Abandoned, target);
        }

        return today = new QueueToday(since, answered, abandoned, ServiceLevel.Of(target, answered, inTime, abandoned, abandonedInTime));
    }

    /// <summary>The members who are on the agents page: whoever is no agent, or not any more, is not counted either.</summary>
    public QueueMembers Members(IReadOnlyList<Guid> members, IReadOnlyDictionary<Guid, AgentCard> all) => agents ??= new QueueMembers(
        [.. members.Select(all.GetValueOrDefault).OfType<AgentCard>().Where(a => a.IsAgent).Select(a =>
            new QueueMember(a.Status, a is { Presence: Presence.Available, IsAdapterLost: false, Work.Count: 0 }, a.TeamIds))]);
}
