using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Recordings;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class LocalStorageTests : StorageContract
{
    private protected override Task<IStorageHouse> BuildAsync() => Task.FromResult<IStorageHouse>(new LocalHouse());
}

public sealed class S3StorageTests : StorageContract
{
    private protected override async Task<IStorageHouse> BuildAsync() => await S3House.StartAsync();
}

/// <summary>What every storage of recordings must do (REC-5, REC-10, REC-11), wherever it keeps them.</summary>
public abstract class StorageContract : IAsyncLifetime
{
    private const string Name = "segment-000001.pcm";
    private readonly Guid _recording = Guid.CreateVersion7();
    private IStorageHouse _house = null!;

    private protected abstract Task<IStorageHouse> BuildAsync();

    private IRecordingStorage Storage => _house.Storage;

    public async Task InitializeAsync() => _house = await BuildAsync();

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData((7 * Chunk) + 320)]
    public async Task What_is_written_is_read_back_whatever_its_length_and_in_whatever_steps(int bytes)
    {
        var audio = Audio(bytes);
        var steps = new[] { 320, 7777, Chunk, 100_000 };

        foreach (var step in steps)
            await WriteAsync(_recording, $"step {step}", audio, step);

        foreach (var step in steps)
            (await ReadAsync(Storage, _recording, $"step {step}")).ShouldBe(audio);
    }

    [Fact]
    public async Task Any_range_reads_the_same_as_from_the_start()
    {
        var audio = Audio((4 * Chunk) + 320);
        await WriteAsync(_recording, Name, audio);
        await using var stream = await Storage.OpenAsync(_recording, Name, default);
        var edges = Enumerable.Range(0, 5).SelectMany(chunk => new[] { -1, 0, 1 }.Select(by => (chunk * Chunk) + by))
            .Append(audio.Length - 1).Append(audio.Length).Where(edge => edge >= 0).ToList();

        foreach (var from in edges)
        {
            foreach (var to in edges.Where(edge => edge > from))
            {
                stream.Position = from;
                var range = new byte[to - from];
                stream.ReadExactly(range);
                range.AsSpan().SequenceEqual(audio.AsSpan(from, to - from)).ShouldBeTrue($"{from}..{to}");
                stream.Seek(from - audio.Length, SeekOrigin.End);
                await stream.ReadExactlyAsync(range);
                range.AsSpan().SequenceEqual(audio.AsSpan(from, to - from)).ShouldBeTrue($"{from}..{to}, async");
            }
        }

        stream.Position = audio.Length + 5;
        stream.ReadByte().ShouldBe(-1);
    }

    [Fact]
    public async Task Nothing_of_the_audio_and_no_key_is_kept_in_clear_at_any_time()
    {
        var secret = Encoding.ASCII.GetBytes("the card number is 4111 1111 1111 1111 and ");
        var audio = Enumerable.Repeat(secret, 2000).SelectMany(bytes => bytes).ToArray();
        var open = await Storage.CreateAsync(_recording, "segment-000002.pcm", default);
        await open.WriteAsync(audio, default);
        await open.DisposeAsync();
        InClear().ShouldBeEmpty();

        await Storage.RecoverAsync(_recording, default);
        await WriteAsync(_recording, Name, audio);

        InClear().ShouldBeEmpty();
        // And the same audio never looks the same twice.
        var things = _house.Everything();
        things[_house.ObjectOf(_recording, Name)][..200].ShouldNotBe(things[_house.ObjectOf(_recording, "segment-000002.pcm")][..200]);

        IEnumerable<string> InClear()
        {
            var all = _house.Everything();
            all.ShouldNotBeEmpty();
            return all.Where(thing => thing.Value.AsSpan().IndexOf(secret.AsSpan(0, 12)) >= 0
                || Keys.Values.Any(key => thing.Value.AsSpan().IndexOf(key) >= 0)).Select(thing => thing.Key);
        }
    }

    [Fact]
    public async Task What_is_incomplete_is_not_listed_cannot_be_opened_but_exists_and_is_purged()
    {
        await WriteAsync(_recording, Name, Audio(10));
        await using var writer = await Storage.CreateAsync(_recording, "segment-000002.pcm", default);
        await writer.WriteAsync(Audio(2 * Chunk), default);

        (await Storage.ListAsync(_recording, default)).ShouldBe([Name]);
        await Should.ThrowAsync<FileNotFoundException>(() => Storage.OpenAsync(_recording, "segment-000002.pcm", default));

        await Storage.PurgeAsync(_recording, default);
        (await Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
        _house.Everything().ShouldBeEmpty();
        await Should.ThrowAsync<FileNotFoundException>(async () => await writer.CompleteAsync(default));
        (await Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_damaged_in_the_middle_is_found_before_any_of_what_is_asked_for_is_given()
    {
        await WriteAsync(_recording, Name, Audio(4 * Chunk));
        var sealedAudio = _house.Everything()[_house.ObjectOf(_recording, Name)].ToArray();
        sealedAudio[Header + (2 * Sealed) + 5] ^= 1;
        _house.Overwrite(_house.ObjectOf(_recording, Name), sealedAudio);
        await using var stream = await Storage.OpenAsync(_recording, Name, default);

        await new AudioRange(0, (2 * Chunk) - 1).VerifyAsync(stream, default);
        await new AudioRange(3 * Chunk).VerifyAsync(stream, default);
        await Should.ThrowAsync<RecordingCorruptException>(() => AudioRange.All.VerifyAsync(stream, default));
        await Should.ThrowAsync<RecordingCorruptException>(() => new AudioRange(0, 2 * Chunk).VerifyAsync(stream, default));
    }

    [Fact]
    public async Task Objects_are_listed_in_order_and_a_name_is_taken_once()
    {
        foreach (var segment in new[] { 10, 2, 1, 4 })
            await WriteAsync(_recording, RecordingObjects.Segment(segment), Audio(10));
        await using var writer = await Storage.CreateAsync(_recording, RecordingObjects.Segment(3), default);

        (await Storage.ListAsync(_recording, default)).ShouldBe(new[] { 1, 2, 4, 10 }.Select(RecordingObjects.Segment));
        await Should.ThrowAsync<RecordingObjectExistsException>(() => Storage.CreateAsync(_recording, RecordingObjects.Segment(1), default));
        await Should.ThrowAsync<RecordingObjectExistsException>(() => Storage.CreateAsync(_recording, RecordingObjects.Segment(3), default));
        (await Storage.ListAsync(Guid.CreateVersion7(), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Purging_twice_or_nothing_changes_nothing_and_spares_the_others()
    {
        var other = Guid.CreateVersion7();
        await WriteAsync(_recording, Name, Audio(4 * Chunk));
        await WriteAsync(other, Name, Audio(Chunk));

        await Storage.PurgeAsync(_recording, default);
        await Storage.PurgeAsync(_recording, default);

        (await Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
        await Should.ThrowAsync<FileNotFoundException>(() => Storage.OpenAsync(_recording, Name, default));
        (await ReadAsync(Storage, other, Name)).Length.ShouldBe(Chunk);
    }

    [Fact]
    public async Task Whoever_is_half_way_through_a_recording_hears_no_more_of_it_once_it_is_purged()
    {
        await WriteAsync(_recording, Name, Audio(8 * Chunk));
        await using var reader = await Storage.OpenAsync(_recording, Name, default);
        await using var other = await Storage.OpenAsync(_recording, Name, default);
        var heard = new byte[2 * Chunk];
        await reader.ReadExactlyAsync(heard);
        other.ReadExactly(heard);
        heard.ShouldBe(Audio(8 * Chunk)[..(2 * Chunk)]);

        await Storage.PurgeAsync(_recording, default);

        await Should.ThrowAsync<FileNotFoundException>(async () => await reader.ReadExactlyAsync(heard));
        Should.Throw<FileNotFoundException>(() => other.ReadExactly(heard));
    }

    [Fact]
    public async Task Another_nodes_purge_ends_a_reader_too()
    {
        // Longer than what is fetched ahead.
        await WriteAsync(_recording, Name, Audio(200 * Chunk), step: 100_000);
        await using var reader = await Storage.OpenAsync(_recording, Name, default);
        await reader.ReadExactlyAsync(new byte[Chunk]);

        await _house.Open().PurgeAsync(_recording, default);

        await Should.ThrowAsync<IOException>(() => reader.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_purge_cut_short_after_the_key_leaves_remains_that_nothing_opens_and_the_next_purge_removes()
    {
        await WriteAsync(_recording, Name, Audio(Chunk));
        _house.Overwrite(_house.KeyOf(_recording), null);

        (await Storage.ExistsAsync(_recording, default)).ShouldBeTrue();
        (await Storage.ListAsync(_recording, default)).ShouldBeEmpty();
        await Should.ThrowAsync<FileNotFoundException>(() => Storage.OpenAsync(_recording, Name, default));
        await Storage.PurgeAsync(_recording, default);
        _house.Everything().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("")]
    [InlineData(" x")]
    [InlineData("é")]
    public async Task A_name_that_could_leave_the_recording_is_refused(string name)
    {
        await Should.ThrowAsync<ArgumentException>(() => Storage.CreateAsync(_recording, name, default));
        await Should.ThrowAsync<ArgumentException>(() => Storage.OpenAsync(_recording, name, default));
        _house.Everything().ShouldBeEmpty();
    }

    [Fact]
    public async Task Rewrapping_rewrites_the_keys_and_nothing_else_and_then_the_old_master_key_can_go()
    {
        await WriteAsync(_recording, Name, Audio(2 * Chunk));
        await WriteAsync(Guid.CreateVersion7(), Name, Audio(10));
        var before = _house.Everything();
        var rotating = (IRecordingKeyRotation)_house.Open("second");

        (await rotating.RewrapAsync(default)).Rewrapped.ShouldBe(2);
        (await rotating.RewrapAsync(default)).Rewrapped.ShouldBe(0);

        var after = _house.Everything();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (thing, bytes) in after)
            bytes.SequenceEqual(before[thing]).ShouldBe(!thing.EndsWith("/key", StringComparison.Ordinal), thing);
        (await ReadAsync(_house.Open("second", new() { ["second"] = Keys["second"] }), _recording, Name)).ShouldBe(Audio(2 * Chunk));
        var former = _house.Open("first", new() { ["first"] = Keys["first"] });
        await Should.ThrowAsync<InvalidOperationException>(() => former.OpenAsync(_recording, Name, default));
    }

    [Fact]
    public async Task A_key_that_is_damaged_or_of_a_master_key_not_at_hand_holds_up_no_other_and_is_named()
    {
        Guid[] all = [.. Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7())];
        foreach (var recording in all)
            await WriteAsync(recording, Name, Audio(Chunk));
        _house.Overwrite(_house.KeyOf(all[0]), [1, 2, 3]);
        _house.Overwrite(_house.KeyOf(all[2]), []);
        Dictionary<string, byte[]> elsewhere = new() { ["third"] = RandomNumberGenerator.GetBytes(32) };
        await RecordingFolder.WriteAsync(_house.Open("third", elsewhere), _recording, Name, Audio(Chunk));
        var rotating = (IRecordingKeyRotation)_house.Open("second");

        var rotation = await rotating.RewrapAsync(default);
        rotation.Rewrapped.ShouldBe(4);
        rotation.Failed.Keys.ShouldBe([all[0], all[2], _recording], ignoreOrder: true);
        rotation.Failed[_recording].Message.ShouldContain("third");

        // Those that are left fail again, and nothing else is done to any.
        rotation = await rotating.RewrapAsync(default);
        (rotation.Rewrapped, rotation.Failed.Count).ShouldBe((0, 3));
        foreach (var recording in all.Except([all[0], all[2]]))
            (await ReadAsync(_house.Open("second", new() { ["second"] = Keys["second"] }), recording, Name)).ShouldBe(Audio(Chunk));
    }

    [Fact]
    public async Task Another_master_key_of_the_same_name_opens_nothing()
    {
        await WriteAsync(_recording, Name, Audio(10));
        var stranger = _house.Open(keys: new() { ["first"] = RandomNumberGenerator.GetBytes(32) });

        await Should.ThrowAsync<RecordingCorruptException>(() => stranger.OpenAsync(_recording, Name, default));
    }

    [Fact]
    public async Task What_a_crash_left_is_recovered_to_the_last_whole_second()
    {
        await using (var writer = await Storage.CreateAsync(_recording, Name, default))
            await writer.WriteAsync(Audio((5 * Chunk) + 320), default);

        await Storage.RecoverAsync(_recording, default);
        await Storage.RecoverAsync(_recording, default);

        (await Storage.ListAsync(_recording, default)).ShouldBe([Name]);
        (await ReadAsync(Storage, _recording, Name)).ShouldBe(Audio((5 * Chunk) + 320)[..(5 * Chunk)]);
    }

    [Fact]
    public async Task A_write_that_fails_can_be_repeated_from_where_it_came_to()
    {
        var audio = Audio(3 * Chunk);
        await using (var writer = await Storage.CreateAsync(_recording, Name, default))
        {
            await writer.WriteAsync(audio.AsMemory(0, Chunk / 2), default);
            writer.Length.ShouldBe(Chunk / 2);
            using var cancelled = new CancellationTokenSource();
            await cancelled.CancelAsync();
            // A cancelled write stands for any that did not reach the disk.
            await Should.ThrowAsync<OperationCanceledException>(async () => await writer.WriteAsync(audio.AsMemory(Chunk / 2), cancelled.Token));
            writer.Length.ShouldBe(Chunk);

            await writer.WriteAsync(audio.AsMemory((int)writer.Length), default);
            await writer.CompleteAsync(default);
        }

        (await ReadAsync(Storage, _recording, Name)).ShouldBe(audio);
    }

    [Fact]
    public async Task Every_chunk_dropped_doubled_cut_altered_or_from_elsewhere_is_refused_before_a_byte_of_it()
    {
        const int chunks = 4;
        var audio = Audio((chunks * Chunk) + 320);
        var stranger = Guid.CreateVersion7();
        await WriteAsync(_recording, Name, audio);
        await WriteAsync(stranger, Name, audio);
        var whole = _house.Everything()[_house.ObjectOf(_recording, Name)];
        var foreign = _house.Everything()[_house.ObjectOf(stranger, Name)];
        foreach (var chunk in Enumerable.Range(0, chunks))
        {
            var (from, to) = (Header + (chunk * Sealed), Header + ((chunk + 1) * Sealed));
            byte[][] broken =
            [
                [.. whole[..from], .. whole[to..]],
                [.. whole[..to], .. whole[from..]],
                whole[..to],
                whole[..(to - 1)],
                [.. whole[..from], .. foreign[from..to], .. whole[to..]],
                [.. whole[..from], (byte)(whole[from] ^ 1), .. whole[(from + 1)..]],
                [.. whole[..from], .. whole[^(Sealed + 400)..^400], .. whole[to..]],
            ];
            foreach (var bytes in broken)
            {
                _house.Overwrite(_house.ObjectOf(_recording, Name), bytes);
                var given = await ReadUntilCorruptAsync(Storage, _recording, Name);
                given.ShouldNotBeNull();
                given.Length.ShouldBeLessThanOrEqualTo(chunk * Chunk);
                given.AsSpan().SequenceEqual(audio.AsSpan(0, given.Length)).ShouldBeTrue();
            }
        }

        _house.Overwrite(_house.ObjectOf(_recording, Name), foreign);
        (await ReadUntilCorruptAsync(Storage, _recording, Name)).ShouldBe([]);
        _house.Overwrite(_house.ObjectOf(_recording, Name), whole);
        _house.Overwrite(_house.KeyOf(_recording), _house.Everything()[_house.KeyOf(stranger)]);
        (await ReadUntilCorruptAsync(Storage, _recording, Name)).ShouldBe([]);
    }

    private Task WriteAsync(Guid recording, string name, byte[] audio, int step = 320) => RecordingFolder.WriteAsync(Storage, recording, name, audio, step);
}
