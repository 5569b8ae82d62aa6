using System.Threading.RateLimiting;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Hosting;
using ContactCenter.Domain.Abstractions;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Api.Auth;

/// <summary>
/// How many requests one caller may send, over REST and gRPC together: a token bucket each, per address while unknown.
/// A message on an adapter's stream counts like a request.
/// </summary>
public sealed class CallerLimits(ApiOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, string>(
        http => RateLimitPartition.GetTokenBucketLimiter(
            KeyOf(http), _ => RateLimits.Bucket(options.RateLimit, options.RateLimit, TimeSpan.FromSeconds(1))));

    internal PartitionedRateLimiter<HttpContext> Limiter => limiter;

    /// <summary>Takes one from the caller's bucket; the refusal if it is empty.</summary>
    public TooManyRequestsError? Refusal(HttpContext http)
    {
        using var lease = limiter.AttemptAcquire(http);
        return lease.IsAcquired ? null : RateLimits.TooMany(lease);
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();

    /// <summary>Who the caller is counted as: themselves if known, else their address.</summary>
    internal static string KeyOf(HttpContext http)
    {
        var actor = http.Caller().Actor;
        return actor.Kind == ActorKind.Anonymous ? Address(http) : $"{actor.Kind}:{actor.Id}";
    }

    internal static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}

/// <summary>The limits as the REST pipeline knows them.</summary>
public static class RateLimits
{
    /// <summary>The code of a refusal for sending too many.</summary>
    public const string TooManyCode = "request.too_many";

    /// <summary>The policy of signing in, which costs a slow hash.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The policy of one-time addresses, which anybody may try.</summary>
    public const string OneTime = "one-time";

    /// <summary>Registers the limits.</summary>
    public static void AddRateLimits(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton<CallerLimits>();
        services.AddRateLimiter(limits =>
        {
            limits.AddPolicy(SignIn, http => RateLimitPartition.GetTokenBucketLimiter(
                CallerLimits.Address(http), _ => Bucket(options.SignInLimit, options.SignInLimit, TimeSpan.FromMinutes(1))));
            limits.AddPolicy(OneTime, http => RateLimitPartition.GetTokenBucketLimiter(
                CallerLimits.Address(http), _ => Bucket(options.SignInLimit, options.SignInLimit, TimeSpan.FromMinutes(1))));
            limits.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, TooMany(rejected.Lease)));
        });
        services.AddOptions<RateLimiterOptions>().Configure<CallerLimits>((limits, callers) => limits.GlobalLimiter = callers.Limiter);
    }

    internal static TokenBucketRateLimiterOptions Bucket(int burst, int perPeriod, TimeSpan period) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perPeriod,
        ReplenishmentPeriod = period,
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    internal static TooManyRequestsError TooMany(RateLimitLease lease) => new(
        TooManyCode, "Too many requests. Wait, then repeat.",
        lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1));

    private static async Task RefuseAsync(HttpContext http, TooManyRequestsError refusal)
    {
        await http.RequestServices.GetRequiredService<RefusalAudit>().WriteAsync(http, refusal.Code);
        await ProblemMapping.Of(refusal).WriteAsync(http);
    }
}
