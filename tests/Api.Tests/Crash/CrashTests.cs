using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Voicemails;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Npgsql;

namespace ContactCenter.Api.Tests.Crash;

/// <summary>The service and its database are killed under load, from outside, and come back as the same contact center.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private PostgresCluster cluster = null!;
    private ApiProcess process = null!;
    private TestApi api = null!;

    public async Task InitializeAsync()
    {
        cluster = await PostgresCluster.StartAsync();
        process = new ApiProcess(cluster.ConnectionString());
        await process.StartAsync();
        api = await TestApi.AtAsync(process.Rest, process.Grpc);
    }

    public async Task DisposeAsync()
    {
        await process.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task After_kill_9_of_the_service_under_load_all_is_there_once_lost_calls_end_and_chats_go_on()
    {
        await using var floor = await Floor.OpenAsync(api);
        await using var callers = floor.Load();
        var mailbox = new Mailbox(api, process.Recordings);
        var box = await mailbox.QueueAsync("mobile", (await api.UserAsync([BuiltInRoles.Agent])).Id);
        var (message, _) = await mailbox.CallAsync(box, "mobile");
        await mailbox.SpeakAsync(message);
        var (unspoken, _) = await mailbox.CallAsync(box, "mobile");
        // What is still to be placed would be placed by the next engine, and goes on there.
        await Eventually.TrueAsync(async () => (await ColumnAsync($"select kind from outbox where lane = 'media' and key = '{unspoken}'")).Count == 0, Soon);
        await UnderLoadAsync(callers);

        await process.KillAsync();
        await Eventually.TrueAsync(() => callers.Failures > 0);
        await process.StartAsync();

        await using var resumed = await AdapterClient.ResumeAsync(api, floor.CallAgent, floor.LastTold);
        var told = await resumed.StatusAsync(floor.Call, SessionStatus.Ended);
        told.SessionUpdate.EndReason.ShouldBe("media_lost");
        await resumed.ToldAsync(c => c.WrapUpStarted is not null);
        await EndedAsLostAsync(floor.WaitingCall);
        await EndedAsLostAsync(message);
        (await mailbox.StandsAsync(message, "unread")).GetProperty("seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(1);
        await mailbox.ReadyAsync(message);
        await EndedAsLostAsync(unspoken);
        await GoesOnAsync(callers);
        callers.Resumed.ShouldBeGreaterThan(0);

        await UploadedAndPurgedAsync(floor.Call);
        await callers.StopAsync();
        await ShouldAllBeThereOnceAsync(callers);
        await resumed.DoAsync(new() { WrapUp = new() { SessionId = $"{floor.Call}", Disposition = "lost" } });
        await resumed.AcceptAsync((await floor.CallAsync()).Id);
    }

    [Fact]
    public async Task After_kill_9_of_PostgreSQL_under_load_all_is_there_once_and_calls_chats_and_agents_are_still_there()
    {
        await using var floor = await Floor.OpenAsync(api);
        await using var callers = floor.Load();
        await UnderLoadAsync(callers);

        await cluster.KillServerAsync();
        await Eventually.TrueAsync(() => callers.Failures > 0);
        await cluster.StartServerAsync();

        await GoesOnAsync(callers);
        await Eventually.TrueAsync(async () => await StatusAsync(floor.Call) == "connected", Soon);
        (await StatusAsync(floor.WaitingCall)).ShouldBe("queued");
        await Eventually.TrueAsync(async () => (await floor.Caller.PostAsync($"/v1/sessions/{floor.Call}/leave", content: null)).IsSuccessStatusCode, Soon);
        await UploadedAndPurgedAsync(floor.Call);
        await callers.StopAsync();
        await ShouldAllBeThereOnceAsync(callers);
        (await ColumnAsync("select stream from events where type = 'agent.signed_out.v2'")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("recording.stopped.v1")]
    [InlineData("recording.ready.v1")]
    [InlineData("recording.part_attached.v1")]
    public async Task After_kill_9_on_the_way_to_the_CRM_a_recording_is_in_its_ticket_once_and_gone_from_here(string lastTold)
    {
        await using var floor = await Floor.OpenAsync(api);
        await Eventually.TrueAsync(() => StoredBytes() > 40_000, Soon);
        using var left = await floor.Caller.PostAsync($"/v1/sessions/{floor.Call}/leave", content: null);
        left.IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.TrueAsync(async () => (await RecordedAsync(RecordingId.Of(floor.Call), lastTold)).Length > 0, Soon);
        await process.KillAsync();
        await process.StartAsync();

        await UploadedAndPurgedAsync(floor.Call);
        (await ColumnAsync("select file_name from crm_attachments where confirmed_at is not null")).ShouldHaveSingleItem();
        (await ColumnAsync("select type from events where type in ('recording.part_attached.v1', 'recording.upload_confirmed.v1', 'recording.purged.v1') order by position"))
            .ShouldBe(["recording.part_attached.v1", "recording.upload_confirmed.v1", "recording.purged.v1"]);
    }

    /// <summary>Two seconds of the call are in storage, and then any moment is as good as another.</summary>
    private async Task UnderLoadAsync(Callers callers)
    {
        await Eventually.TrueAsync(() => StoredBytes() > 40_000 && callers.Messages.Count > 100 && callers.AgentMessages.Count > 10, Soon);
        await Task.Delay(Random.Shared.Next(500));
    }

    private long StoredBytes() => Directory.Exists(process.Recordings)
        ? new DirectoryInfo(process.Recordings).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)
        : 0;

    private static async Task GoesOnAsync(Callers callers)
    {
        var (messages, replies, sessions) = (callers.Messages.Count, callers.AgentMessages.Count, callers.Sessions.Count);
        await Eventually.TrueAsync(
            () => callers.Messages.Count > messages + 50 && callers.AgentMessages.Count > replies + 5 && callers.Sessions.Count > sessions + 5, Soon);
    }

    private async Task EndedAsLostAsync(Guid call)
    {
        await Eventually.TrueAsync(async () => await StatusAsync(call) == "ended", Soon);
        (await api.Admin.GetFromJsonAsync<JsonElement>($"/v1/sessions/{call}")).ToString().ShouldContain("media_lost");
    }

    private async Task<string?> StatusAsync(Guid session)
    {
        using var answer = await api.Admin.GetAsync($"/v1/sessions/{session}");
        return answer.IsSuccessStatusCode ? (await answer.JsonAsync()).GetProperty("status").GetString() : null;
    }

    private async Task UploadedAndPurgedAsync(Guid call)
    {
        var recording = RecordingId.Of(call);
        await Eventually.TrueAsync(async () => (await RecordedAsync(recording, "recording.purged.v1")).Contains("confirmed"), Soon);
        using var ready = JsonDocument.Parse(await RecordedAsync(recording, "recording.ready.v1"));
        ready.RootElement.GetProperty("recordedSeconds").GetDouble().ShouldBeGreaterThan(1);
        (await RecordedAsync(recording, "recording.part_attached.v1")).ShouldNotBeEmpty();
        await Eventually.TrueAsync(() => StoredBytes() == 0, Soon, "nothing in storage");
    }

    private async Task<string> RecordedAsync(Guid recording, string type) => string.Concat(
        await ColumnAsync($"select data::text from events where type = '{type}' and data->>'recordingId' = '{recording}' limit 1"));

    private async Task ShouldAllBeThereOnceAsync(Callers callers)
    {
        var messages = await ColumnAsync("select data->>'messageId' from events where type = 'session.message_sent.v1'");
        var sessions = await ColumnAsync("select data->>'sessionId' from events where type = 'session.requested.v2'");
        messages.Distinct().Count().ShouldBe(messages.Count);
        sessions.Distinct().Count().ShouldBe(sessions.Count);
        callers.Messages.Concat(callers.AgentMessages).Select(id => $"{id}").Except(messages).ShouldBeEmpty();
        callers.Sessions.Select(id => $"{id}").Except(sessions).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> ColumnAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> all = [];
        while (await reader.ReadAsync())
            all.Add(reader.GetString(0));
        return all;
    }

    /// <summary>One agent in a recorded call while another call waits, one agent in chats, and a queue that nobody answers.</summary>
    private sealed class Floor : IAsyncDisposable
    {
        private const int Chats = 3;
        private readonly List<(Guid Id, HttpClient Consumer)> chats = [];
        private TestApi api = null!;
        private AdapterClient callAdapter = null!;
        private AdapterClient chatAdapter = null!;
        private HttpClient chatAgent = null!;
        private Guid queue;
        private Guid idleQueue;

        public Guid Call { get; private set; }

        public HttpClient Caller { get; private set; } = null!;

        public Guid WaitingCall { get; private set; }

        public HttpClient CallAgent { get; private set; } = null!;

        public long LastTold => callAdapter.Told.Max(c => c.Sequence);

        public static async Task<Floor> OpenAsync(TestApi api)
        {
            var floor = new Floor { api = api };
            (var caller, floor.CallAgent) = await api.UserAsync([BuiltInRoles.Agent]);
            (var writer, floor.chatAgent) = await api.UserAsync([BuiltInRoles.Agent]);
            floor.queue = await api.QueueAsync(members: [caller]);
            var chatQueue = await api.QueueAsync(members: [writer]);
            floor.idleQueue = await api.QueueAsync();
            floor.callAdapter = await AdapterClient.SignInAsync(api, floor.CallAgent, chats: 0);
            floor.chatAdapter = await AdapterClient.SignInAsync(api, floor.chatAgent, calls: 0, chats: Chats);
            (floor.Call, floor.Caller) = await floor.CallAsync();
            var offer = await floor.callAdapter.AcceptAsync(floor.Call);
            await floor.callAdapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
            await floor.callAdapter.StatusAsync(floor.Call, SessionStatus.Connected);
            (floor.WaitingCall, _) = await floor.CallAsync();
            for (var i = 0; i < Chats; i++)
            {
                var chat = await api.SessionAsync(chatQueue);
                await floor.chatAdapter.AcceptAsync(chat.Id);
                floor.chats.Add(chat);
            }

            return floor;
        }

        public async Task<(Guid Id, HttpClient Consumer)> CallAsync()
        {
            var visitor = $"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
            using var answer = await api.Admin.PostAsJsonAsync(
                "/v1/sessions", new { kind = "call", channel = "web", queueId = queue, consent = "granted", consumer = new { kind = "visitor", identity = visitor } });
            var started = await answer.JsonAsync(System.Net.HttpStatusCode.Created);
            return (started.GetProperty("id").GetGuid(), api.Client(started.GetProperty("sessionToken").GetString()));
        }

        public Callers Load()
        {
            var callers = new Callers();
            foreach (var (id, consumer) in chats)
                callers.Write(consumer, id);
            callers.Write(api, chatAgent, chatAdapter, chats[0].Id);
            callers.Ask(api.Admin, idleQueue);
            return callers;
        }

        public async ValueTask DisposeAsync()
        {
            await callAdapter.DisposeAsync();
        }
    }
}
