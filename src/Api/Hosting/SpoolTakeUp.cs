using ContactCenter.Infrastructure.Recordings.S3;

namespace ContactCenter.Api.Hosting;

/// <summary>
/// On a node that keeps recordings in a bucket: takes up what it left on its own disk when it ended, which no other node
/// sees (ADR 0065).
/// </summary>
internal sealed class SpoolTakeUp(IRecordingSpool spool, TimeProvider clock, ILogger<SpoolTakeUp> logger)
    : UntilDone(TimeSpan.FromSeconds(10), clock, logger)
{
    /// <inheritdoc/>
    protected override string Trouble => "Recordings that this node left on its disk are not in the bucket yet";

    /// <inheritdoc/>
    protected override async Task<string?> TryAsync(CancellationToken stoppingToken)
    {
        await spool.TakeUpAsync(stoppingToken);
        return null;
    }
}
