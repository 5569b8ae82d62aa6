using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Listening;
using ContactCenter.Api.Tests.Voicemails;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Testing;
using ContactCenter.V1;
using Npgsql;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>
/// What must not be recorded is in no recording, told by its frequency: everybody says another tone in each stretch of a call
/// that goes its way by the product's own commands. The audio is ticked by hand, so that each tone is said in its stretch and in
/// no other; each is a whole number of periods of a frame, so that a single frame of it would stand out of exact silence.
/// </summary>
public sealed class NotASampleTests : IAsyncLifetime
{
    private const int Frames = 25;
    private const double Stretch = Frames * 0.02;
    private const string Number = "+4930123456";

    // What consumer, first agent, second agent and whoever is outside say where it is recorded, …
    private const int Consumer = 450;
    private const int Ann = 850;
    private const int Ben = 1650;
    private const int Outside = 1850;

    // … and where it is not: consumer, then agent.
    private static readonly (int Consumer, int Agent) Pause = (650, 1050);
    private static readonly (int Consumer, int Agent) Redaction = (750, 1150);
    private static readonly (int Consumer, int Agent) Hold = (950, 1250);
    private static readonly (int Consumer, int Agent) Consultation = (1350, 1450);
    private const int ConsultedBen = 1550;
    private const int Queue = 550;
    private const int QueueAgain = 1750;

    private readonly StillClock clock = new(TimeProvider.System.GetUtcNow().AddHours(-1));
    private readonly string voices = Directory.CreateTempSubdirectory("contactcenter-voices-").FullName;
    private readonly List<object> lines = [];
    private TestApi api = null!;

    public async Task InitializeAsync()
    {
        api = new TestApi($"--CONTACTCENTER_VOICES={voices}") { Change = clock.Stop };
        await api.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        Directory.Delete(voices, recursive: true);
    }

