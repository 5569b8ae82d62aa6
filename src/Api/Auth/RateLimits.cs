using System.Threading.RateLimiting;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Hosting;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Api.Auth;

/// <summary>How many requests one caller may send: a token bucket each, per address while unknown.</summary>
public static class RateLimits
{
    /// <summary>The policy of signing in, which costs a slow hash.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Registers the limits.</summary>
    public static void AddRateLimits(this IServiceCollection services, ApiOptions options) => services.AddRateLimiter(limits =>
    {
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => PerCaller(http, options.RateLimit));
        limits.AddPolicy(SignIn, http => RateLimitPartition.GetTokenBucketLimiter(
            Address(http), _ => Bucket(options.SignInLimit, options.SignInLimit, TimeSpan.FromMinutes(1))));
        limits.OnRejected = (rejected, _) => new ValueTask(TooMany(rejected).WriteAsync(rejected.HttpContext));
    });

    private static RateLimitPartition<string> PerCaller(HttpContext http, int perSecond)
    {
        var actor = http.Caller().Actor;
        var key = actor.Kind == ActorKind.Anonymous ? Address(http) : $"{actor.Kind}:{actor.Id}";
        return RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(perSecond, perSecond, TimeSpan.FromSeconds(1)));
    }

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perPeriod, TimeSpan period) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perPeriod,
        ReplenishmentPeriod = period,
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    private static Problem TooMany(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return new Problem(StatusCodes.Status429TooManyRequests, "request.too_many", "Too many requests. Wait, then repeat.")
        {
            RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
        };
    }

    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
