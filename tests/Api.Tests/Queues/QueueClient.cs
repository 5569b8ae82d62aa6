using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Queues;

/// <summary>Queues as a person at a screen edits them, looking first, and sessions as consumers bring them there.</summary>
internal static class QueueClient
{
    /// <summary>No weekday has hours.</summary>
    public static object Closed { get; } = new { timeZone = "Europe/Berlin" };

    public static async Task<JsonElement> ReadAsync(this TestApi api, string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }

    /// <summary>The version of what is at a path, as an edit must name it.</summary>
    public static async Task<long> VersionAsync(this TestApi api, string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return long.Parse(answer.Headers.ETag!.Tag.Trim('"'), CultureInfo.InvariantCulture);
    }

    public static Task<HttpResponseMessage> SendWithAsync(this HttpClient client, HttpMethod method, string path, long? version, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (version is { } looked)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{looked}\"");
        return client.SendAsync(request);
    }

    /// <summary>Changes one part of a queue, which must come through.</summary>
    public static async Task EditAsync(this TestApi api, Guid queueId, string part, object? body, HttpMethod? method = null)
    {
        using var answer = await api.TryEditAsync(method ?? HttpMethod.Put, queueId, part, body);
        await answer.JsonAsync();
    }

    /// <summary>Changes one part of a queue, or the queue; the answer, whatever it is.</summary>
    public static async Task<HttpResponseMessage> TryEditAsync(
        this TestApi api, HttpMethod method, Guid queueId, string part = "", object? body = null, long? version = null) =>
        await api.Admin.SendWithAsync(method, $"/v1/queues/{queueId}/{part}".TrimEnd('/'), version ?? await api.VersionAsync($"/v1/queues/{queueId}"), body);

    /// <summary>A queue that is never open.</summary>
    public static async Task<Guid> ClosedAsync(this TestApi api, string channel, object? deflection = null)
    {
        var queue = await api.QueueAsync(channel);
        await api.EditAsync(queue, "hours", Closed);
        if (deflection is not null)
            await api.EditAsync(queue, "deflection", deflection);
        return queue;
    }

    /// <summary>What a consumer asks for, with what was chosen of the offers after hours.</summary>
    public static object Request(Guid queueId, string kind, string channel, string? deflection = null) => new
    {
        kind,
        channel,
        queueId,
        deflection,
        consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
    };

    public static async Task<Guid> StartAsync(this TestApi api, Guid queueId, string kind, string channel)
    {
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", Request(queueId, kind, channel));
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    /// <summary>The session once it has ended.</summary>
    public static async Task<JsonElement> EndedAsync(this TestApi api, Guid sessionId)
    {
        JsonElement session = default;
        await Eventually.TrueAsync(
            async () => (session = await api.ReadAsync($"/v1/sessions/{sessionId}")).GetProperty("status").GetString() == "ended", TimeSpan.FromSeconds(60));
        return session;
    }
}
