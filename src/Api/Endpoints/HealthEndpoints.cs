using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Operations;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Endpoints;

/// <summary>Health for balancers, figures for Prometheus.</summary>
public static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    /// <param name="app">Outside of <c>/v1</c>.</param>
    /// <param name="openMetrics">True if the listener is bound to loopback: then figures need no permission.</param>
    public static void MapHealth(this IEndpointRouteBuilder app, bool openMetrics)
    {
        var health = app.MapGroup(string.Empty).WithTags("operations");
        health.MapGet("/health/live", () => Results.Ok(new ReadinessReport("live", []))).Query<ReadinessReport>("GetLiveness")
            .AllowAnonymous().DisableRateLimiting().WithSummary("The process answers.");
        health.MapGet("/health/ready", ReadyAsync).Query<ReadinessReport>("GetReadiness").Produces<ReadinessReport>(StatusCodes.Status503ServiceUnavailable)
            .AllowAnonymous().DisableRateLimiting().WithSummary("The node can serve.");
        var metrics = health.MapGet("/metrics", (Call call, PrometheusMetrics figures, OperationFigures operations) => MetricsAsync(call, figures, operations, openMetrics))
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithName("GetMetrics").WithSummary("Figures as Prometheus text.");
        if (openMetrics)
            metrics.AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(HttpContext http, Readiness readiness)
    {
        var report = await readiness.ReportAsync(http.RequestAborted);
        return Results.Json(report, statusCode: report.Status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> MetricsAsync(Call call, PrometheusMetrics figures, OperationFigures operations, bool open)
    {
        if (!open && call.Http.Caller().ScopeOf(Permissions.MetricsRead) is null)
            return new ProblemResult(ProblemMapping.OfStatus(StatusCodes.Status403Forbidden));
        return Results.Text(await operations.WriteAsync(call.Http.RequestAborted) + figures.Write(), "text/plain; version=0.0.4; charset=utf-8");
    }
}