    [Fact]
    public async Task Not_a_sample_of_pause_redaction_hold_consultation_or_queue_is_in_the_recording_or_transcript_of_a_call()
    {
        Say("consumer.wav", Queue, Consumer, Pause.Consumer, Consumer, Redaction.Consumer, Consumer, Hold.Consumer, Consumer, Consultation.Consumer, Consumer,
            Consultation.Consumer, Consumer, QueueAgain, Consumer, Consumer);
        Say("ann.wav", Ann, Pause.Agent, Ann, Redaction.Agent, Ann, Hold.Agent, Ann, Consultation.Agent, Ann, Consultation.Agent);
        Say("ben.wav", ConsultedBen, Ben);
        var call = await LiveAsync();

        var wav = await RecordingAsync(call);
        foreach (var hz in new[] { Consumer, Ann, Ben, Outside })
            Tones.Loudest(wav, hz).ShouldBeGreaterThan(5000, $"{hz} Hz is what was to be recorded");
        int[] unheard =
        [
            Pause.Consumer, Pause.Agent, Redaction.Consumer, Redaction.Agent, Hold.Consumer, Hold.Agent, Consultation.Consumer, Consultation.Agent,
            ConsultedBen, Queue, QueueAgain, 300, 400, 250, 350,
        ];
        foreach (var hz in unheard)
            Tones.Loudest(wav, hz).ShouldBeLessThan(2, $"{hz} Hz");

        await api.MarkEndAsync();
        using var addOn = await api.KeyAsync(Permissions.TranscriptsWrite);
        (await addOn.PostAsJsonAsync($"/v1/sessions/{call}/transcript", new { lines })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var history = await api.Admin.GetAsync($"/v1/sessions/{call}/history");
        var written = (await history.JsonAsync()).EnumerateArray().Last(e => e.GetProperty("type").GetString() == "session.transcribed.v1").ToString();
        foreach (var word in new[] { "talk-1", "talk-2", "talk-3", "talk-4", "talk-5", "with-ben", "with-ann-again", "with-outside" })
            written.ShouldContain(word);
        foreach (var word in new[] { "in-queue", "in-pause", "in-redaction", "in-hold", "in-consultation", "queue-again" })
            written.ShouldNotContain(word);
    }

    [Fact]
    public async Task Not_a_sample_of_what_is_said_before_the_message_begins_is_in_it()
    {
        var (agentId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var mailbox = new Mailbox(api);
        var queue = await mailbox.QueueAsync("mobile", agentId);
        // Six letters of greeting, then the tone: what is said during them is said before the recording begins.
        const int spoken = (6 * 3) + 25;
        Tones.Write(Path.Combine(voices, "caller.wav"), [(Queue, spoken), (Consumer, 3 * Frames)]);
        var (call, _) = await CallAsync(queue, "caller.wav", "mobile", "voicemail");
        await QuietAsync();
        Tick(spoken);
        await mailbox.StandsAsync(call, "recording");
        await QuietAsync();
        Tick(2 * Frames);
        using (var left = await api.Admin.PostAsync($"/v1/sessions/{call}/leave", content: null))
            left.StatusCode.ShouldBe(HttpStatusCode.OK);
        await WhileTimePassesAsync(mailbox.ReadyAsync(call));

        var wav = await api.Admin.GetByteArrayAsync($"/v1/voicemails/{call}/content");
        Tones.Loudest(wav, Consumer).ShouldBeGreaterThan(5000);
        foreach (var hz in new[] { Queue, 300, 400, 700 })
            Tones.Loudest(wav, hz).ShouldBeLessThan(2, $"{hz} Hz");
    }

    /// <summary>One call, stretch by stretch.</summary>
    private async Task<Guid> LiveAsync()
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new
        {
            name = "Calls outside",
            grants = new[] { Permissions.SessionsHandle, Permissions.SessionsTransferOut }.Select(permission => new { permission, scope = "all" }),
        });
        var role = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (annId, ann) = await api.UserAsync([role]);
        var (benId, ben) = await api.UserAsync([role]);
        var (first, second) = (await QueueAsync(api, annId), await QueueAsync(api, annId));
        var (call, _) = await CallAsync(first, "consumer.wav");
        await SaysAsync("in-queue");

        await using var annAdapter = await AdapterClient.SignInAsync(api, ann);
        await using var benAdapter = await AdapterClient.SignInAsync(api, ben);
        await OnNumberAsync(ann, annId, "ann.wav");
        await OnNumberAsync(ben, benId, "ben.wav");
        await annAdapter.AcceptAsync(call);
        await annAdapter.StatusAsync(call, SessionStatus.Connected);
        await SaysAsync("talk-1");
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/pause");
        await SaysAsync("in-pause");
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/resume");
        await SaysAsync("talk-2");
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/redaction");
        await SaysAsync("in-redaction");
        await DoAsync(ann, HttpMethod.Delete, $"/v1/sessions/{call}/recording/redaction");
        await SaysAsync("talk-3");
        await annAdapter.DoAsync(new() { Hold = new() { SessionId = call.ToString() } });
        await SaysAsync("in-hold");
        await annAdapter.DoAsync(new() { ResumeFromHold = new() { SessionId = call.ToString() } });
        await SaysAsync("talk-4");

        await ConsultAsync(ann, annAdapter, benId, benAdapter, call);
        await SaysAsync("in-consultation");
        await DoAsync(ann, HttpMethod.Delete, $"/v1/sessions/{call}/consultation");
        await SaysAsync("talk-5");
        await ConsultAsync(ann, annAdapter, benId, benAdapter, call);
        await SaysAsync("in-consultation");
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/consultation/hand-over");
        await SaysAsync("with-ben");

        await benAdapter.DoAsync(new() { Transfer = new() { SessionId = call.ToString(), QueueId = second.ToString() } });
        // Whoever is asked has a while: what is said in the queue meanwhile is said before the offer is accepted.
        var again = await annAdapter.ToldAsync(c => c.Offer is { } o && o.SessionId == call.ToString() && o.QueueId == second.ToString());
        await SaysAsync("queue-again");
        await annAdapter.DoAsync(new() { AcceptOffer = new() { SessionId = again.Offer.SessionId, OfferId = again.Offer.OfferId } });
        await annAdapter.ToldAsync(c => c.SessionUpdate is { Status: SessionStatus.Connected } u && u.OfferId == again.Offer.OfferId);
        await SaysAsync("with-ann-again");
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/transfer-outside", new { phoneNumber = Number, voice = $"tone:{Outside}" });
        await StandsAsync(call, s => s.GetProperty("participants").EnumerateArray().Any(p => p.GetProperty("party").GetString() == "outside"));
        await SaysAsync("with-outside");
        await DoAsync(api.Admin, HttpMethod.Post, $"/v1/sessions/{call}/leave");
        await annAdapter.GoesOnFromEachAsync(api, annId);
        await benAdapter.GoesOnFromEachAsync(api, benId);
        return call;
    }

