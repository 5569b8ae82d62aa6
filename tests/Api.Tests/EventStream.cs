using System.Text.Json;

namespace ContactCenter.Api.Tests;

/// <summary>Reads Server-Sent Events as a browser does.</summary>
public sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage answer;
    private readonly StreamReader reader;

    private EventStream(HttpResponseMessage answer, StreamReader reader) => (this.answer, this.reader) = (answer, reader);

    public static async Task<EventStream> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var opened = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        opened.EnsureSuccessStatusCode();
        opened.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventStream(opened, new StreamReader(await opened.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event that is no ping, or null at the end.</summary>
    public async Task<(string? Id, string Name, JsonElement Data)?> NextAsync(CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        string? id = null, name = null, data = null;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && data is not null)
            {
                if (name != "ping")
                    return (id, name!, JsonDocument.Parse(data).RootElement);
                (id, name, data) = (null, null, null);
            }
        }

        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
    }
}
