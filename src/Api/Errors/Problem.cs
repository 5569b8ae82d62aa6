using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace ContactCenter.Api.Errors;

/// <summary>What every refusal looks like over REST: RFC 9457, <c>application/problem+json</c> (ADR 0019).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable and machine-readable: <c>recording.not_active</c>.</param>
/// <param name="Detail">One sentence for a person; no secrets, no personal data.</param>
public sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Always <c>about:blank</c>: <see cref="Code"/> tells problems apart.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The status in words.</summary>
    public string Title { get; init; } = ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>Messages per field, for a request of the wrong shape.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The stream's version now, for a stale <c>If-Match</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CurrentVersion { get; init; }

    /// <summary>What to look at before confirming (END-2).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Details { get; init; }

    /// <summary>Not before, in seconds; also in <c>Retry-After</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Finds this request in the logs.</summary>
    public string TraceId { get; init; } = string.Empty;

    /// <summary>A problem about one field.</summary>
    public static Problem Field(string field, string message, string code = "request.invalid") =>
        new(StatusCodes.Status400BadRequest, code, "The request is not valid.")
        {
            Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] },
        };

    /// <summary>Writes it as the whole answer.</summary>
    public Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer realm=\"contactcenter\"";
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var traced = this with { TraceId = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier };
        return response.WriteAsJsonAsync(traced, options: null, ContentType, http.RequestAborted);
    }
}

/// <summary>A problem as an endpoint's answer.</summary>
/// <param name="problem">Which.</param>
public sealed class ProblemResult(Problem problem) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => problem.WriteAsync(httpContext);
}
