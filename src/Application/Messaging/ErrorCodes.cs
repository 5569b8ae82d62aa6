namespace ContactCenter.Application.Messaging;

/// <summary>Codes of refusals that belong to no capability.</summary>
public static class ErrorCodes
{
    /// <summary>Another writer came first; the pipeline tries again before a caller sees it.</summary>
    public const string Concurrency = "request.concurrency";

    /// <summary>The same idempotency key is being handled right now.</summary>
    public const string IdempotencyRaced = "idempotency.in_flight";

    /// <summary>The idempotency key came with another request before.</summary>
    public const string IdempotencyReused = "idempotency.key_reused";

    /// <summary>The idempotency key came with this request before, whose answer held a secret.</summary>
    public const string AnswerNotKept = "idempotency.answer_not_kept";

    /// <summary>The version in <c>If-Match</c> is not the current one.</summary>
    public const string StaleVersion = "request.stale_version";

    /// <summary><c>If-Match</c> is needed and missing.</summary>
    public const string VersionMissing = "request.version_missing";

    /// <summary>Who calls is not known.</summary>
    public const string Unauthenticated = "auth.unauthenticated";

    /// <summary>The caller may not do this.</summary>
    public const string Forbidden = "auth.forbidden";

    /// <summary>The request has the wrong shape.</summary>
    public const string Invalid = "request.invalid";
}
