using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.Database;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace ContactCenter.Api.Errors;

/// <summary>The one place that says which refusal is which gRPC status, with its details (google.rpc).</summary>
public static class GrpcStatusMapping
{
    private const string Domain = "contactcenter";

    /// <summary>A refusal as an exception that ends the call.</summary>
    public static RpcException ToRpcException(this DomainError error) => Of(error).ToRpcException();

    /// <summary>The status of a refusal: the stable code is the reason of its ErrorInfo.</summary>
    public static Status Of(DomainError error)
    {
        var status = New(CodeOf(error), error.Code, error.Message);
        return error switch
        {
            ValidationError e => status.WithDetail(Violations(e)),
            TooManyRequestsError e => status.WithDetail(new RetryInfo { RetryDelay = Duration.FromTimeSpan(e.RetryAfter) }),
            _ => status,
        };
    }

    /// <summary>The status of an exception; anything unexpected tells nothing.</summary>
    public static RpcException Of(Exception exception) => exception switch
    {
        RpcException e => e,
        _ when Transience.IsUnavailable(exception) => New(StatusCode.Unavailable, "service.unavailable", "The database cannot serve now; try again.")
            .WithDetail(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }).ToRpcException(),
        OperationCanceledException => new RpcException(new global::Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled.")),
        _ => New(StatusCode.Internal, "service.error", "Something went wrong here.").ToRpcException(),
    };

    /// <summary>The status of a message, or of metadata, that cannot be read, with the reason that it lacks.</summary>
    /// <param name="unread">What the gRPC server would end the call with.</param>
    /// <param name="http">The call's request.</param>
    public static (string Reason, RpcException Refusal) Unread(RpcException unread, HttpContext http)
    {
        var reason = unread.StatusCode switch
        {
            StatusCode.ResourceExhausted when !HeaderLimit.IsKept(http.Request) => "request.headers_too_large",
            StatusCode.ResourceExhausted => "request.too_large",
            _ => "request.malformed",
        };
        return (reason, New(unread.StatusCode, reason, unread.Status.Detail).ToRpcException());
    }

    /// <summary>A field of a message is missing or malformed.</summary>
    public static DomainError Field(string field, string message) => ValidationError.Field(field, message);

    private static StatusCode CodeOf(DomainError error) => error switch
    {
        ValidationError => StatusCode.InvalidArgument,
        UnauthenticatedError => StatusCode.Unauthenticated,
        ForbiddenError => StatusCode.PermissionDenied,
        NotFoundError => StatusCode.NotFound,
        StaleVersionError or ConflictError { Code: ErrorCodes.Concurrency } => StatusCode.Aborted,
        ConflictError or UnprocessableError => StatusCode.FailedPrecondition,
        TooManyRequestsError => StatusCode.ResourceExhausted,
        UnavailableError => StatusCode.Unavailable,
        _ => throw new InvalidOperationException($"No status is set for {error.GetType().Name}."),
    };

    private static Status New(StatusCode code, string reason, string message) =>
        new Status { Code = (int)code, Message = message }.WithDetail(new ErrorInfo { Reason = reason, Domain = Domain });

    private static BadRequest Violations(ValidationError error)
    {
        var details = new BadRequest();
        foreach (var (field, messages) in error.Fields)
        {
            foreach (var message in messages)
                details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = message });
        }

        return details;
    }
}
