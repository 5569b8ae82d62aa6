using System.Collections.Immutable;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.Settings;

/// <summary>What the monitoring pages go by in the whole center; a queue may have limits of its own (END-4).</summary>
/// <param name="StuckAfterMinutes">Waiting or connected for longer is stuck, 1 to 10,080.</param>
/// <param name="EndStuck">Whether a job ends what is stuck.</param>
/// <param name="ServiceLevelSeconds">Answered within is in time, one of 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600.</param>
public sealed record MonitoringRules(int StuckAfterMinutes, bool EndStuck, int ServiceLevelSeconds)
{
    /// <summary>The longest that a session may take before it is stuck: a week.</summary>
    public const int MostStuckMinutes = 7 * 24 * 60;

    /// <summary>How long a session of a queue may wait or be connected before it is stuck; the queue's own limit counts.</summary>
    public TimeSpan StuckAfter(Queue? queue) => TimeSpan.FromMinutes(queue?.Handling.StuckAfterMinutes ?? StuckAfterMinutes);

    /// <summary>Five hours, nothing is ended, and 20 seconds.</summary>
    public static MonitoringRules Default { get; } = new(StuckAfterMinutes: 300, EndStuck: false, ServiceLevelSeconds: 20);

    /// <summary>
    /// The targets that a service level can have. Waits are counted by these steps, so that another target speaks about
    /// what is over too.
    /// </summary>
    public static ImmutableArray<int> ServiceTargets { get; } = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];
}

/// <summary>A status that agents can be in beside those that every center has; they take no offers in it.</summary>
/// <param name="Name">What it is called on the wire: lower-case letters, digits and underscores, 1 to 50.</param>
/// <param name="Label">What people see, 1 to 100 characters.</param>
public sealed record CustomStatus(string Name, string Label);

/// <summary>The statuses that a center has of its own.</summary>
/// <param name="Custom">Each name once.</param>
public sealed record AgentStatuses(IReadOnlyList<CustomStatus> Custom)
{
    /// <summary>The statuses every center has, in which agents take no offers.</summary>
    public static ImmutableArray<string> BuiltIn { get; } = ["break", "meal", "unavailable"];

    /// <summary>Names that mean something else.</summary>
    public static ImmutableArray<string> Reserved { get; } = [.. BuiltIn, "available", "offline", "paused", Agents.AgentDecider.Unresponsive];

    /// <summary>None of its own.</summary>
    public static AgentStatuses None { get; } = new([]);

    /// <summary>Whether an agent may choose it.</summary>
    public bool Knows(string name) => BuiltIn.Contains(name) || Custom.Any(s => string.Equals(s.Name, name, StringComparison.Ordinal));

    /// <inheritdoc/>
    public bool Equals(AgentStatuses? other) => other is not null && Custom.SequenceEqual(other.Custom);

    /// <inheritdoc/>
    public override int GetHashCode() => Custom.Count;
}
