namespace ContactCenter.Application.Operations;

/// <summary>The background jobs, across all nodes.</summary>
public interface IJobs
{
    /// <summary>Every job, by name.</summary>
    Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>How a job stands.</summary>
/// <param name="Name">Which, for example <c>release-stale-offers</c>.</param>
/// <param name="LastRunAt">When it last started, on any node, or null.</param>
/// <param name="LastResult"><c>ok</c>, <c>failed</c>, or null before the first run.</param>
/// <param name="LastError">Why it last failed, or null.</param>
/// <param name="NextRunAt">When it is due, or null.</param>
/// <param name="Failures">Failed runs so far.</param>
public sealed record JobStatus(
    string Name, DateTimeOffset? LastRunAt, string? LastResult, string? LastError, DateTimeOffset? NextRunAt, long Failures);