    private async Task ConsultAsync(HttpClient ann, AdapterClient annAdapter, Guid benId, AdapterClient benAdapter, Guid call)
    {
        var asked = benAdapter.Told.Count(c => c.Offer is not null);
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/consultation", new { agentId = benId });
        await Eventually.TrueAsync(() => benAdapter.Told.Count(c => c.Offer is not null) > asked);
        var offer = benAdapter.Told.Last(c => c.Offer is not null).Offer;
        offer.Consultation.State.ShouldBe("asked");
        await benAdapter.DoAsync(new() { AcceptOffer = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await annAdapter.ToldAsync(c => c.SessionUpdate?.Consultation is { State: "joined" } joined && joined.ConsultationId == offer.OfferId);
    }

    /// <summary>Everybody says what they say in this stretch, and an add-on would write it down.</summary>
    private async Task SaysAsync(string word)
    {
        await QuietAsync();
        var began = clock.GetUtcNow();
        Tick(Frames);
        lines.Add(new { from = "consumer", at = began.AddSeconds(0.1), until = began.AddSeconds(Stretch - 0.1), text = word });
    }

    private void Tick(int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            clock.Advance(0.02);
            api.Get<SimulatedMediaEngine>().Tick();
        }
    }

    /// <summary>The scheduler goes by the clock too: once nobody speaks any more it goes on by itself.</summary>
    private async Task WhileTimePassesAsync(Task awaited)
    {
        while (!awaited.IsCompleted)
        {
            clock.Advance(1);
            await Task.WhenAny(awaited, Task.Delay(100));
        }

        await awaited;
    }

    /// <summary>Until the audio is where the log says.</summary>
    private Task QuietAsync() => Eventually.TrueAsync(async () =>
    {
        await using var command = api.Get<NpgsqlDataSource>().CreateCommand("select count(*) from outbox where lane = 'media'");
        return (long)(await command.ExecuteScalarAsync())! == 0;
    });

    private void Say(string file, params int[] tones) => Tones.Write(Path.Combine(voices, file), tones.Select(hz => (hz, Frames)));

    /// <summary>A queue whose calls are connected as soon as they are taken, and over as soon as they end.</summary>
    internal static async Task<Guid> QueueAsync(TestApi api, Guid member)
    {
        var queue = await api.QueueAsync(members: [member]);
        foreach (var (what, body) in new (string, object)[] { ("whisper", new { whisperEnabled = false, countdown = false }), ("handling", new { offerTimeoutSeconds = 60, wrapUpSeconds = 0 }) })
        {
            using var looked = await api.Admin.GetAsync($"/v1/queues/{queue}");
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/queues/{queue}/{what}") { Content = JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("If-Match", looked.Headers.ETag!.Tag);
            using var set = await api.Admin.SendAsync(request);
            await set.JsonAsync();
        }

        return queue;
    }

    private async Task<(Guid Call, string Token)> CallAsync(Guid queueId, string voice, string channel = "web", string? deflection = null)
    {
        using var asked = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel,
            queueId,
            deflection,
            voice,
            consumer = new { kind = "phone", identity = "+4930999" + Random.Shared.Next(1000, 9999) },
        });
        var started = await asked.JsonAsync(HttpStatusCode.Created);
        return (started.GetProperty("id").GetGuid(), started.GetProperty("sessionToken").GetString()!);
    }

    private async Task OnNumberAsync(HttpClient agent, Guid agentId, string voice)
    {
        await DoAsync(agent, HttpMethod.Put, $"/v1/agents/{agentId}/forwarding", new { phoneNumber = Number, voice });
        using var looked = await agent.GetAsync($"/v1/agents/{agentId}");
        (await looked.JsonAsync()).GetProperty("forwarding").GetString().ShouldBe("…56");
    }

    private static async Task DoAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        await answer.JsonAsync();
    }

    private Task StandsAsync(Guid call, Func<JsonElement, bool> isSo) => Eventually.TrueAsync(async () =>
    {
        using var answer = await api.Admin.GetAsync($"/v1/sessions/{call}");
        return isSo(await answer.JsonAsync());
    });

    private async Task<byte[]> RecordingAsync(Guid call)
    {
        JsonElement ticket = default;
        await WhileTimePassesAsync(Eventually.TrueAsync(
            async () =>
            {
                using var answer = await api.Admin.GetAsync($"/v1/sessions/{call}/ticket");
                ticket = await answer.JsonAsync();
                return ticket.GetProperty("attachments").GetArrayLength() == 1;
            },
            TimeSpan.FromSeconds(60)));
        var attachment = ticket.GetProperty("attachments")[0].GetProperty("id").GetString();
        return await api.Admin.GetByteArrayAsync($"/v1/tickets/{ticket.GetProperty("ticket").GetProperty("id").GetString()}/attachments/{attachment}/content");
    }
}
