using ContactCenter.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace ContactCenter.Api.Conventions;

/// <summary>
/// Refuses two kinds of bodies that the framework meets with exceptions of its own making, which would be answered as
/// our fault: a charset other than UTF-8, and text that holds half a surrogate pair.
/// </summary>
internal sealed class JsonBodies(RequestDelegate next)
{
    private const string JsonReader = "System.Text.Json.ThrowHelper";

    public async Task InvokeAsync(HttpContext http)
    {
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.Charset.HasValue
            && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        try
        {
            await next(http);
        }
        catch (InvalidOperationException e) when (!http.Response.HasStarted && e.TargetSite?.DeclaringType?.FullName == JsonReader)
        {
            throw BadRequestException.Field("body", "Holds text that is not Unicode: half a surrogate pair.");
        }
    }
}
