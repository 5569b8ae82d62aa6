using System.Text.Json;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Grpc;

[Collection(ApiTests.Name)]
public sealed class EventFeedTests(TestApi api) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);

    [Fact]
    public async Task Events_come_in_order_and_go_on_after_the_last_one_seen_without_a_gap_or_a_double()
    {
        using var key = await api.KeyAsync(Permissions.EventsRead);
        var queue = await api.QueueAsync();
        var (chat, consumer) = await api.SessionAsync(queue);
        (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(consumer, $"/v1/sessions/{chat}/messages", new { text = "a secret" })).EnsureSuccessStatusCode();
        var whole = await ReadAsync(key, 0, 12);
        var parts = await ReadAsync(key, 0, 5);
        parts.AddRange(await ReadAsync(key, parts[^1].Position, 7));
        parts.ShouldBe(whole);
        whole.Select(e => e.Position).ShouldBe(whole.Select(e => e.Position).Order());
    }

    [Fact]
    public async Task Types_are_chosen_by_prefix_and_what_people_wrote_is_not_shown()
    {
        using var key = await api.KeyAsync(Permissions.EventsRead);
        var queue = await api.QueueAsync();
        var (chat, consumer) = await api.SessionAsync(queue);
        (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(consumer, $"/v1/sessions/{chat}/messages", new { text = "a secret" })).EnsureSuccessStatusCode();
        using var call = new EventFeed.EventFeedClient(PatientCalls.Of(channel)).Subscribe(
            new SubscribeRequest { TypePrefixes = { "session.message" } }, AdapterClient.Auth(AdapterClient.TokenOf(key)));
        Event found;
        do
        {
            (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
            found = call.ResponseStream.Current;
            found.Type.ShouldBe("session.message_sent.v1");
        }
        while (found.Stream != $"session-{chat}");
        found.Data.ShouldNotContain("a secret");
        using var data = JsonDocument.Parse(found.Data);
        data.RootElement.GetProperty("sessionId").GetGuid().ShouldBe(chat);
        found.Actor.ShouldStartWith("consumer:");
        found.Command.ShouldBe("SendConsumerMessage");
    }

    public void Dispose() => channel.Dispose();

    private async Task<List<Event>> ReadAsync(HttpClient key, long after, int count)
    {
        using var call = new EventFeed.EventFeedClient(PatientCalls.Of(channel)).Subscribe(new SubscribeRequest { After = after }, AdapterClient.Auth(AdapterClient.TokenOf(key)));
        List<Event> events = [];
        while (events.Count < count && await call.ResponseStream.MoveNext(CancellationToken.None))
            events.Add(call.ResponseStream.Current);
        return events;
    }
}
