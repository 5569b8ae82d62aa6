namespace ContactCenter.Domain.Abstractions;

/// <summary>
/// An expected refusal, as a value. Nothing throws for what a caller may do wrong (ADR 0005).
/// </summary>
/// <param name="Code">Stable, machine-readable, <c>area.reason</c>, for example <c>recording.not_active</c>.</param>
/// <param name="Message">One sentence for a person; never holds secrets or personal data.</param>
public abstract record DomainError(string Code, string Message);

/// <summary>The request has the wrong shape: HTTP 400, gRPC InvalidArgument.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Fields">Messages per field, camelCase names as on the wire.</param>
public sealed record ValidationError(string Code, string Message, IReadOnlyDictionary<string, string[]> Fields)
    : DomainError(Code, Message)
{
    /// <summary>A validation error about one field.</summary>
    public static ValidationError Field(string field, string message) =>
        new("request.invalid", "The request is not valid.", new Dictionary<string, string[]> { [field] = [message] });
}

/// <summary>The caller is not who they would have to be: HTTP 401, gRPC Unauthenticated.</summary>
public sealed record UnauthenticatedError(string Code, string Message) : DomainError(Code, Message);

/// <summary>The caller may not do this: HTTP 403, gRPC PermissionDenied.</summary>
public sealed record ForbiddenError(string Code, string Message) : DomainError(Code, Message);

/// <summary>The thing named in the address does not exist, or its existence is not the caller's to know: HTTP 404, gRPC NotFound.</summary>
public record NotFoundError(string Code, string Message) : DomainError(Code, Message);

/// <summary>
/// The same to whoever asks, who may do this elsewhere, but not to this, if it is there at all (MON-1). The audit trail
/// tells the two apart.
/// </summary>
public sealed record UnseenError(string Code, string Message) : NotFoundError(Code, Message);

/// <summary>The state does not allow it: HTTP 409, gRPC FailedPrecondition.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Fields">What stands against it, by its place; null where there is no such place.</param>
public sealed record ConflictError(string Code, string Message, IReadOnlyDictionary<string, string[]>? Fields = null) : DomainError(Code, Message);

/// <summary>The version looked at is no longer the current one: HTTP 412, gRPC Aborted.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="CurrentVersion">The stream version now.</param>
public sealed record StaleVersionError(string Code, string Message, long CurrentVersion) : DomainError(Code, Message);

/// <summary>The request refers to something that cannot be: HTTP 422, gRPC FailedPrecondition.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Fields">What is missing, by the place that needs it; null where there is no such place.</param>
public sealed record UnprocessableError(string Code, string Message, IReadOnlyDictionary<string, string[]>? Fields = null) : DomainError(Code, Message);

/// <summary>It cannot be had here or now, though nothing is wrong with the request: HTTP 503 with Retry-After, gRPC Unavailable.</summary>
public sealed record UnavailableError(string Code, string Message) : DomainError(Code, Message);

/// <summary>Too many requests: HTTP 429 with Retry-After, gRPC ResourceExhausted with RetryInfo.</summary>
public sealed record TooManyRequestsError(string Code, string Message, TimeSpan RetryAfter) : DomainError(Code, Message);
