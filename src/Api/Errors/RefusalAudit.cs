using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using ContactCenter.Api.Auth;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;

namespace ContactCenter.Api.Errors;

/// <summary>
/// Writes requests that were refused before they became a command (no valid token, a malformed body) to the audit
/// trail (ADM-2). A flood cannot fill the log: each address may cause 20 entries at once and then one a second, all
/// addresses together 200 at once and then 20 a second. What is over that is only counted, in
/// <c>contactcenter.audit.refusals_suppressed</c>.
/// </summary>
public sealed class RefusalAudit : IDisposable
{
    private readonly RefusalLog refusals;
    private readonly TimeProvider clock;
    private readonly ILogger<RefusalAudit> logger;
    private readonly Counter<long> suppressed;
    private readonly PartitionedRateLimiter<string> perAddress = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(20, 1)));

    private readonly TokenBucketRateLimiter overall = new(Bucket(200, 20));

    /// <summary>One per process.</summary>
    public RefusalAudit(IEventStore store, TimeProvider clock, IMeterFactory meters, ILogger<RefusalAudit> logger)
    {
        refusals = new RefusalLog(store);
        this.clock = clock;
        this.logger = logger;
        suppressed = meters.Create("ContactCenter.Api").CreateCounter<long>(
            "contactcenter.audit.refusals_suppressed", "{refusal}", "Refusals beyond what one address may put into the audit trail.");
    }

    /// <summary>Writes one, if the request was for a command or was not authenticated.</summary>
    public async Task WriteAsync(HttpContext http, string code)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
            return;
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (isRead && code != ErrorCodes.Unauthenticated)
            return;
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        using var mine = perAddress.AttemptAcquire(address);
        using var all = mine.IsAcquired ? overall.AttemptAcquire() : mine;
        if (!all.IsAcquired)
        {
            suppressed.Add(1);
            return;
        }

        var now = clock.GetUtcNow();
        var context = new CallContext(http.Caller()) { CommandId = Guid.CreateVersion7(now), Now = now, Source = address };
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{http.Request.Method} {endpoint.RoutePattern.RawText}";
        try
        {
            await refusals.WriteAsync(context, name, Subject(http), code);
        }
        catch (EventStoreUnavailableException e)
        {
            // The refusal itself stands; it changed nothing.
            logger.LogWarning(e, "A refusal of {Command} with {Code} could not be written to the audit trail.", name, code);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        perAddress.Dispose();
        overall.Dispose();
    }

    private static string? Subject(HttpContext http) =>
        http.GetRouteValue("id") is string id && Guid.TryParse(id, out var guid) ? $"{http.Request.Path.Value!.Split('/')[2].TrimEnd('s')}-{guid:D}" : null;

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
