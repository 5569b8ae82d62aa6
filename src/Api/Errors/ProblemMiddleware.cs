namespace ContactCenter.Api.Errors;

/// <summary>
/// Turns every exception and every empty refusal of the framework into a problem (ADR 0019), and puts what was
/// refused before it became a command into the audit trail.
/// </summary>
public sealed class ProblemMiddleware(RequestDelegate next, RefusalAudit audit, ILogger<ProblemMiddleware> logger)
{
    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            // A range that cannot be is refused with the content's own type and no body.
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } or { HasStarted: false, StatusCode: StatusCodes.Status416RangeNotSatisfiable })
                await RefuseAsync(http, ProblemMapping.OfStatus(http.Response.StatusCode));
        }
#pragma warning disable CA1031 // The outermost place of a request: nothing may leave it as a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FailAsync(http, e);
        }
    }

    private async Task FailAsync(HttpContext http, Exception e)
    {
        var problem = ProblemMapping.Of(e, http.GetEndpoint());
        if (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone; what their request did or did not do is in the log.
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : StatusCodes.Status499ClientClosedRequest;
            return;
        }

        if (problem.Status >= 500)
            logger.LogError(e, "{Method} {Path} failed.", http.Request.Method, http.Request.Path.Value);
        if (http.Response.HasStarted)
            http.Abort();
        else
            await RefuseAsync(http, problem);
    }

    private async Task RefuseAsync(HttpContext http, Problem problem)
    {
        var (allow, range) = (http.Response.Headers.Allow, http.Response.Headers.ContentRange);
        http.Response.Clear();
        (http.Response.Headers.Allow, http.Response.Headers.ContentRange) = (allow, range);
        if (problem.Status is 400 or 401 or 413 or 415 or 431)
            await audit.WriteAsync(http, problem.Code);
        await problem.WriteAsync(http);
    }
}
