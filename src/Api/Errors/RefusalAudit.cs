using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using Microsoft.AspNetCore.Routing.Template;

namespace ContactCenter.Api.Errors;

/// <summary>
/// Writes requests that were refused before they became a command (no valid token, a malformed body) to the audit
/// trail (ADM-2). A flood cannot fill the log, and whoever makes one cannot hide another's refusals: somebody known may
/// cause 1,000 entries at once and then 100 a second; an address, while unknown, 20 and one, all of those together 200
/// and 20. What is over that, and all of those who send too many requests, is counted in the trail, a row a minute
/// (<see cref="RefusalCounts"/>).
/// </summary>
public sealed class RefusalAudit : IDisposable
{
    private readonly RefusalLog refusals;
    private readonly TimeProvider clock;
    private readonly ILogger<RefusalAudit> logger;
    private readonly Counter<long> suppressed;
    private readonly EndpointDataSource endpoints;
    private readonly RefusalCounts counts;
    private readonly PartitionedRateLimiter<HttpContext> perCaller = PartitionedRateLimiter.Create<HttpContext, string>(
        http => RateLimitPartition.GetTokenBucketLimiter(CallerLimits.KeyOf(http), _ => IsKnown(http) ? Bucket(1_000, 100) : Bucket(20, 1)));

    private readonly TokenBucketRateLimiter unknown = new(Bucket(200, 20));

    /// <summary>One per process.</summary>
    public RefusalAudit(
        IEventStore store, EndpointDataSource endpoints, RefusalCounts counts, TimeProvider clock, IMeterFactory meters, ILogger<RefusalAudit> logger)
    {
        this.counts = counts;
        refusals = new RefusalLog(store);
        this.endpoints = endpoints;
        this.clock = clock;
        this.logger = logger;
        suppressed = meters.Create("ContactCenter.Api").CreateCounter<long>(
            "contactcenter.audit.refusals_suppressed", "{refusal}", "Refusals beyond what one caller may put into the audit trail singly: counted there by the minute.");
    }

    /// <summary>Writes one, if the request was for a command or was not authenticated.</summary>
    public async Task WriteAsync(HttpContext http, string code)
    {
        var values = http.Request.RouteValues;
        if ((http.GetEndpoint() as RouteEndpoint ?? Meant(http, values = new RouteValueDictionary())) is not { } endpoint)
            return;
        if (code != ErrorCodes.Unauthenticated && IsRead(http, endpoint))
            return;
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{http.Request.Method} {endpoint.RoutePattern.RawText}";
        await WriteAsync(http, name, Subject(http, values), code);
    }

    /// <summary>Writes one whose command is known, though it never was sent as one.</summary>
    public async Task WriteAsync(HttpContext http, string command, string? subject, string code)
    {
        if (code == RateLimits.TooManyCode)
        {
            counts.Add(http, command, subject, code);
            return;
        }

        using var mine = perCaller.AttemptAcquire(http);
        using var all = mine.IsAcquired && !IsKnown(http) ? unknown.AttemptAcquire() : mine;
        if (!all.IsAcquired)
        {
            suppressed.Add(1);
            counts.Add(http, command, subject, code);
            return;
        }

        var now = clock.GetUtcNow();
        var context = new CallContext(http.Caller()) { CommandId = Guid.CreateVersion7(now), Now = now, Source = CallerLimits.Address(http) };
        try
        {
            await refusals.WriteAsync(context, command, subject, code);
        }
        catch (EventStoreUnavailableException e)
        {
            // The refusal itself stands; it changed nothing.
            logger.LogWarning(e, "A refusal of {Command} with {Code} could not be written to the audit trail.", command, code);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        perCaller.Dispose();
        unknown.Dispose();
    }

    private static bool IsRead(HttpContext http, RouteEndpoint endpoint) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || endpoint.Metadata.GetMetadata<AsksOnly>() is not null;

    private static bool IsKnown(HttpContext http) => http.Caller().Actor.Kind != ActorKind.Anonymous;

    /// <summary>
    /// The route that was meant where the framework put a refusal of its own in its place, as it does for a body of
    /// another media type; null if there is none.
    /// </summary>
    private RouteEndpoint? Meant(HttpContext http, RouteValueDictionary values) => http.GetEndpoint() is null ? null : endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase) == true)
        .OrderBy(e => e.RoutePattern.InboundPrecedence)
        .FirstOrDefault(e => new TemplateMatcher(new RouteTemplate(e.RoutePattern), new RouteValueDictionary()).TryMatch(http.Request.Path, values));

    /// <summary>The stream of what a path names: <c>/v1/sessions/{id}/…</c> is about a session, deeper ids are about parts of a page.</summary>
    private static string? Subject(HttpContext http, RouteValueDictionary values) =>
        http.Request.Path.Value!.Split('/') is [_, _, var things, var id, ..] && Guid.TryParse(id, out var guid) && values.ContainsKey("id")
            ? $"{things.TrimEnd('s').Replace("-", string.Empty, StringComparison.Ordinal)}-{guid:D}"
            : null;

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
