namespace ContactCenter.Application.Queues;

/// <summary>A line of the queues page: a queue and what happens in it at this moment (MON-6).</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Waiting">Sessions that wait.</param>
/// <param name="Connected">Sessions with an agent.</param>
/// <param name="LongestWaitingSince">Since when the longest waiting one waits, or null.</param>
/// <param name="Today">How waits ended since midnight.</param>
/// <param name="Agents">Its members, by what they are doing.</param>
public sealed record QueueRow(
    QueueCard Queue, int Waiting, int Connected, DateTimeOffset? LongestWaitingSince, QueueToday Today, QueueAgents Agents);

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

/// <summary>The members of a queue, by what they are doing.</summary>
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
