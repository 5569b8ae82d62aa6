using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ContactCenter.Api.Conventions;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Database;
using Microsoft.AspNetCore.Http.Metadata;

namespace ContactCenter.Api.Errors;

/// <summary>The one place that says which refusal is which HTTP answer.</summary>
public static partial class ProblemMapping
{
    private const int UnavailableRetrySeconds = 1;
    private static readonly Assembly[] Assemblies = [typeof(Channel).Assembly, typeof(ErrorCodes).Assembly, typeof(ProblemMapping).Assembly];

    /// <summary>A refusal as an answer.</summary>
    public static ProblemResult ToResult(this DomainError error) => new(Of(error));

    /// <summary>The problem of a refusal.</summary>
    public static Problem Of(DomainError error) => error switch
    {
        ValidationError e => New(StatusCodes.Status400BadRequest, e) with { Errors = e.Fields },
        UnauthenticatedError e => New(StatusCodes.Status401Unauthorized, e),
        ForbiddenError e => New(StatusCodes.Status403Forbidden, e),
        NotFoundError e => New(StatusCodes.Status404NotFound, e),
        ConflictError { Code: ErrorCodes.VersionMissing } e => New(StatusCodes.Status428PreconditionRequired, e),
        ConflictError e => New(StatusCodes.Status409Conflict, e) with { Errors = e.Fields },
        StaleVersionError e => New(StatusCodes.Status412PreconditionFailed, e) with { CurrentVersion = e.CurrentVersion },
        UnprocessableError e => New(StatusCodes.Status422UnprocessableEntity, e) with { Errors = e.Fields },
        UnavailableError e => New(StatusCodes.Status503ServiceUnavailable, e) with { RetryAfterSeconds = UnavailableRetrySeconds },
        TooManyRequestsError e => New(StatusCodes.Status429TooManyRequests, e) with { RetryAfterSeconds = WholeSeconds(e.RetryAfter) },
        _ => throw new InvalidOperationException($"No answer is set for {error.GetType().Name}."),
    };

    /// <summary>The problem of an exception; anything unexpected is a 500 that tells nothing.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="endpoint">Where the request was for, or null: it knows of what type a parameter is.</param>
    public static Problem Of(Exception exception, Endpoint? endpoint = null) => exception switch
    {
        BadRequestException e => e.Problem,
        BadHttpRequestException e => Of(e, endpoint),
        InvalidCursorException => Problem.Field("cursor", "Not a cursor of this list with these filters and this sort."),
        _ when Transience.IsUnavailable(exception) => new Problem(
            StatusCodes.Status503ServiceUnavailable, "service.unavailable", "The database cannot serve now. Repeating the request with its Idempotency-Key is safe.")
        { RetryAfterSeconds = UnavailableRetrySeconds },
        _ => new Problem(StatusCodes.Status500InternalServerError, "service.error", "Something went wrong here. It is in the logs under the trace id."),
    };

    /// <summary>The problem of a status that the framework set without a body.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new(status, ErrorCodes.Unauthenticated, "Sign in first: the request carries no valid token or key."),
        StatusCodes.Status403Forbidden => new(status, ErrorCodes.Forbidden, "You may not do this."),
        StatusCodes.Status404NotFound => new(status, "request.unknown_path", "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => new(status, "request.method_not_allowed", "This path does not answer this method; see Allow."),
        StatusCodes.Status413PayloadTooLarge => new(status, "request.too_large", "The body is larger than this path takes."),
        StatusCodes.Status415UnsupportedMediaType => new(status, "request.media_type", "Send the body as application/json."),
        StatusCodes.Status416RangeNotSatisfiable => new(status, "request.range", "There is nothing in this range; see Content-Range."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => new(status, "request.headers_too_large", "The headers are larger than 32 KiB."),
        StatusCodes.Status503ServiceUnavailable => new(status, "service.unavailable", "Not ready.") { RetryAfterSeconds = UnavailableRetrySeconds },
        _ => new(status, "request.refused", "The request cannot be handled."),
    };

    private static Problem Of(BadHttpRequestException e, Endpoint? endpoint) => e switch
    {
        { InnerException: JsonException json } => Problem.Field(JsonField(json.Path), JsonMessage(json), "request.malformed_json"),
        { StatusCode: StatusCodes.Status400BadRequest } when ParameterName().Match(e.Message) is { Success: true } match =>
            Problem.Field(JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value), ParameterMessage(match.Groups["name"].Value, endpoint)),
        { StatusCode: StatusCodes.Status400BadRequest } => new Problem(e.StatusCode, ErrorCodes.Invalid, "The request is not valid: a body is missing or ends early."),
        _ => OfStatus(e.StatusCode),
    };

