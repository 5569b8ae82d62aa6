using System.Net;
using System.Net.Http.Json;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Tests;

[Collection(WatchingTests.Name)]
public sealed class LiveTests(TestApi api)
{
    [Fact]
    public async Task A_chat_resumed_over_100_dropped_connections_misses_and_doubles_nothing()
    {
        const int messages = 300;
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= messages; i++)
                (await consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = $"message {i}" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        });

        var (last, drops, seen) = ((string?)null, 0, new List<string>());
        while (seen.Count < messages)
        {
            using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream", last);
            // Dropped after 1 to 3 events, wherever that is.
            for (var takes = drops < 100 ? 1 + (drops % 3) : int.MaxValue; takes > 0 && seen.Count < messages; takes--)
            {
                var (eventId, name, data) = (await stream.NextAsync())!.Value;
                last = eventId;
                if (name == "snapshot")
                    seen.AddRange(data.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString()!));
                else if (name == "message")
                    seen.Add(data.GetProperty("text").GetString()!);
            }

            drops++;
        }

        await writing;
        drops.ShouldBeGreaterThan(100);
        seen.ShouldBe(Enumerable.Range(1, messages).Select(i => $"message {i}"));
    }

    [Fact]
    public async Task A_consumers_stream_ends_with_the_session_and_is_not_opened_again()
    {
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream");
        (await stream.NextAsync())!.Value.Data.GetProperty("session").GetProperty("status").GetString().ShouldBe("queued");
        (await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var end = (await stream.NextAsync())!.Value;
        end.Data.GetProperty("status").GetString().ShouldBe("ended");
        (await stream.NextAsync()).ShouldBeNull();

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/sessions/{id}/stream");
        again.Headers.Add("Last-Event-ID", end.Id);
        (await consumer.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_monitoring_page_is_a_snapshot_then_changes()
    {
        var queue = await api.QueueAsync();
        using var stream = await EventStream.OpenAsync(api.Admin, $"/v1/monitoring/chats/queued?queueId={queue}");
        var snapshot = (await stream.NextAsync())!.Value;
        snapshot.Name.ShouldBe("snapshot");
        snapshot.Data.GetProperty("items").GetArrayLength().ShouldBe(0);

        var (id, consumer) = await api.SessionAsync(queue);
        (await NextAsync(stream, "changed")).GetProperty("item").GetProperty("session").GetProperty("sessionId").GetGuid().ShouldBe(id);
        await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null);
        (await NextAsync(stream, "removed")).GetProperty("key").GetString().ShouldBe(id.ToString());
    }

    [Fact]
    public async Task The_event_feed_goes_on_after_the_position_given()
    {
        var page = await (await api.Admin.GetAsync("/v1/events?limit=1000")).JsonAsync();
        while (!page.GetProperty("atEnd").GetBoolean())
            page = await (await api.Admin.GetAsync($"/v1/events?limit=1000&after={page.GetProperty("position").GetString()}")).JsonAsync();
        using var stream = await EventStream.OpenAsync(api.Admin, $"/v1/events?after={page.GetProperty("position").GetString()}");
        var queue = await api.QueueAsync();
        for (var happened = await stream.NextAsync(); ; happened = await stream.NextAsync())
        {
            if (happened!.Value.Data.GetProperty("stream").GetString() == $"queue-{queue}")
                break;
        }
    }

    [Fact]
    public async Task A_stream_is_refused_like_a_list_to_whoever_may_not()
    {
        using var key = await api.KeyAsync(Permissions.SettingsRead);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/monitoring/chats/queued");
        request.Headers.Accept.ParseAdd("text/event-stream");
        await (await key.SendAsync(request)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    private static async Task<System.Text.Json.JsonElement> NextAsync(EventStream stream, string name)
    {
        while (true)
        {
            var happened = (await stream.NextAsync())!.Value;
            if (happened.Name == name)
                return happened.Data;
        }
    }
}
