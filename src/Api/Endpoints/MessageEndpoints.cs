using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace ContactCenter.Api.Endpoints;

/// <summary>What consumers hear or read from the center itself, and the recordings that are played (AHD-8).</summary>
internal static class MessageEndpoints
{
    private const string Wav = "audio/wav";
    private const string Mp3 = "audio/mpeg";

    /// <summary>Maps them.</summary>
    public static void MapMessages(this RouteGroupBuilder settings)
    {
        settings.MapGet("/messages", (Call call, Instant? asOf) => SettingsEndpoints.PageAsync(
                call, SettingsPages.Messages, asOf, s => new MessageList([.. s.Messages.All()]))).Query<MessageList>("ListMessages").Sends(new GetSettingsPage(Guid.Empty))
            .WithSummary("All messages of the center, now or as of an instant.");
        settings.MapPut("/messages/{key}/{language}", (Call call, Word<MessageKey> key, string language, CenterMessageBody body) => call.DoAsync(
                new SetMessage(key.Value, language, new Message(body.Text, body.AudioId)))).Command("SetMessage").NeedsVersion()
            .WithSummary("What a message says in one language: text, or uploaded audio.");
        settings.MapDelete("/messages/{key}/{language}", (Call call, Word<MessageKey> key, string language) => call.DoAsync(
                new RemoveMessage(key.Value, language))).Command("RemoveMessage").NeedsVersion()
            .WithSummary("Removes a message in one language, if nothing needs it.");
        MapAudio(settings.MapGroup("/messages/audio"));
    }

    private static void MapAudio(RouteGroupBuilder audio)
    {
        audio.MapGet("/", (Call call, Instant? asOf) => SettingsEndpoints.PageAsync(
                call, SettingsPages.Audio, asOf, s => new AudioList([.. s.Audio.Values.OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.AudioId).Select(AudioCard.Of)])))
            .Query<AudioList>("ListMessageAudio").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Recordings that messages may play.");
        audio.MapPost("/", UploadAsync).Creation("UploadMessageAudio").WithMetadata(new RequestSizeLimitAttribute(AudioContent.MaxBytes))
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = AudioBody();
                return Task.CompletedTask;
            })
            .WithSummary("Keeps a recording: WAV with PCM samples, or MP3. The same bytes again are the same recording.");
        audio.MapGet("/{id}/content", ContentAsync).WithName("OpenMessageAudio")
            .Produces<byte[]>(StatusCodes.Status200OK, Wav, Mp3).Produces<byte[]>(StatusCodes.Status206PartialContent, Wav, Mp3)
            .WithSummary("A recording's bytes; takes Range.");
        audio.MapDelete("/{id}", (Call call, Guid id) => call.DoAsync(new RemoveMessageAudio(id))).Command("RemoveMessageAudio").NeedsVersion()
            .WithSummary("Throws a recording away. If-Match is the version of the list; 409 names the messages that play it.");
    }

    private static async Task<IResult> UploadAsync(Call call, [FromQuery] string? name)
    {
        using var content = new MemoryStream();
        await call.Http.Request.Body.CopyToAsync(content, call.Http.RequestAborted);
        return await call.CreateAsync(new UploadMessageAudio(name ?? string.Empty, content.ToArray()), "/v1/settings/messages/audio");
    }

    private static async Task<IResult> ContentAsync(Call call, Guid id)
    {
        var answer = await call.SendAsync(new OpenMessageAudio(id));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        // The id follows from the bytes.
        return Results.Bytes(
            answer.Value.Content, answer.Value.Audio.Format == AudioFormat.Wav ? Wav : Mp3, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{id}\""));
    }

    private static OpenApiRequestBody AudioBody() => new()
    {
        Required = true,
        Content = new[] { Wav, Mp3 }.ToDictionary(
            type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }, StringComparer.Ordinal),
    };
}

/// <summary>What a message says: exactly one of the two.</summary>
/// <param name="Text">1 to 1,000 characters, spoken or sent.</param>
/// <param name="AudioId">An uploaded recording.</param>
public sealed record CenterMessageBody(string? Text = null, Guid? AudioId = null);

/// <summary>All messages.</summary>
/// <param name="Items">By key, then by language.</param>
public sealed record MessageList(IReadOnlyList<CenterMessage> Items);

/// <summary>All recordings.</summary>
/// <param name="Items">By name.</param>
public sealed record AudioList(IReadOnlyList<AudioCard> Items);

/// <summary>A recording that messages may play.</summary>
/// <param name="AudioId">Follows from its bytes: the same in every center.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Format">How it is encoded.</param>
/// <param name="Length">In bytes.</param>
/// <param name="DurationSeconds">How long it plays.</param>
public sealed record AudioCard(Guid AudioId, string Name, AudioFormat Format, long Length, double DurationSeconds)
{
    internal static AudioCard Of(MessageAudio audio) => new(audio.AudioId, audio.Name, audio.Format, audio.Length, audio.DurationSeconds);
}
