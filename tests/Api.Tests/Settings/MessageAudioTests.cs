using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>Recordings for messages (AHD-8).</summary>
public sealed class MessageAudioTests(TestApi api) : IClassFixture<TestApi>
{
    private const string Audio = "/v1/settings/messages/audio";

    [Fact]
    public async Task A_recording_is_kept_listed_and_played_on_every_node()
    {
        var (wav, mp3) = (Wav(seconds: 2), Mp3(frames: 100));
        var (spoken, music) = (await UploadAsync(wav, "Closed"), await UploadAsync(mp3, "Music"));
        (await UploadAsync(wav, "Closed again")).ShouldBe(spoken);

        await using var other = await api.AnotherNodeAsync();
        using var played = await other.Admin.GetAsync($"{Audio}/{spoken}/content");
        played.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        (await played.Content.ReadAsByteArrayAsync()).ShouldBe(wav);
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{Audio}/{music}/content") { Headers = { Range = new RangeHeaderValue(4, 7) } };
        using var ranged = await other.Admin.SendAsync(part);
        ranged.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        ranged.Content.Headers.ContentType!.MediaType.ShouldBe("audio/mpeg");
        (await ranged.Content.ReadAsByteArrayAsync()).ShouldBe(mp3[4..8]);

        var items = (await other.Admin.LookAsync("messages/audio")).GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("audioId").GetGuid());
        items[spoken].GetProperty("name").GetString().ShouldBe("Closed");
        items[spoken].GetProperty("durationSeconds").GetDouble().ShouldBe(2);
        items[music].GetProperty("format").GetString().ShouldBe("mp3");
        items[music].GetProperty("durationSeconds").GetDouble().ShouldBe(100 * 1152 / 44_100.0, tolerance: 0.001);
    }

    [Fact]
    public async Task What_is_no_whole_recording_is_refused()
    {
        var (wav, mp3) = (Wav(seconds: 1), Mp3(frames: 5));
        byte[] float32 = [.. wav];
        float32[20] = 3;
        byte[][] wrong = [[], "RIFF"u8.ToArray(), Encoding.UTF8.GetBytes("<html>"), wav[..^1], wav[..44], float32, mp3[..^1], [.. mp3, 1], [0xFF, 0xD8, .. wav]];
        foreach (var content in wrong)
            await (await TryUploadAsync(content, "Wrong")).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "message_audio.not_playable");
        await (await TryUploadAsync(new byte[AudioContent.MaxBytes + 1], "Long")).ShouldRefuseAsync(HttpStatusCode.RequestEntityTooLarge);
        (await (await TryUploadAsync(wav, "")).ShouldRefuseAsync(HttpStatusCode.BadRequest)).Places().ShouldBe(["name"]);
        (await TryUploadAsync(Wav(seconds: 300), "Five minutes")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_recording_goes_with_its_bytes_once_no_message_plays_it()
    {
        var audio = await UploadAsync(Wav(seconds: 3), "Goodbye");
        await api.Admin.SayAsync("after_hours", "nl", new { audioId = audio });
        await (await api.Admin.DeleteAsync($"{Audio}/{audio}")).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");
        var problem = await (await RemoveAsync(audio)).ShouldRefuseAsync(HttpStatusCode.Conflict, "message_audio.in_use");
        problem.GetProperty("detail").GetString()!.ShouldContain("the message after_hours in nl");
        problem.Places().ShouldBe(["messages.after_hours.nl"]);

        await api.Admin.SayAsync("after_hours", "nl", body: null);
        var kept = await BytesKeptAsync();
        (await (await RemoveAsync(audio)).JsonAsync()).GetProperty("id").GetGuid().ShouldBe(audio);
        (await RemoveAsync(audio)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await api.Admin.GetAsync($"{Audio}/{audio}/content")).ShouldRefuseAsync(HttpStatusCode.NotFound, "message_audio.not_found");
        await Eventually.TrueAsync(async () => await BytesKeptAsync() == kept - 1);
        await (await api.Admin.TrySayAsync("after_hours", "nl", new { audioId = audio })).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.audio_not_found");

        (await UploadAsync(Wav(seconds: 3), "Goodbye")).ShouldBe(audio);
        (await api.Admin.GetAsync($"{Audio}/{audio}/content")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_upload_that_is_repeated_is_answered_as_before()
    {
        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Audio}?name=Twice") { Content = new ByteArrayContent(Wav(seconds: 4)) };
            request.Headers.Add("Idempotency-Key", "upload-twice");
            using var answer = await api.Admin.SendAsync(request);
            answers.Add((await answer.JsonAsync(HttpStatusCode.Created)).ToString());
        }

        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task Bytes_that_no_recording_names_are_swept_up_once_no_upload_can_be_under_way_with_them()
    {
        var audio = await UploadAsync(Wav(seconds: 5), "Kept");
        var now = TimeProvider.System.GetUtcNow().AddHours(3);
        var store = api.Get<IMessageAudioStore>();
        var (orphan, underWay) = (Guid.CreateVersion7(now.AddMinutes(-61)), Guid.CreateVersion7(now.AddMinutes(-59)));
        foreach (var contentId in new[] { orphan, underWay })
            await store.KeepAsync(contentId, Wav(seconds: 1), CancellationToken.None);

        var context = new CallContext(Caller.System("jobs")) { CommandId = Guid.CreateVersion7(now), Now = now };
        (await api.Get<Dispatcher>().SendAsync(new SweepMessageAudio(), context, CancellationToken.None)).Value.ShouldBeGreaterThanOrEqualTo(1);
        (await store.ReadAsync(orphan, CancellationToken.None)).ShouldBeNull();
        (await store.ReadAsync(underWay, CancellationToken.None)).ShouldNotBeNull();
        (await api.Admin.GetAsync($"{Audio}/{audio}/content")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_range_that_is_not_there_is_refused_in_words()
    {
        var audio = await UploadAsync(Wav(seconds: 1), "Short");
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{Audio}/{audio}/content") { Headers = { Range = new RangeHeaderValue(1_000_000, null) } };
        using var answer = await api.Admin.SendAsync(part);
        await answer.ShouldRefuseAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "request.range");
        answer.Content.Headers.ContentRange!.Length.ShouldBe(Wav(seconds: 1).Length);
    }

    private async Task<HttpResponseMessage> RemoveAsync(Guid audio) =>
        await api.Admin.WriteAsync($"messages/audio/{audio}", body: null, await api.Admin.VersionAsync("messages/audio"), HttpMethod.Delete);

    private static byte[] Wav(int seconds)
    {
        var pcm = new byte[seconds * PhoneAudio.BytesPerSecond];
        return [.. WavHeader.Create(pcm.Length), .. pcm];
    }

    // MPEG 1, layer III, 128 kbit/s, 44.1 kHz, behind an empty ID3 tag and before an old one.
    private static byte[] Mp3(int frames)
    {
        byte[] frame = [0xFF, 0xFB, 0x90, 0x00, .. new byte[413]];
        return [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0, .. Enumerable.Repeat(frame, frames).SelectMany(f => f), .. "TAG"u8, .. new byte[125]];
    }

    private async Task<long> BytesKeptAsync()
    {
        await using var command = api.Get<NpgsqlDataSource>().CreateCommand("select count(*) from message_audio");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<HttpResponseMessage> TryUploadAsync(byte[] content, string name)
    {
        using var upload = new HttpRequestMessage(HttpMethod.Post, $"{Audio}?name={Uri.EscapeDataString(name)}") { Content = new ByteArrayContent(content) };
        // A refusal that comes before the body is heard instead of a broken connection.
        upload.Headers.ExpectContinue = true;
        return await api.Admin.SendAsync(upload);
    }

    private async Task<Guid> UploadAsync(byte[] content, string name)
    {
        using var answer = await TryUploadAsync(content, name);
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
