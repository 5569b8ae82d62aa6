namespace ContactCenter.Application.Queues;

/// <summary>A line of the queues page: a queue and what happens in it at this moment (MON-6).</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Waiting">Sessions that wait.</param>
/// <param name="Connected">Sessions with an agent.</param>
/// <param name="LongestWaitingSince">Since when the longest waiting one waits, or null.</param>
/// <param name="Today">How waits ended since midnight.</param>
/// <param name="Agents">Its members within the caller's reach, by what they are doing: the same that the agents page shows of it.</param>
public sealed record QueueRow(
    QueueCard Queue, int Waiting, int Connected, DateTimeOffset? LongestWaitingSince, QueueToday Today, QueueAgents Agents)
{
    internal QueueMembers Members { get; init; } = QueueMembers.None;

    /// <summary>The line as somebody sees it who is shown the agents of some teams alone; null for all agents of the queue.</summary>
    internal QueueRow SeenBy(IReadOnlyList<Guid>? teamIds) =>
        teamIds is null || Members.OfTeams(teamIds) is var seen && seen == Agents ? this : this with { Agents = seen };
}

/// <summary>The agents who are members of a queue, as far as its figures tell of them.</summary>
/// <param name="All">Each of them.</param>
internal sealed record QueueMembers(IReadOnlyList<QueueMember> All)
{
    public static QueueMembers None { get; } = new([]);

    /// <summary>All of them, counted.</summary>
    public QueueAgents Whole { get; } = Count(All);

    /// <summary>Those of some teams, counted.</summary>
    public QueueAgents OfTeams(IReadOnlyList<Guid> teamIds) => Count(All.Where(m => m.TeamIds.Any(teamIds.Contains)));

    public bool Equals(QueueMembers? other) => other is not null && All.SequenceEqual(other.All);

    public override int GetHashCode() => All.Count;

    private static QueueAgents Count(IEnumerable<QueueMember> members)
    {
        var free = 0;
        var byStatus = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            byStatus[member.Status] = byStatus.GetValueOrDefault(member.Status) + 1;
            free += member.IsFree ? 1 : 0;
        }

        return new QueueAgents(free, [.. byStatus.Select(s => new StatusCount(s.Key, s.Value))]);
    }
}

/// <summary>One agent of a queue.</summary>
/// <param name="Status">As on the agents page.</param>
/// <param name="IsFree">Available, connected, and with nothing in hand.</param>
/// <param name="TeamIds">Their teams.</param>
internal sealed record QueueMember(string Status, bool IsFree, IReadOnlyList<Guid> TeamIds)
{
    public bool Equals(QueueMember? other) => other is not null && Status == other.Status && IsFree == other.IsFree && TeamIds.SequenceEqual(other.TeamIds);

    public override int GetHashCode() => HashCode.Combine(Status, IsFree);
}

/// <summary>How waits in a queue ended today.</summary>
/// <param name="Since">Midnight on the support center's clock.</param>
/// <param name="Answered">By an agent. A session that waits again, after a transfer, counts again.</param>
/// <param name="Abandoned">The consumer left first.</param>
/// <param name="ServiceLevel">How many of them in time.</param>
public sealed record QueueToday(DateTimeOffset Since, int Answered, int Abandoned, ServiceLevel ServiceLevel);

/// <summary>
/// The share that was served in time, from 0 to 1, in both usual definitions; null where there is nothing to share. They
/// differ by those who gave up: the first leaves them out, to the second they are lost unless they gave up within the target.
/// </summary>
/// <param name="TargetSeconds">Within this is in time.</param>
/// <param name="OfAnswered">Answered in time ÷ answered.</param>
/// <param name="OfOffered">(Answered in time + abandoned in time) ÷ (answered + abandoned).</param>
public sealed record ServiceLevel(int TargetSeconds, double? OfAnswered, double? OfOffered)
{
    /// <summary>Of counts.</summary>
    public static ServiceLevel Of(int target, int answered, int answeredInTime, int abandoned, int abandonedInTime) => new(
        target,
        answered == 0 ? null : (double)answeredInTime / answered,
        answered + abandoned == 0 ? null : (double)(answeredInTime + abandonedInTime) / (answered + abandoned));
}

/// <summary>Agents of a queue, by what they are doing.</summary>
/// <param name="Free">Available, connected, and with nothing in hand.</param>
/// <param name="ByStatus">How many in each status that occurs, by name.</param>
public sealed record QueueAgents(int Free, IReadOnlyList<StatusCount> ByStatus)
{
    /// <inheritdoc/>
    public bool Equals(QueueAgents? other) => other is not null && Free == other.Free && ByStatus.SequenceEqual(other.ByStatus);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Free, ByStatus.Count);
}

/// <summary>How many agents are in a status.</summary>
/// <param name="Status">As on the agents page: <c>available</c>, <c>break</c>, <c>offline</c>, …</param>
/// <param name="Agents">How many.</param>
public sealed record StatusCount(string Status, int Agents);
