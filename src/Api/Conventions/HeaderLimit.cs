namespace ContactCenter.Api.Conventions;

/// <summary>
/// Refuses a request with more than 32 KiB of headers (431, <c>request.headers_too_large</c>). The server itself takes more, for a
/// gRPC call with too much is to be refused alone, and not with all others of its connection; what is beyond 256 KiB it refuses
/// in its own words, without a problem.
/// </summary>
public sealed class HeaderLimit(RequestDelegate next)
{
    private const int MaxBytes = 32 * 1024;

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var bytes = http.Request.Headers.Sum(header => header.Value.Sum(value => (long)header.Key.Length + (value?.Length ?? 0)));
        if (bytes <= MaxBytes)
            return next(http);
        // An answer without a body becomes a problem on its way out.
        http.Response.StatusCode = StatusCodes.Status431RequestHeaderFieldsTooLarge;
        return Task.CompletedTask;
    }
}
