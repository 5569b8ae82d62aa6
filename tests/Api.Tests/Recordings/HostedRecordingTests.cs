using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Api.Tests.Voicemails;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>Recordings that stay here: who hears them, and how they go (REC-11, REC-12).</summary>
[Collection(ApiTests.Name)]
public sealed class HostedRecordingTests(TestApi api)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_call_is_kept_heard_by_its_people_and_deleted_for_good()
    {
        await using var hosting = await HostingAsync(isPublic: true);
        await using var floor = await Floor.OpenAsync(api);
        var (_, stranger) = await api.UserAsync([BuiltInRoles.Agent]);
        var (call, consumer) = await floor.ConnectedAsync("call");
        await SpokenAsync(call);
        (await consumer.PostAsync($"/v1/sessions/{call}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var recording = RecordingId.Of(call);
        await StandsAsync(recording, "kept");
        (await GetAsync($"/v1/recordings/{recording}")).GetProperty("purgeBy").ValueKind.ShouldBe(JsonValueKind.Null);

        // The agent by the recording, the consumer by the call; both the same, in pieces too.
        var wav = await (await floor.Agent.GetAsync($"/v1/recordings/{recording}/content")).Content.ReadAsByteArrayAsync();
        WavReader.Read(new MemoryStream(wav)).Samples.Length.ShouldBeGreaterThan(0);
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/v1/sessions/{call}/recording/content") { Headers = { Range = new RangeHeaderValue(100, 199) } };
        using var piece = await consumer.SendAsync(part);
        piece.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await piece.Content.ReadAsByteArrayAsync()).ShouldBe(wav[100..200]);
        await (await stranger.GetAsync($"/v1/recordings/{recording}/content")).ShouldRefuseAsync(HttpStatusCode.NotFound, "recording.not_found");
        (await TypesAsync(recording)).Count(t => t == "recording.played.v1").ShouldBe(2);
        await Eventually.TrueAsync(
            async () => (await api.Admin.GetStringAsync($"/v1/sessions/{call}/ticket")).Contains($"/v1/sessions/{call}/recording/content", StringComparison.Ordinal), Soon);

        (await floor.Agent.DeleteAsync($"/v1/recordings/{recording}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await api.Admin.DeleteAsync($"/v1/recordings/{recording}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await floor.Agent.GetAsync($"/v1/recordings/{recording}/content")).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.not_kept");
        await StandsAsync(recording, "purged");
        (await api.Admin.DeleteAsync($"/v1/recordings/{recording}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.Get<IRecordingStorage>().ExistsAsync(recording, default)).ShouldBeFalse();
        (await TypesAsync(recording))[^2..].ShouldBe(["recording.deletion_ordered.v1", "recording.purged.v1"]);
        await ShouldBeInTheTrailAsync(recording, floor.AgentId, call);
    }

    [Fact]
    public async Task Trouble_of_the_storage_is_told_and_no_listening_is_written_of_it()
    {
        var kept = await WaitingRecording.KeepAsync(api, isPublic: false);
        var content = $"/v1/recordings/{kept.Id}/content";
        await StoredRecording.ShouldBeToldAsync(api, api.Admin, content, kept.Id);
        (await TypesAsync(kept.Id)).ShouldNotContain("recording.played.v1");
        (await api.Admin.GetAsync(content)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TypesAsync(kept.Id)).Count(t => t == "recording.played.v1").ShouldBe(1);
    }

    [Fact]
    public async Task A_piece_is_given_if_it_is_whole_whatever_the_rest_is_like()
    {
        var kept = await WaitingRecording.KeepAsync(api, isPublic: false);
        using var damaged = StoredRecording.Altered(api, kept.Id);
        using var whole = await PieceAsync(1_000, 2_000);
        whole.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await whole.Content.ReadAsByteArrayAsync()).Length.ShouldBe(1_001);
        await (await PieceAsync(1_000, 30_000)).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.corrupt");

        Task<HttpResponseMessage> PieceAsync(long from, long to) =>
            api.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/v1/recordings/{kept.Id}/content") { Headers = { Range = new RangeHeaderValue(from, to) } });
    }

    [Fact]
    public async Task The_consumer_hears_no_recording_that_was_made_before_they_were_public()
    {
        await using var hosting = await HostingAsync(isPublic: false);
        var queue = await api.QueueAsync();
        var ((before, one), (after, other)) = (await api.SessionAsync(queue), await api.SessionAsync(queue));
        await WaitingRecording.KeepAsync(api, isPublic: false, sessionId: before);
        await WaitingRecording.KeepAsync(api, isPublic: true, sessionId: after);
        await ConfigureAsync(isPublic: true);
        (await one.GetAsync($"/v1/sessions/{before}/recording/content")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetAsync($"/v1/sessions/{after}/recording/content")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await one.GetAsync($"/v1/sessions/{after}/recording/content")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_schedule_deletes_what_was_made_before_it_and_nothing_younger()
    {
        await using var hosting = await HostingAsync(isPublic: false);
        var old = await WaitingRecording.KeepAsync(api, isPublic: false, age: TimeSpan.FromDays(31));
        var young = await WaitingRecording.KeepAsync(api, isPublic: false, age: TimeSpan.FromDays(29));
        await ConfigureAsync(isPublic: false, days: 30);
        await StandsAsync(old.Id, "purged");
        (await TypesAsync(old.Id))[^2..].ShouldBe(["recording.deletion_ordered.v1", "recording.purged.v1"]);
        (await GetAsync($"/v1/recordings/{young.Id}")).GetProperty("status").GetString().ShouldBe("kept");
        (await api.Get<IRecordingStorage>().ExistsAsync(old.Id, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_a_message_that_is_deleted_the_transcript_stays()
    {
        await using var hosting = await HostingAsync(isPublic: false);
        var mailbox = new Mailbox(api);
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var message = await mailbox.LeaveAsync(await mailbox.QueueAsync("mobile", annId));
        (await ann.GetAsync($"/v1/voicemails/{message}/content")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.Admin.PostAsJsonAsync($"/v1/voicemails/{message}/transcript", new { text = "Call me back." })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await api.Admin.DeleteAsync($"/v1/recordings/{RecordingId.Of(message)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await ann.GetAsync($"/v1/voicemails/{message}/content")).ShouldRefuseAsync(HttpStatusCode.Conflict, "voicemail.deleted");
        await StandsAsync(RecordingId.Of(message), "purged");
        (await GetAsync($"/v1/voicemails/{message}")).GetProperty("transcript").GetString().ShouldBe("Call me back.");
    }

    [Fact]
    public async Task Trouble_of_the_storage_is_told_of_a_message_too_and_no_listening_is_written_of_it()
    {
        await using var hosting = await HostingAsync(isPublic: false);
        var mailbox = new Mailbox(api);
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var message = await mailbox.LeaveAsync(await mailbox.QueueAsync("mobile", annId));
        var content = $"/v1/voicemails/{message}/content";
        await StoredRecording.ShouldBeToldAsync(api, ann, content, RecordingId.Of(message));
        (await TypesAsync(Aggregates.Voicemail.Stream(message))).ShouldNotContain("voicemail.played.v1");
        (await ann.GetAsync(content)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TypesAsync(Aggregates.Voicemail.Stream(message))).Count(t => t == "voicemail.played.v1").ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_message_that_was_not_recorded_all_the_time_a_transcript_comes_line_by_line()
    {
        await using var hosting = await HostingAsync(isPublic: false);
        var mailbox = new Mailbox(api);
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var (message, caller) = await mailbox.CallAsync(await mailbox.QueueAsync("mobile", annId), "mobile");
        await mailbox.SpeakAsync(message);
        (await caller.PutAsJsonAsync($"/v1/sessions/{message}/recording/consent", new { consent = "denied" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await caller.PostAsync($"/v1/sessions/{message}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await mailbox.ReadyAsync(message);

        var path = $"/v1/voicemails/{message}/transcript";
        await (await api.Admin.PostAsJsonAsync(path, new { text = "Hello. 4111." })).ShouldRefuseAsync(HttpStatusCode.Conflict, "voicemail.has_gaps");
        await (await api.Admin.PostAsJsonAsync(path, new { })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        var manifest = (await GetAsync($"/v1/recordings/{RecordingId.Of(message)}")).GetProperty("manifest").EnumerateArray().ToList();
        var (from, to) = (manifest[0].GetProperty("from").GetDateTimeOffset(), manifest[0].GetProperty("to").GetDateTimeOffset());
        object[] lines = [Line(from, to, "Hello."), Line(to, to.AddSeconds(1), "4111.")];
        (await api.Admin.PostAsJsonAsync(path, new { lines })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var written = (await GetAsync($"/v1/voicemails/{message}")).GetProperty("transcript").GetString()!;
        written.ShouldSatisfyAllConditions(t => t.ShouldContain("Hello."), t => t.ShouldEndWith("[redacted]"), t => t.ShouldNotContain("4111"));

        static object Line(DateTimeOffset at, DateTimeOffset until, string text) => new { from = "consumer", at, until, text };
    }

    [Fact]
    public async Task What_goes_to_the_crm_is_neither_heard_here_nor_deleted_by_hand()
    {
        var waiting = await WaitingRecording.WriteAsync(api);
        await (await api.Admin.GetAsync($"/v1/recordings/{waiting.Id}/content")).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.not_kept");
        await (await api.Admin.DeleteAsync($"/v1/recordings/{waiting.Id}")).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.not_kept");
    }

    /// <summary>Who heard it, who was refused, who had it deleted, and that it was.</summary>
    private async Task ShouldBeInTheTrailAsync(Guid recording, Guid agent, Guid consumersCall)
    {
        List<JsonElement> trail = [];
        await Eventually.TrueAsync(async () =>
        {
            // The purge is the last of it.
            trail = [.. await api.Admin.ItemsAsync($"/v1/audit?subject=recording-{recording}&limit=200")];
            return Rows("PurgeRecording", "accepted").Count > 0;
        });
        Rows("PlayRecording", "accepted").ShouldBe([("recording.played.v1", agent.ToString()), ("recording.played.v1", consumersCall.ToString())], ignoreOrder: true);
        Rows("DeleteRecording", "refused").ShouldHaveSingleItem().Actor.ShouldBe(agent.ToString());
        var ordered = Rows("DeleteRecording", "accepted").ShouldHaveSingleItem();
        ordered.Type.ShouldBe("recording.deletion_ordered.v1");
        Guid.TryParse(ordered.Actor, out _).ShouldBeTrue();
        Rows("PurgeRecording", "accepted").ShouldBe([("recording.purged.v1", "recordings")]);

        List<(string Type, string Actor)> Rows(string command, string outcome) =>
        [
            .. trail.Where(r => r.GetProperty("command").GetString() == command && r.GetProperty("outcome").GetString() == outcome)
                .Select(r => (r.GetProperty("type").GetString()!, r.GetProperty("actorId").GetString()!)),
        ];
    }

    private async Task<IAsyncDisposable> HostingAsync(bool isPublic)
    {
        await ConfigureAsync(isPublic);
        return new Restored(() => SetAsync(new { policy = "crm", deleteAfterDays = (int?)null, newRecordingsArePublic = false }));
    }

    private Task ConfigureAsync(bool isPublic, int? days = null) => SetAsync(new { policy = "hosted", deleteAfterDays = days, newRecordingsArePublic = isPublic });

    private async Task SetAsync(object retention)
    {
        using var looked = await api.Admin.GetAsync("/v1/settings/recording");
        using var set = await api.Admin.PutTaggedAsync(
            "/v1/settings/recording", looked.Headers.ETag!.Tag, new { enabled = true, consent = "none", redactionSeconds = 120, pauseSeconds = 300, retention });
        await set.JsonAsync();
    }

    /// <summary>Some audio is in storage.</summary>
    private Task SpokenAsync(Guid call) => Eventually.TrueAsync(
        async () => (await GetAsync($"/v1/recordings/{RecordingId.Of(call)}")).GetProperty("status").GetString() == "recording"
            && new DirectoryInfo(api.Recordings).EnumerateDirectories(RecordingId.Of(call).ToString(), SearchOption.AllDirectories).SelectMany(d => d.EnumerateFiles()).Sum(f => f.Length) > 8_000,
        Soon);

    private Task StandsAsync(Guid recordingId, string status) => Eventually.TrueAsync(
        async () => (await GetAsync($"/v1/recordings/{recordingId}")).GetProperty("status").GetString() == status, Soon, status);

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }

    private Task<List<string>> TypesAsync(Guid recordingId) => TypesAsync(Aggregates.Recording.Stream(recordingId));

    private async Task<List<string>> TypesAsync(StreamId stream)
    {
        List<string> types = [];
        await foreach (var stored in api.Get<IEventStore>().ReadAllAsync(stream, default))
            types.Add(stored.Type);
        return types;
    }

    private sealed class Restored(Func<Task> restore) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(restore());
    }
}
