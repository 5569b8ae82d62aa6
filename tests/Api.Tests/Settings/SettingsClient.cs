using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>The settings as a person at a screen changes them: look, then write over what was looked at.</summary>
internal static class SettingsClient
{
    private const string Base = "/v1/settings/";

    public static object Office { get; } = Hours("09:00", "17:00");

    public static object Hours(string opens, string closes, string timeZone = "Etc/UTC")
    {
        var day = new[] { new { opens, closes } };
        return new { timeZone, weekly = new { monday = day, tuesday = day, wednesday = day, thursday = day, friday = day } };
    }

    public static async Task<JsonElement> LookAsync(this HttpClient client, string page)
    {
        using var answer = await client.GetAsync(Base + page);
        return await answer.JsonAsync();
    }

    public static async Task<long> VersionAsync(this HttpClient client, string page)
    {
        using var answer = await client.GetAsync(Base + page);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return long.Parse(answer.Headers.ETag!.Tag.Trim('"'), CultureInfo.InvariantCulture);
    }

    public static Task<HttpResponseMessage> WriteAsync(this HttpClient client, string page, object? body, long? ifMatch, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Put, Base + page) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return client.SendAsync(request);
    }

    /// <summary>Looks, then writes; the answer, whatever it is.</summary>
    public static async Task<HttpResponseMessage> TryAsync(this HttpClient client, string page, object body) =>
        await client.WriteAsync(page, body, await client.VersionAsync(page));

    public static async Task SetAsync(this HttpClient client, string page, object body)
    {
        using var answer = await client.TryAsync(page, body);
        await answer.JsonAsync();
    }

    public static async Task<HttpResponseMessage> TrySayAsync(this HttpClient client, string key, string language, object? body) =>
        await client.WriteAsync($"messages/{key}/{language}", body, await client.VersionAsync("messages"), body is null ? HttpMethod.Delete : HttpMethod.Put);

    public static async Task SayAsync(this HttpClient client, string key, string language, object? body)
    {
        using var answer = await client.TrySayAsync(key, language, body);
        await answer.JsonAsync();
    }

    public static object Center(string[] languages, string? email = null, string timeZone = "Etc/UTC", string name = "Example") =>
        new { name, timeZone, languages, defaultLanguage = languages[0], email };

    public static async Task<JsonObject> ExportAsync(this HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(Base + "export"))!.AsObject();

    /// <summary>The places that a refusal names.</summary>
    public static string[] Places(this JsonElement problem) => [.. problem.GetProperty("errors").EnumerateObject().Select(e => e.Name)];
}
