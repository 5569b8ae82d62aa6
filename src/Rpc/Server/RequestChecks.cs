using ContactCenter.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>What is no gRPC call is refused in HTTP's own words, and a call with too much metadata before anything reads it.</summary>
internal static class RequestChecks
{
    /// <summary>Whether the request is a gRPC call; if not, it is answered.</summary>
    public static bool IsGrpc(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "HTTP/2";
            return false;
        }
        if (!Protocol.IsGrpcContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }
        return true;
    }

    /// <summary>Whether a call's metadata are within the limit; if not, it is answered.</summary>
    public static bool IsWithinHeaderLimit(HttpContext http)
    {
        if (HeaderLimit.IsKept(http.Request))
            return true;
        Refuse(http, StatusCode.ResourceExhausted, "The metadata are larger than 32 KiB.");
        return false;
    }

    /// <summary>Answers calls of services and methods nobody mapped.</summary>
    public static Task Unimplemented(HttpContext http, string detail)
    {
        if (IsGrpc(http))
            Refuse(http, StatusCode.Unimplemented, detail);
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext http, StatusCode status, string detail)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = Protocol.ContentType;
        http.Response.Headers[Protocol.StatusHeader] = Protocol.StatusText(status);
        http.Response.Headers[Protocol.MessageHeader] = detail;
    }
}
