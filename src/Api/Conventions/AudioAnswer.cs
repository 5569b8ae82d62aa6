using ContactCenter.Application.Recordings;
using Microsoft.Net.Http.Headers;

namespace ContactCenter.Api.Conventions;

/// <summary>Answers audio that players fetch in pieces, and nobody on the way keeps.</summary>
internal static class AudioAnswer
{
    /// <summary>The bytes, or those of them that the request's <c>Range</c> asks for.</summary>
    public static IResult Of(HttpContext http, PlayedRecording played)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(played.Content, "audio/wav", played.FileName, played.At, new EntityTagHeaderValue($"\"{played.Tag}\""), enableRangeProcessing: true);
    }

    /// <summary>False for a request of a later piece alone.</summary>
    public static bool AsksForStart(HttpRequest request) =>
        request.GetTypedHeaders().Range is not { Ranges: { Count: > 0 } pieces } || pieces.Any(piece => piece.From == 0);
}
