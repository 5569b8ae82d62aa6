using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ContactCenter.Demo;

/// <summary>A REST client as anybody would write one.</summary>
internal sealed class RestClient(Uri address, string? token = null) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    public RestClient As(string bearer) => new(address, bearer);

    public Task<JsonNode> PostAsync(string path, object body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, body, ifMatch: null, ct);

    public Task<JsonNode> PutAsync(string path, object? body, string? ifMatch, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, path, body, ifMatch, ct);

    public Task<JsonNode> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, body: null, ifMatch: null, ct);

    /// <summary>Posts what is to be refused, and gives the problem.</summary>
    public async Task<JsonNode> RefusedAsync(string path, object body, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode
            ? throw new DemoException($"POST {path} should have been refused: {text}")
            : JsonNode.Parse(text) ?? throw new DemoException($"The refusal of POST {path} says nothing.");
    }

    /// <summary>What <c>If-Match</c> wants to hear.</summary>
    public async Task<string> TagAsync(string path, CancellationToken ct)
    {
        using var response = await http.SendAsync(Request(HttpMethod.Get, path), ct);
        return response.Headers.ETag?.ToString() ?? throw new DemoException($"GET {path} has no ETag.");
    }

    public async Task<byte[]> DownloadAsync(string path, CancellationToken ct)
    {
        using var response = await http.SendAsync(Request(HttpMethod.Get, path), ct);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsByteArrayAsync(ct)
            : throw new DemoException($"GET {path} answered {(int)response.StatusCode}.");
    }

    public async Task<bool> AnswersAsync(string path, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Follows a list as server-sent events: each as its name and data.</summary>
    public async IAsyncEnumerable<(string Event, JsonNode Data)> WatchAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
            throw new DemoException($"Watching {path} answered {(int)response.StatusCode}.");
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync(ct))
        {
            if (JsonNode.Parse(item.Data.Length == 0 ? "{}" : item.Data) is { } data)
                yield return (item.EventType, data);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, string? ifMatch, CancellationToken ct)
    {
        using var request = Request(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode)
            throw new DemoException($"{method} {path} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text.Length == 0 ? "{}" : text) ?? new JsonObject();
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}
