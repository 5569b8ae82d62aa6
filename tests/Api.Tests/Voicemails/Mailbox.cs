using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Application.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Voicemails;

/// <summary>Closed queues that take messages, callers who leave one, and what is heard of it.</summary>
internal sealed class Mailbox(TestApi api, string? recordings = null)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly object Greeting = new[] { new { language = "en", message = new { text = "Speak." } } };

    /// <summary>A queue that is always closed and takes messages.</summary>
    public Task<Guid> QueueAsync(string channel, params Guid[] members) => QueueAsync(channel, members, teamIds: []);

    /// <summary>The same, of a team.</summary>
    public async Task<Guid> QueueAsync(string channel, Guid[] members, Guid[] teamIds)
    {
        var queue = await api.QueueAsync(channel, members, teamIds);
        if (channel != "ivr")
        {
            await WordAsync("voicemail_greeting", "Speak.");
            await WordsAsync();
        }

        await EditAsync($"/v1/queues/{queue}/hours", $"/v1/queues/{queue}", new { timeZone = "Europe/Berlin" });
        await EditAsync($"/v1/queues/{queue}/deflection", $"/v1/queues/{queue}", channel == "ivr"
            ? new { ivr = new { option = "voicemail", greeting = Greeting } }
            : new { mobile = new { options = new { voicemail = true } } });
        return queue;
    }

    /// <summary>A queue of the telephone menu that is open never, and sends its callers on to another that takes messages.</summary>
    public async Task<Guid> SendsOnAsync(Guid to, params Guid[] members)
    {
        var queue = await api.QueueAsync("ivr", members);
        var night = await api.QueueAsync("ivr");
        await EditAsync($"/v1/queues/{queue}/hours", $"/v1/queues/{queue}", new { timeZone = "Europe/Berlin" });
        await EditAsync($"/v1/queues/{to}/hours", $"/v1/queues/{to}", new { timeZone = "Europe/Berlin", open24Hours = true });
        await EditAsync($"/v1/queues/{queue}/deflection", $"/v1/queues/{queue}", new { ivr = new { option = "queue", queueId = to } });
        await EditAsync($"/v1/queues/{to}/hours", $"/v1/queues/{to}", new { timeZone = "Europe/Berlin" });
        return queue;
    }

    /// <summary>The center's words that ask for a number.</summary>
    public async Task WordsAsync()
    {
        foreach (var (key, text) in new[] { ("voicemail_number_blocked", "Hidden."), ("voicemail_ask_number", "Key in."), ("voicemail_number_entered", "Thanks.") })
            await WordAsync(key, text);
    }

    private Task WordAsync(string key, string text) => EditAsync($"/v1/settings/messages/{key}/en", "/v1/settings/messages", new { text });

    /// <summary>Somebody calls to leave a message.</summary>
    public async Task<(Guid Id, HttpClient Caller)> CallAsync(Guid queueId, string channel, bool hidden = false)
    {
        using var answer = await AskAsync(queueId, channel, hidden);
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        return (started.GetProperty("id").GetGuid(), api.Client(started.GetProperty("sessionToken").GetString()));
    }

    /// <summary>The same, whatever the answer is.</summary>
    public Task<HttpResponseMessage> AskAsync(Guid queueId, string channel, bool hidden = false, string consent = "not_asked") => api.Admin.PostAsJsonAsync("/v1/sessions", new
    {
        kind = "call",
        channel,
        queueId,
        deflection = channel == "mobile" ? "voicemail" : null,
        consent,
        consumer = hidden
            ? new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() }
            : new { kind = "phone", identity = BookingClient.AnyNumber() },
    });

    /// <summary>Waits until it stands so.</summary>
    public async Task<JsonElement> StandsAsync(Guid id, string status)
    {
        JsonElement voicemail = default;
        await Eventually.TrueAsync(async () => (voicemail = await GetAsync($"/v1/voicemails/{id}")).GetProperty("status").GetString() == status, Soon, status);
        return voicemail;
    }

    /// <summary>Leaves a message of about a second, and waits until it can be played.</summary>
    public async Task<Guid> LeaveAsync(Guid queueId, string channel = "mobile")
    {
        var (id, caller) = await CallAsync(queueId, channel);
        await SpeakAsync(id);
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ReadyAsync(id);
        return id;
    }

    /// <summary>Waits until a second of it is on the disk.</summary>
    public async Task SpeakAsync(Guid id)
    {
        await StandsAsync(id, "recording");
        await Eventually.TrueAsync(() => StoredBytes(id) > PhoneAudio.BytesPerSecond, Soon, "a second of the message");
    }

    /// <summary>What of it is on the disk.</summary>
    public long StoredBytes(Guid id)
    {
        var root = new DirectoryInfo(recordings ?? api.Recordings);
        return root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Directory!.Name == RecordingId.Of(id).ToString()).Sum(f => f.Length) : 0;
    }

    /// <summary>Waits until the ticket holds it.</summary>
    public Task ReadyAsync(Guid id) =>
        Eventually.TrueAsync(async () => (await GetAsync($"/v1/voicemails/{id}")).GetProperty("isReady").GetBoolean(), Soon);

    /// <summary>Waits until the list holds it, or holds it no more.</summary>
    public static Task ListsAsync(HttpClient client, string query, Guid id, bool holds = true) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await client.GetAsync($"/v1/voicemails?{query}");
            return (await answer.JsonAsync()).GetProperty("items").EnumerateArray().Any(v => v.GetProperty("voicemailId").GetGuid() == id) == holds;
        },
        Soon);

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }

    /// <summary>How loud a tone is in a WAV file, or in its last seconds.</summary>
    public static double Strength(byte[] wav, int hz, double? last = null)
    {
        using var file = new MemoryStream(wav);
        var samples = WavReader.Read(file).Samples;
        var turn = 2 * Math.Cos(2 * Math.PI * hz / 8000);
        var loudest = 0.0;
        for (var at = last is { } seconds ? samples.Length - (int)(seconds * 8000) : 0; at + 800 <= samples.Length; at += 800)
        {
            double now = 0, before = 0;
            foreach (var sample in samples.AsSpan(at, 800))
                (now, before) = (sample + (turn * now) - before, now);
            loudest = Math.Max(loudest, 2 * Math.Sqrt((now * now) + (before * before) - (turn * now * before)) / 800);
        }

        return loudest;
    }

    /// <summary>A change of settings, with the version looked at.</summary>
    public async Task EditAsync(string path, string looked, object body)
    {
        using var before = await api.Admin.GetAsync(looked);
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", before.Headers.ETag!.ToString());
        using var answer = await api.Admin.SendAsync(request);
        await answer.JsonAsync();
    }
}
