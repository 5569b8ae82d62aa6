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

    /// <summary>Which bytes a request asks for. Several pieces at once are answered with all of it, and so may be <c>If-Range</c>.</summary>
    public static AudioRange Asked(HttpRequest request) =>
        request.GetTypedHeaders().Range is { Unit.Value: "bytes", Ranges: { Count: 1 } pieces } && pieces.Single() is var piece
            ? new AudioRange(piece.From, piece.To, MayBeAll: request.Headers.IfRange.Count > 0)
            : AudioRange.All;
}