    private static Problem New(int status, DomainError error) => new(status, error.Code, error.Message);

    private static int WholeSeconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    /// <summary><c>$.consumer.identity</c> → <c>consumer.identity</c>; the whole body is <c>body</c>.</summary>
    private static string JsonField(string? path) =>
        path is null or "$" || !path.StartsWith("$.", StringComparison.Ordinal) ? "body" : path.Length > 200 ? path[2..200] : path[2..];

    /// <summary>Says what is wrong without naming our types or repeating what was sent.</summary>
    private static string JsonMessage(JsonException e) => e.Message switch
    {
        var m when e is WireException => m,
        var m when m.Contains("could not be mapped", StringComparison.Ordinal) => "Unknown field.",
        var m when m.Contains("missing required", StringComparison.Ordinal) => "Required: " + MissingFields(m),
        var m when m.Contains("uplicate propert", StringComparison.Ordinal) => "Given twice.",
        var m when m.Contains("doesn't allow", StringComparison.Ordinal) || m.Contains("disallow", StringComparison.Ordinal) => "Must not be null.",
        var m when m.Contains("could not be converted", StringComparison.Ordinal) => TypeMessage(TypeName().Match(m).Groups["name"].Value.TrimEnd('.'), e.Path),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Not well-formed JSON at line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}."),
    };

    /// <summary>
    /// Of an enum, its words. The framework's message alone names a type: the enum, or the record whose parameter it is, and
    /// then the path's end names the parameter.
    /// </summary>
    private static string TypeMessage(string typeName, string? path)
    {
        var type = typeName.Length == 0 ? null : Assemblies.Select(a => a.GetType(typeName)).FirstOrDefault(t => t is not null);
        var member = path?[(path.LastIndexOf('.') + 1)..];
        var meant = type?.GetProperties().FirstOrDefault(p => string.Equals(p.Name, member, StringComparison.OrdinalIgnoreCase))?.PropertyType ?? type;
        return meant is not null && Words.EnumIn(meant) is { } words ? OneOf(words) : "Not of the right type.";
    }

    private static string ParameterMessage(string name, Endpoint? endpoint)
    {
        var parameter = endpoint?.Metadata.OfType<IParameterBindingMetadata>().FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        var type = parameter is null ? typeof(object) : Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;
        return type switch
        {
            _ when Words.EnumIn(type) is { } words => OneOf(words),
            _ when type == typeof(Instant) => Instant.Shape,
            _ when type == typeof(Guid) => "Must be a UUID.",
            _ when type == typeof(bool) => "Must be true or false.",
            _ when type == typeof(int) => "Must be a whole number.",
            _ => "Missing, or not of the right type.",
        };
    }

    private static string OneOf(Type type) => $"Must be one of {string.Join(", ", Words.Of(type))}.";

    private static string MissingFields(string message) =>
        string.Join(", ", Quoted().Matches(message).Select(m => m.Groups["name"].Value).Where(name => !name.Contains('.', StringComparison.Ordinal))) + ".";

    // The framework names the parameter only in its message; a test fails should its wording change.
    [GeneratedRegex("parameter \"[^\"]*?(?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"converted to (System\.Nullable`1\[)?(?<name>[A-Za-z.+]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex TypeName();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();
}

/// <summary>The request's shape is wrong in a way only we can see; mapped like the framework's own.</summary>
/// <param name="problem">What to answer.</param>
public sealed class BadRequestException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What to answer.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>A wrong header or parameter.</summary>
    public static BadRequestException Field(string field, string message) => new(Problem.Field(field, message));
}
