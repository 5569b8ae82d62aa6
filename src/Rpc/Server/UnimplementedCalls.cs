using ContactCenter.Rpc.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// Answers calls of services and methods nobody mapped. Around the pipeline and not an endpoint of it: an endpoint for
/// every path would take part in choosing among other routes, and turn their 405 and 415 into 404.
/// </summary>
internal sealed class UnimplementedCalls : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            await rest(http);
            if (http.GetEndpoint() is null && http.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound }
                && HttpMethods.IsPost(http.Request.Method) && Protocol.IsGrpcContentType(http.Request.ContentType))
            {
                await RequestChecks.Unimplemented(http, "The service or method is not implemented.");
            }
        });
        next(app);
    };
}
