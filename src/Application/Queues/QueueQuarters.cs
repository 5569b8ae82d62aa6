using System.Collections.Immutable;
using System.Globalization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Queues;

/// <summary>
/// How waits in one queue ended in one quarter of an hour (MON-6). Counted by how long they were, in the steps of
/// <see cref="MonitoringRules.ServiceTargets"/> and one step more for all that took longer: whatever the target is, it
/// can be said how many were in time.
/// </summary>
/// <param name="QueueId">The queue.</param>
/// <param name="BeginsAt">The quarter.</param>
/// <param name="Answered">By an agent.</param>
/// <param name="Abandoned">The consumer left first.</param>
public sealed record QueueQuarter(Guid QueueId, DateTimeOffset BeginsAt, ImmutableArray<int> Answered, ImmutableArray<int> Abandoned)
{
    /// <summary>How long a quarter is; every zone's midnight is at the beginning of one.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    /// <summary>Nothing yet.</summary>
    public static QueueQuarter Empty(Guid queueId, DateTimeOffset beginsAt) => new(queueId, beginsAt, Zeros, Zeros);

    /// <summary>The quarter that an instant is in.</summary>
    public static DateTimeOffset Of(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Length.Ticks), TimeSpan.Zero);

    /// <summary>With one more wait.</summary>
    public QueueQuarter With(Waited wait, bool isAnswered) => isAnswered
        ? this with { Answered = Plus(Answered, wait.Seconds) }
        : this with { Abandoned = Plus(Abandoned, wait.Seconds) };

    /// <summary>How many of these took at most so many seconds.</summary>
    /// <param name="counts">Either of the two.</param>
    /// <param name="seconds">One of the targets.</param>
    public static int Within(ImmutableArray<int> counts, int seconds)
    {
        var sum = 0;
        for (var step = 0; step < MonitoringRules.ServiceTargets.Length && MonitoringRules.ServiceTargets[step] <= seconds; step++)
            sum += counts[step];
        return sum;
    }

    private static readonly ImmutableArray<int> Zeros = [.. new int[MonitoringRules.ServiceTargets.Length + 1]];

    private static ImmutableArray<int> Plus(ImmutableArray<int> counts, double seconds)
    {
        var step = 0;
        while (step < MonitoringRules.ServiceTargets.Length && MonitoringRules.ServiceTargets[step] < seconds)
            step++;
        return counts.SetItem(step, counts[step] + 1);
    }
}

/// <summary>Folds the ends of waits. Nobody has to have seen the beginning: each end says how long the wait was, and where.</summary>
public sealed class QueueQuartersProjection : Projection<QueueQuarter>
{
    /// <inheritdoc/>
    public override string Name => "queue_quarters";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<QueueQuarter>> Columns { get; } =
        [new("begins_at", ColumnType.Instant, q => q.BeginsAt, Indexed: true, Required: true)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Session.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) =>
        EndOf(happened.Data) is var (wait, _, at) ? Key(wait.QueueId, QueueQuarter.Of(at)) : null;

    /// <inheritdoc/>
    public override QueueQuarter? Evolve(QueueQuarter? view, StoredEvent happened) => EndOf(happened.Data) is var (wait, isAnswered, at)
        ? (view ?? QueueQuarter.Empty(wait.QueueId, QueueQuarter.Of(at))).With(wait, isAnswered)
        : view;

    /// <summary>The wait that an event ended, whether an agent answered, and when; or null.</summary>
    internal static (Waited Wait, bool IsAnswered, DateTimeOffset At)? EndOf(IDomainEvent happened) => happened switch
    {
        SessionConnected { Waited: { } wait } e => (wait, true, e.ConnectedAt),
        // What a supervisor or this software ended was not given up by its consumer.
        SessionEnded { By: SessionParty.Consumer, Waited: { } wait } e => (wait, false, e.EndedAt),
        _ => null,
    };

    private static string Key(Guid queueId, DateTimeOffset quarter) =>
        string.Create(CultureInfo.InvariantCulture, $"{queueId:D}/{quarter.UtcDateTime:yyyyMMddHHmm}");
}
