using System.Text;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>Recordings that storage does not have as they were written, or that are kept elsewhere.</summary>
public sealed class UnreadableRecordingTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private AppNode node = null!;

    public async Task InitializeAsync() => node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock);

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("key", "altered")]
    [InlineData("key", "gone")]
    [InlineData("key", "of another master key")]
    [InlineData("segment-000002.pcm.enc", "altered")]
    [InlineData("segment-000002.pcm.enc", "gone")]
    public async Task What_storage_cannot_give_is_no_failure_of_the_crm_and_goes_there_once_it_is_back(string name, string how)
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000, 40_000);
        using (Damage(call, name, how))
        {
            await WorkOffAsync();
            node.Get<RecordingMetrics>().Unreadable.ShouldBe(1);
            await WorkOffAsync();
            node.Get<RecordingMetrics>().Unreadable.ShouldBe(1);
            (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingReady>();
        }

        clock.Skip(TimeSpan.FromMinutes(11));
        await WorkOffAsync();
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        events.ShouldNotContain(e => e is RecordingUploadFailed);
        events[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Confirmed);
    }

    [Fact]
    public async Task What_storage_cannot_give_until_its_limit_is_destroyed_then_and_told()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 40_000);
        using (Damage(call, "key", "altered"))
        {
            clock.Skip(Recording.Limit - TimeSpan.FromMinutes(1));
            await WorkOffAsync();
            (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingReady>();
            clock.Skip(TimeSpan.FromMinutes(1));
            (await node.SendAsync(new PurgeRecording(call.RecordingId))).Error.ShouldBeNull();
        }

        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_purged_while_it_is_opened_is_gone_and_not_damaged(bool isKeyThereOverwritten)
    {
        var call = await RecordedCall.WriteAsync(node, folder, 40_000);
        var seen = (await node.Get<AggregateReader>().LoadFreshAsync(Aggregates.Recording, call.RecordingId, default)).State;
        await WorkOffAsync();
        HalfWay(call);
        await ShouldBeGoneAsync(seen);

        // What goes at its limit is destroyed before it is told.
        var old = await RecordedCall.WriteAsync(node, folder, 40_000);
        var last = (await node.Get<AggregateReader>().LoadFreshAsync(Aggregates.Recording, old.RecordingId, default)).State;
        await folder.Storage.PurgeAsync(old.RecordingId, default);
        HalfWay(old);
        clock.Skip(Recording.Limit);
        await ShouldBeGoneAsync(last);
        node.Get<RecordingMetrics>().Unreadable.ShouldBe(0);
        (await node.SendAsync(new PurgeRecording(old.RecordingId))).Error.ShouldBeNull();

        void HalfWay(RecordedCall purged)
        {
            if (isKeyThereOverwritten)
                File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder.DirectoryOf(purged.RecordingId)).FullName, "key"), [.. Enumerable.Repeat((byte)7, 150)]);
        }

        async Task ShouldBeGoneAsync(Recording recording) =>
            (await node.Get<RecordingParts>().PlayAsync(recording, AudioRange.All, () => throw new InvalidOperationException("It is not heard."), default))
                .Error!.Code.ShouldBe("recording.not_found");
    }

    [Fact]
    public async Task What_is_kept_in_another_region_is_not_told_as_purged()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 40_000);
        clock.Skip(Recording.Limit);
        await MoveAsync("us");
        (await Should.ThrowAsync<InvalidOperationException>(() => node.SendAsync(new PurgeRecording(call.RecordingId)))).Message.ShouldContain("region us");
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingReady>();
        (await folder.ReadAsync(call.RecordingId, RecordingObjects.Segment(1))).ShouldBe(call.Audio);

        await MoveAsync("eea");
        (await node.SendAsync(new PurgeRecording(call.RecordingId))).Error.ShouldBeNull();
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingPurged>();
    }

    private Mended Damage(RecordedCall call, string name, string how)
    {
        var file = Path.Combine(folder.DirectoryOf(call.RecordingId), name);
        var whole = File.ReadAllBytes(file);
        File.Delete(file);
        if (how == "altered")
            File.WriteAllBytes(file, [.. whole[..^20], (byte)(whole[^20] ^ 1), .. whole[^19..]]);
        else if (how != "gone")
            File.WriteAllText(file, Encoding.UTF8.GetString(whole).Replace("first", "third", StringComparison.Ordinal));
        return new Mended(file, whole);
    }

    private Task WorkOffAsync() => node.Get<DueMessages>().SendAsync(
        OutboxKinds.RecordingUpload, 4, m => new UploadRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);

    private async Task MoveAsync(string region)
    {
        await using var move = node.Get<NpgsqlDataSource>().CreateCommand(
            "insert into recording_region (region) values ($1) on conflict (only_one) do update set region = excluded.region");
        move.Parameters.Add(new() { Value = region });
        await move.ExecuteNonQueryAsync();
    }

    private sealed class Mended(string file, byte[] whole) : IDisposable
    {
        public void Dispose()
        {
            if (Directory.Exists(Path.GetDirectoryName(file)))
                File.WriteAllBytes(file, whole);
        }
    }
}
