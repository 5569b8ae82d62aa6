using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Application.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>What of a real call is recorded, and what its recording says of itself (REC-1, REC-3, REC-4).</summary>
[Collection(ApiTests.Name)]
public sealed class RecordedCallTests(TestApi api)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_manifest_tells_segments_and_gaps_with_their_reasons()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (id, consumer) = await floor.ConnectedAsync("call");
        await StandsAsync(id, "recording");
        (await floor.Agent.PostAsync($"/v1/sessions/{id}/recording/redaction", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StandsAsync(id, "paused");
        (await floor.Agent.DeleteAsync($"/v1/sessions/{id}/recording/redaction")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StandsAsync(id, "recording");
        (await consumer.PutAsJsonAsync($"/v1/sessions/{id}/recording/consent", new { consent = "denied" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StandsAsync(id, "paused");
        (await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        JsonElement told = default;
        await Eventually.TrueAsync(
            async () => (told = await GetAsync($"/v1/recordings/{RecordingId.Of(id)}")).GetProperty("manifest").EnumerateArray()
                .All(s => s.GetProperty("to").ValueKind == JsonValueKind.String && s.GetProperty("recordedSeconds").ValueKind == JsonValueKind.Number),
            Soon);
        told.GetProperty("manifest").EnumerateArray().Select(Told).ShouldBe(["1", "redaction", "2", "consent"]);
        told.GetProperty("callSeconds").GetDouble().ShouldBeGreaterThan(told.GetProperty("recordedSeconds").GetDouble());
        (await GetAsync($"/v1/sessions/{id}")).GetProperty("consent").GetString().ShouldBe("denied");
        // The list says the same, once it is there.
        await Eventually.TrueAsync(
            async () => (await GetAsync($"/v1/recordings?sessionId={id}")).GetProperty("items").EnumerateArray()
                .Any(r => r.GetProperty("manifest").EnumerateArray().Select(Told).SequenceEqual(["1", "redaction", "2", "consent"])),
            Soon);
    }

    [Fact]
    public async Task A_number_that_is_off_leaves_no_file_and_no_recording()
    {
        const string line = "+4930999888";
        await using var floor = await Floor.OpenAsync(api);
        using (var looked = await api.Admin.GetAsync("/v1/settings/phone-numbers"))
        {
            using var set = await api.Admin.PutTaggedAsync(
                "/v1/settings/phone-numbers", looked.Headers.ETag!.Tag,
                new { numbers = new[] { new { number = line, label = "Silent", recording = new { enabled = false, consent = "none" } } } });
            await set.JsonAsync();
        }

        using var asked = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "web",
            queueId = floor.Queue,
            line,
            consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
        });
        var id = (await asked.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var offer = await floor.Adapter.AcceptAsync(id);
        await floor.Adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await floor.Adapter.StatusAsync(id, V1.SessionStatus.Connected);

        await (await api.Admin.GetAsync($"/v1/recordings/{RecordingId.Of(id)}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "recording.not_found");
        await (await floor.Agent.PostAsync($"/v1/sessions/{id}/recording/redaction", content: null)).ShouldRefuseAsync(HttpStatusCode.NotFound, "recording.not_found");
        var root = new DirectoryInfo(api.Recordings);
        (root.Exists ? root.EnumerateDirectories(RecordingId.Of(id).ToString(), SearchOption.AllDirectories) : []).ShouldBeEmpty();
    }

    private static string Told(JsonElement span) => span.GetProperty("segment") is { ValueKind: JsonValueKind.Number } segment
        ? segment.ToString()
        : string.Join(' ', span.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));

    private Task StandsAsync(Guid sessionId, string status) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/recordings/{RecordingId.Of(sessionId)}");
            return answer.StatusCode == HttpStatusCode.OK && (await answer.JsonAsync()).GetProperty("status").GetString() == status;
        },
        Soon, status);

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }
}
