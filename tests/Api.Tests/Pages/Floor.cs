using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>A team with its manager, a queue, and an agent in it whose adapter is there.</summary>
internal sealed class Floor : IAsyncDisposable
{
    private readonly TestApi api;

    private Floor(TestApi api) => this.api = api;

    public Guid Team { get; private set; }

    public Guid Queue { get; private set; }

    public Guid AgentId { get; private set; }

    public HttpClient Manager { get; private set; } = null!;

    public HttpClient Agent { get; private set; } = null!;

    public AdapterClient Adapter { get; private set; } = null!;

    public static async Task<Floor> OpenAsync(TestApi api, int chats = 5)
    {
        var floor = new Floor(api);
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        floor.Team = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (_, floor.Manager) = await api.UserAsync([BuiltInRoles.Manager], [floor.Team]);
        (floor.AgentId, floor.Agent) = await api.UserAsync([BuiltInRoles.Agent], [floor.Team]);
        floor.Queue = await api.QueueAsync(members: [floor.AgentId], teamIds: [floor.Team]);
        await floor.HandlingAsync(new { offerTimeoutSeconds = 30, wrapUpSeconds = 0 });
        floor.Adapter = await AdapterClient.SignInAsync(api, floor.Agent, chats: chats);
        return floor;
    }

    /// <summary>Other rules for the queue.</summary>
    public async Task HandlingAsync(object rules)
    {
        using var looked = await api.Admin.GetAsync($"/v1/queues/{Queue}");
        using var set = await api.Admin.PutTaggedAsync($"/v1/queues/{Queue}/handling", looked.Headers.ETag!.Tag, rules);
        await set.JsonAsync();
    }

    /// <summary>A session with the agent.</summary>
    public async Task<(Guid Id, HttpClient Consumer)> ConnectedAsync(string kind = "chat")
    {
        var (id, consumer) = await api.SessionAsync(Queue, kind);
        var offer = await Adapter.AcceptAsync(id);
        if (kind == "call")
            await Adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await Adapter.StatusAsync(id, V1.SessionStatus.Connected);
        return (id, consumer);
    }

    /// <summary>A chat that waits since long ago, in a queue of nobody.</summary>
    public async Task<Guid> OldChatAsync(Guid queue, TimeSpan age)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (id, at) = (Guid.CreateVersion7(now), now - age);
        NewEvent[] events =
        [
            Of(new SessionRequested(id, SessionKind.Chat, Channel.Web, Guid.CreateVersion7(now), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, at)),
            Of(new SessionQueued(id, SessionKind.Chat, queue, ["Billing"], at)),
        ];
        var metadata = new EventMetadata(Guid.CreateVersion7(now), "Old", new Actor(ActorKind.System, "tests"), Source: null);
        await api.Get<IEventStore>().AppendAsync(new Append([new StreamWrite(Aggregates.Session.Stream(id), 0, events)], metadata), CancellationToken.None);
        return id;

        NewEvent Of(IDomainEvent happened) => new(Guid.CreateVersion7(now), happened);
    }

    public async ValueTask DisposeAsync() => await Adapter.DisposeAsync();
}

internal static class PageReading
{
    /// <summary>What a page shows now.</summary>
    public static async Task<List<JsonElement>> ItemsAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return [.. (await answer.JsonAsync()).GetProperty("items").EnumerateArray()];
    }

    public static Guid IdOf(this JsonElement row) => row.GetProperty("session").GetProperty("sessionId").GetGuid();

    /// <summary>Puts with the version looked at.</summary>
    public static Task<HttpResponseMessage> PutTaggedAsync(this HttpClient client, string path, string tag, object body) => client.SendTaggedAsync(HttpMethod.Put, path, tag, body);

    /// <summary>Sends with the version looked at.</summary>
    public static async Task<HttpResponseMessage> SendTaggedAsync(this HttpClient client, HttpMethod method, string path, string? tag, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await client.SendAsync(request);
    }
}
