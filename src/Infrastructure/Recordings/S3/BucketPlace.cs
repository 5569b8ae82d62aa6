namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>Where a bucket is and who may use it.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Location">Where it lies, as its server names the place; requests are signed for it.</param>
/// <param name="Endpoint">The server, for example <c>https://storage.example</c>; null for AWS itself.</param>
/// <param name="AccessKey">Who asks; null for what the machine is given by its surroundings.</param>
/// <param name="SecretKey">Signs the requests.</param>
public sealed record BucketPlace(string Bucket, string Location, Uri? Endpoint = null, string? AccessKey = null, string? SecretKey = null)
{
    /// <summary>How much is sent at once. S3 takes no part but the last under 5 MiB, and at most 10,000.</summary>
    public long PartBytes { get; init; } = 8 << 20;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request that failed is sent again before the caller hears of it.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Never the keys, so that they cannot slip into a log line.</summary>
    public override string ToString() => $"{Bucket} in {Location}";
}
