using ContactCenter.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>What is no gRPC call is refused in HTTP's own words.</summary>
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
