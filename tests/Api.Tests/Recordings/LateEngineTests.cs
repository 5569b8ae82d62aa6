using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Listening;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Testing;
using ContactCenter.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using AudioFrame = ContactCenter.Application.Media.AudioFrame;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>
/// The media engine is told of a pause seconds after it was answered, as on a node with too much to do: not a sample of what is
/// said from the answer on is recorded, told by its frequency (REC-1, REC-3, REC-4).
/// </summary>
public sealed class LateEngineTests : IAsyncLifetime
{
    private const int Talk = 450;
    private const int Late = 3 * 50;

    // What is said after a pause, redaction, hold, a no, and the end.
    private static readonly int[] Unheard = [650, 750, 950, 1350, 1550];

    private readonly StillClock clock = new(TimeProvider.System.GetUtcNow().AddHours(-1));
    private readonly string voices = Directory.CreateTempSubdirectory("contactcenter-voices-").FullName;
    private LateEngine engine = null!;
    private CountedBacklog backlog = null!;
    private TestApi api = null!;

    public async Task InitializeAsync()
    {
        api = new TestApi($"--CONTACTCENTER_VOICES={voices}")
        {
            Change = services =>
            {
                clock.Stop(services);
                services.AddSingleton<IMediaEngine>(s => engine = new LateEngine(s.GetRequiredService<SimulatedMediaEngine>()));
                services.AddSingleton<IMediaBacklog>(s => backlog = new CountedBacklog(s.GetRequiredService<OutboxStore>()));
            },
        };
        await api.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        Directory.Delete(voices, recursive: true);
    }

    [Fact]
    public async Task Not_a_sample_of_what_is_said_after_the_answer_is_recorded_however_late_the_engine_is_told()
    {
        Tones.Write(Path.Combine(voices, "consumer.wav"), Unheard.SelectMany(hz => new[] { (Talk, 75), (hz, Late) }));
        Tones.Write(Path.Combine(voices, "ann.wav"), [(0, 1)]);
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await NotASampleTests.QueueAsync(api, annId);
        using var asked = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "web",
            queueId = queue,
            voice = "consumer.wav",
            consumer = new { kind = "phone", identity = "+4930999123" },
        });
        var call = (await asked.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await using var adapter = await AdapterClient.SignInAsync(api, ann);
        await DoAsync(ann, HttpMethod.Put, $"/v1/agents/{annId}/forwarding", new { phoneNumber = "+4930123456", voice = "ann.wav" });
        await adapter.AcceptAsync(call);
        await adapter.StatusAsync(call, SessionStatus.Connected);
        await QuietAsync();

        await LateAsync(() => DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/pause"));
        await DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/resume");
        await LateAsync(() => DoAsync(ann, HttpMethod.Post, $"/v1/sessions/{call}/recording/redaction"));
        await DoAsync(ann, HttpMethod.Delete, $"/v1/sessions/{call}/recording/redaction");
        await LateAsync(() => adapter.DoAsync(new() { Hold = new() { SessionId = call.ToString() } }));
        await adapter.DoAsync(new() { ResumeFromHold = new() { SessionId = call.ToString() } });
        await LateAsync(() => ConsentAsync(call, "denied"));
        await ConsentAsync(call, "granted");
        await LateAsync(() => DoAsync(api.Admin, HttpMethod.Post, $"/v1/sessions/{call}/leave"));

        var wav = await RecordingAsync(call);
        Tones.Loudest(wav, Talk).ShouldBeGreaterThan(5000);
        foreach (var hz in Unheard)
            Tones.Loudest(wav, hz).ShouldBeLessThan(2, $"{hz} Hz");

        var segments = (await GetAsync($"/v1/recordings/{RecordingId.Of(call)}")).GetProperty("manifest").EnumerateArray()
            .Where(s => s.GetProperty("segment").ValueKind == JsonValueKind.Number).ToList();
        segments.Select(s => s.GetProperty("recordedSeconds").GetDouble()).ShouldBe(Enumerable.Repeat(1.5, Unheard.Length));
        segments.ShouldAllBe(s => (s.GetProperty("to").GetDateTimeOffset() - s.GetProperty("from").GetDateTimeOffset()).TotalSeconds == 1.5);
    }

    /// <summary>They talk for a while; something is done and answered, and the engine hears of it three seconds later.</summary>
    private async Task LateAsync(Func<Task> act)
    {
        await QuietAsync();
        Tick(75);
        engine.Hold();
        await act();
        Tick(Late);
        await backlog.LookedAsync();
        engine.GoOn();
        await QuietAsync();
    }

    private Task ConsentAsync(Guid call, string consent) => DoAsync(api.Admin, HttpMethod.Put, $"/v1/sessions/{call}/recording/consent", new { consent });

    private void Tick(int frames)
    {
        for (; frames > 0; frames--)
        {
            clock.Advance(0.02);
            api.Get<SimulatedMediaEngine>().Tick();
        }
    }

    private Task QuietAsync() => Eventually.TrueAsync(async () =>
    {
        await using var command = api.Get<NpgsqlDataSource>().CreateCommand("select count(*) from outbox where lane = 'media'");
        return (long)(await command.ExecuteScalarAsync())! == 0;
    });

    private static async Task DoAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        await answer.JsonAsync();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }

    private async Task<byte[]> RecordingAsync(Guid call)
    {
        JsonElement ticket = default;
        await Eventually.TrueAsync(
            async () =>
            {
                // Nobody speaks any more: time goes on for the scheduler.
                clock.Advance(1);
                ticket = await GetAsync($"/v1/sessions/{call}/ticket");
                return ticket.GetProperty("attachments").GetArrayLength() == 1;
            },
            TimeSpan.FromSeconds(60));
        var attachment = ticket.GetProperty("attachments")[0].GetProperty("id").GetString();
        return await api.Admin.GetByteArrayAsync($"/v1/tickets/{ticket.GetProperty("ticket").GetProperty("id").GetString()}/attachments/{attachment}/content");
    }

    /// <summary>Is told nothing while it is held.</summary>
    private sealed class LateEngine(IMediaEngine inner) : IMediaEngine
    {
        private volatile TaskCompletionSource? held;

        public string Name => inner.Name;

        public void Hold() => held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => held!.SetResult();

        public bool Knows(Guid sessionId) => inner.Knows(sessionId);

        public async Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken)
        {
            if (held is { } until)
                await until.Task.WaitAsync(cancellationToken);
            await inner.ExecuteAsync(command, cancellationToken);
        }

        public IAsyncEnumerable<AudioFrame> ListenAsync(Guid sessionId, CancellationToken cancellationToken) => inner.ListenAsync(sessionId, cancellationToken);
    }

    /// <summary>Counts who looks for ends.</summary>
    private sealed class CountedBacklog(IMediaBacklog inner) : IMediaBacklog
    {
        private int looks;

        /// <summary>Until somebody has looked from beginning to end.</summary>
        public Task LookedAsync()
        {
            var before = Volatile.Read(ref looks);
            return Eventually.TrueAsync(() => Volatile.Read(ref looks) > before + 1);
        }

        public Task<bool> HasAnyAsync(Guid sessionId, Guid recordingId, CancellationToken cancellationToken) => inner.HasAnyAsync(sessionId, recordingId, cancellationToken);

        public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> EndsAsync(CancellationToken cancellationToken)
        {
            var ends = await inner.EndsAsync(cancellationToken);
            Interlocked.Increment(ref looks);
            return ends;
        }
    }
}
