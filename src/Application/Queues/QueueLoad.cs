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
    private QueueAgents? agents;

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

    public QueueAgents Agents(IReadOnlyList<Guid> members, IReadOnlyDictionary<Guid, AgentCard> all)
    {
        if (agents is not null)
            return agents;
        var free = 0;
        var byStatus = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            var agent = all.GetValueOrDefault(member);
            var status = agent?.Status ?? AgentCard.Offline;
            byStatus[status] = byStatus.GetValueOrDefault(status) + 1;
            free += agent is { Presence: Presence.Available, IsAdapterLost: false, Work.Count: 0 } ? 1 : 0;
        }

        return agents = new QueueAgents(free, [.. byStatus.Select(s => new StatusCount(s.Key, s.Value))]);
    }
}
