using ContactCenter.Application.Projections;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Recordings;

/// <summary>Finds kept recordings that the schedule may want destroyed (REC-11). Whether it does, the command decides on the recording itself.</summary>
public sealed class ExpiredRecordings(IReadModel<RecordingCard> recordings, ICenterConfiguration configuration, TimeProvider clock)
{
    /// <summary>How many are destroyed at a time.</summary>
    public const int Batch = 200;

    private static readonly Sorting Oldest = new(("startedAt", "started_at"));

    /// <summary>The oldest that are older than the schedule of this moment; none without one.</summary>
    public async Task<IReadOnlyList<Guid>> ToDeleteAsync(CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(0, cancellationToken);
        if (center.Settings.Recording.Retention.KeptFor() is not { } keptFor)
            return [];
        var old = await recordings.PageAsync(
            Oldest.Query(
                [
                    new("status", FilterOperator.Is, RecordingStatus.Kept),
                    new("started_at", FilterOperator.Below, clock.GetUtcNow() - keptFor),
                ],
                new PageRequest(Limit: Batch)),
            cancellationToken);
        return [.. old.Value!.Items.Select(r => r.RecordingId)];
    }
}
