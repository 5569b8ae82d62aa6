using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Reads what a server says in headers and trailers.</summary>
internal static class ResponseHeaders
{
    /// <exception cref="RpcException">The response is not one of gRPC.</exception>
    public static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RpcException(new Status(CodeOf(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"));
        var contentType = response.Content.Headers.ContentType?.MediaType;
        if (!Protocol.IsGrpcContentType(contentType))
            throw new RpcException(new Status(StatusCode.Unknown, $"Bad gRPC response. Content-Type: {contentType}"));
    }

    /// <exception cref="RpcException">The server compresses in a way that was not offered.</exception>
    public static bool IsCompressed(HttpResponseMessage response) => First(response.Headers, Protocol.EncodingHeader) switch
    {
        null or Protocol.Identity => false,
        Protocol.Gzip => true,
        _ => throw new RpcException(new Status(StatusCode.Internal, "The server's grpc-encoding is not supported.")),
    };

    public static CallResult ToResult(HttpResponseHeaders headers)
    {
        if (!int.TryParse(First(headers, Protocol.StatusHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return new CallResult(new Status(StatusCode.Unknown, "The response ended without a grpc-status."), Metadata.Empty);
        var detail = Protocol.DecodeMessage(First(headers, Protocol.MessageHeader) ?? "");
        return new CallResult(new Status((StatusCode)code, detail), ToMetadata(headers));
    }

    public static Metadata ToMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                try
                {
                    Protocol.AddFromWire(metadata, key, value);
                }
                catch (FormatException e)
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The server's metadata {key} is not base64.", e));
                }
            }
        }
        return metadata;
    }

    private static string? First(HttpResponseHeaders headers, string key) =>
        headers.NonValidated.TryGetValues(key, out var values) ? values.ToString() : null;

    /// <summary>gRPC's own table for answers of proxies and servers that know no gRPC.</summary>
    private static StatusCode CodeOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}

/// <summary>Turns what goes wrong below a call into its status.</summary>
internal static class Errors
{
    public static CallResult ToResult(Exception exception) => exception switch
    {
        RpcException e => new CallResult(e.Status, e.Trailers),
        // A request that could not be written carries its own reason inside.
        HttpRequestException { InnerException: RpcException e } => new CallResult(e.Status, e.Trailers),
        OperationCanceledException => new CallResult(Status.DefaultCancelled, Metadata.Empty),
        HttpRequestException { InnerException: HttpProtocolException e } => FromReset(e),
        HttpProtocolException e => FromReset(e),
        HttpRequestException or IOException => Result(StatusCode.Unavailable, exception),
        _ => Result(StatusCode.Internal, exception),
    };

    /// <summary>gRPC's own table for HTTP/2 error codes.</summary>
    private static CallResult FromReset(HttpProtocolException exception) => Result(
        exception.ErrorCode switch
        {
            0x7 => StatusCode.Unavailable,
            0x8 => StatusCode.Cancelled,
            0xb => StatusCode.ResourceExhausted,
            0xc => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        },
        exception);

    private static CallResult Result(StatusCode code, Exception exception) =>
        new(new Status(code, $"{exception.GetType().Name}: {exception.Message}", exception), Metadata.Empty);
}
