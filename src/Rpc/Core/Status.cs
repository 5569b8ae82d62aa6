namespace Grpc.Core;

/// <summary>How a call ended. Mirrors <c>Grpc.Core.StatusCode</c>; the numbers are gRPC's wire values.</summary>
public enum StatusCode
{
    /// <summary>Not an error.</summary>
    OK = 0,
    /// <summary>The caller gave the call up.</summary>
    Cancelled = 1,
    /// <summary>Nobody said why.</summary>
    Unknown = 2,
    /// <summary>The argument is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,
    /// <summary>The deadline passed first.</summary>
    DeadlineExceeded = 4,
    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,
    /// <summary>What was to be created exists.</summary>
    AlreadyExists = 6,
    /// <summary>The caller is known, and may not do this.</summary>
    PermissionDenied = 7,
    /// <summary>A quota or a size limit is exceeded.</summary>
    ResourceExhausted = 8,
    /// <summary>The system is not in the state this call needs.</summary>
    FailedPrecondition = 9,
    /// <summary>A concurrent change won.</summary>
    Aborted = 10,
    /// <summary>Past the valid range.</summary>
    OutOfRange = 11,
    /// <summary>No such method, or not supported.</summary>
    Unimplemented = 12,
    /// <summary>An invariant is broken.</summary>
    Internal = 13,
    /// <summary>Not reachable now; a retry may help.</summary>
    Unavailable = 14,
    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,
    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}

/// <summary>The result of a call: a code and a text. Mirrors <c>Grpc.Core.Status</c>.</summary>
/// <param name="statusCode">How the call ended.</param>
/// <param name="detail">Text for people; travels percent-encoded as <c>grpc-message</c>.</param>
/// <param name="debugException">What caused it on this side; never sent.</param>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException) : IEquatable<Status>
{
    /// <summary>Success without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    private readonly string? _detail = detail;

    /// <summary>Creates a status without a cause.</summary>
    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null)
    {
    }

    /// <summary>How the call ended.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>Text for people.</summary>
    public string Detail => _detail ?? "";

    /// <summary>What caused it on this side; never sent.</summary>
    public Exception? DebugException { get; } = debugException;

    /// <inheritdoc/>
    public bool Equals(Status other) => StatusCode == other.StatusCode && string.Equals(Detail, other.Detail, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    /// <summary>Same code and text.</summary>
    public static bool operator ==(Status left, Status right) => left.Equals(right);

    /// <summary>Another code or text.</summary>
    public static bool operator !=(Status left, Status right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}

/// <summary>A call that did not end well. Mirrors <c>Grpc.Core.RpcException</c>.</summary>
/// <param name="status">How the call ended.</param>
/// <param name="trailers">Metadata that came, or goes, with the status.</param>
/// <param name="message">The exception's text.</param>
public class RpcException(Status status, Metadata trailers, string message) : Exception(message, status.DebugException)
{
    /// <summary>Creates it from a status alone.</summary>
    public RpcException(Status status) : this(status, Metadata.Empty)
    {
    }

    /// <summary>Creates it from a status and a text of its own.</summary>
    public RpcException(Status status, string message) : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Creates it from a status and trailers.</summary>
    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString())
    {
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; } = status;

    /// <summary>Short for <c>Status.StatusCode</c>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata that came, or goes, with the status.</summary>
    public Metadata Trailers { get; } = trailers;
}
