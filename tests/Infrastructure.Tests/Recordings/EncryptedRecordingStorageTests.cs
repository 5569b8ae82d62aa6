using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Recordings;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class EncryptedRecordingStorageTests : IDisposable
{
    private const string Name = "segment-000001.pcm";
    private readonly RecordingFolder _folder = new();
    private readonly Guid _recording = Guid.CreateVersion7();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData((3 * Chunk) + 320)]
    public async Task What_is_written_is_read_back_whatever_its_length_and_in_whatever_steps(int bytes)
    {
        var audio = Audio(bytes);
        var steps = new[] { 320, 7777, Chunk, 100_000 };

        foreach (var step in steps)
            await _folder.WriteAsync(_recording, $"step {step}", audio, step);

        foreach (var step in steps)
            (await _folder.ReadAsync(_recording, $"step {step}")).ShouldBe(audio);
    }

    [Fact]
    public async Task Any_range_reads_the_same_as_from_the_start()
    {
        var audio = Audio((4 * Chunk) + 320);
        await _folder.WriteAsync(_recording, Name, audio);
        await using var stream = await _folder.Storage.OpenAsync(_recording, Name, default);
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
    public async Task Nothing_of_the_audio_is_on_disk_at_any_time()
    {
        var secret = Encoding.ASCII.GetBytes("the card number is 4111 1111 1111 1111 and ");
        var audio = Enumerable.Repeat(secret, 2000).SelectMany(bytes => bytes).ToArray();
        var open = await _folder.Storage.CreateAsync(_recording, "segment-000002.pcm", default);
        await open.WriteAsync(audio, default);
        await open.DisposeAsync();
        OnDisk().ShouldBeEmpty();

        await _folder.Storage.RecoverAsync(_recording, default);
        await _folder.WriteAsync(_recording, Name, audio);

        OnDisk().ShouldBeEmpty();
        // And the same audio never looks the same twice.
        File.ReadAllBytes(_folder.FileOf(_recording, Name))[..200]
            .ShouldNotBe(File.ReadAllBytes(_folder.FileOf(_recording, "segment-000002.pcm"))[..200]);

        IEnumerable<string> OnDisk() => _folder.Files().Where(file =>
        {
            new FileInfo(file).Length.ShouldBePositive();
            var bytes = File.ReadAllBytes(file);
            return bytes.AsSpan().IndexOf(secret.AsSpan(0, 12)) >= 0
                || Enumerable.Range(0, 2).Any(key => bytes.AsSpan().IndexOf(Keys.ElementAt(key).Value) >= 0);
        });
    }

    [Fact]
    public async Task What_is_incomplete_is_not_listed_cannot_be_opened_but_exists_and_is_purged()
    {
        await _folder.WriteAsync(_recording, Name, Audio(10));
        await using var writer = await _folder.Storage.CreateAsync(_recording, "segment-000002.pcm", default);
        await writer.WriteAsync(Audio(2 * Chunk), default);

        (await _folder.Storage.ListAsync(_recording, default)).ShouldBe([Name]);
        await Should.ThrowAsync<FileNotFoundException>(() => _folder.Storage.OpenAsync(_recording, "segment-000002.pcm", default));

        await _folder.Storage.PurgeAsync(_recording, default);
        (await _folder.Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
        _folder.Files().ShouldBeEmpty();
        await Should.ThrowAsync<FileNotFoundException>(async () => await writer.CompleteAsync(default));
        (await _folder.Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Objects_are_listed_in_order_and_a_name_is_taken_once()
    {
        foreach (var segment in new[] { 10, 2, 1 })
            await _folder.WriteAsync(_recording, RecordingObjects.Segment(segment), Audio(10));
        await using var writer = await _folder.Storage.CreateAsync(_recording, RecordingObjects.Segment(3), default);

        (await _folder.Storage.ListAsync(_recording, default))
            .ShouldBe(new[] { 1, 2, 10 }.Select(RecordingObjects.Segment));
        await Should.ThrowAsync<RecordingObjectExistsException>(() => _folder.Storage.CreateAsync(_recording, RecordingObjects.Segment(1), default));
        await Should.ThrowAsync<RecordingObjectExistsException>(() => _folder.Storage.CreateAsync(_recording, RecordingObjects.Segment(3), default));
        (await _folder.Storage.ListAsync(Guid.CreateVersion7(), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Purging_twice_or_nothing_changes_nothing_and_spares_the_others()
    {
        var other = Guid.CreateVersion7();
        await _folder.WriteAsync(_recording, Name, Audio(Chunk));
        await _folder.WriteAsync(other, Name, Audio(Chunk));

        await _folder.Storage.PurgeAsync(_recording, default);
        await _folder.Storage.PurgeAsync(_recording, default);

        await Should.ThrowAsync<FileNotFoundException>(() => _folder.Storage.OpenAsync(_recording, Name, default));
        (await _folder.ReadAsync(other, Name)).Length.ShouldBe(Chunk);
    }

    [Fact]
    public async Task A_purge_cut_short_after_the_key_leaves_remains_that_nothing_opens_and_the_next_purge_removes()
    {
        await _folder.WriteAsync(_recording, Name, Audio(Chunk));
        File.Delete(Path.Combine(_folder.DirectoryOf(_recording), "key"));

        (await _folder.Storage.ExistsAsync(_recording, default)).ShouldBeTrue();
        (await _folder.Storage.ListAsync(_recording, default)).ShouldBeEmpty();
        await Should.ThrowAsync<FileNotFoundException>(() => _folder.Storage.OpenAsync(_recording, Name, default));
        await _folder.Storage.PurgeAsync(_recording, default);
        _folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_purged_key_is_overwritten_before_it_is_unlinked()
    {
        await _folder.WriteAsync(_recording, Name, Audio(10));
        var key = Path.Combine(_folder.DirectoryOf(_recording), "key");
        var before = File.ReadAllBytes(key);
        await using var still = File.OpenRead(key);

        await _folder.Storage.PurgeAsync(_recording, default);

        var after = new byte[before.Length];
        still.ReadExactly(after);
        after.Zip(before, (a, b) => a == b).Count(same => same).ShouldBeLessThan(before.Length / 4);
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
    public async Task A_name_that_could_leave_the_directory_is_refused(string name)
    {
        await Should.ThrowAsync<ArgumentException>(() => _folder.Storage.CreateAsync(_recording, name, default));
        await Should.ThrowAsync<ArgumentException>(() => _folder.Storage.OpenAsync(_recording, name, default));
        _folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_storage_knows_one_region_and_a_recording_copied_to_another_does_not_open()
    {
        await _folder.WriteAsync(_recording, Name, Audio(10));
        using var us = _folder.Open(RecordingRegion.Us);
        (await us.ExistsAsync(_recording, default)).ShouldBeFalse();
        await Should.ThrowAsync<FileNotFoundException>(() => us.OpenAsync(_recording, Name, default));

        Directory.Move(_folder.DirectoryOf(_recording), Path.Combine(_folder.Root, "us", _recording.ToString()));

        await Should.ThrowAsync<RecordingCorruptException>(() => us.OpenAsync(_recording, Name, default));
    }

    [Fact]
    public async Task Only_the_owner_may_enter_the_directories()
    {
        await _folder.WriteAsync(_recording, Name, Audio(10));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var directory in Directory.EnumerateDirectories(_folder.Root, "*", SearchOption.AllDirectories))
            File.GetUnixFileMode(directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Rewrapping_rewrites_the_keys_and_nothing_else_and_then_the_old_master_key_can_go()
    {
        await _folder.WriteAsync(_recording, Name, Audio(2 * Chunk));
        await _folder.WriteAsync(Guid.CreateVersion7(), Name, Audio(10));
        var before = _folder.Files().ToDictionary(file => file, File.ReadAllBytes);
        using var rotating = _folder.Open(masterKey: "second");

        (await rotating.RewrapAsync(default)).ShouldBe(2);
        (await rotating.RewrapAsync(default)).ShouldBe(0);

        _folder.Files().ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var file in _folder.Files())
            File.ReadAllBytes(file).SequenceEqual(before[file]).ShouldBe(Path.GetFileName(file) != "key", file);
        using var later = _folder.Open(masterKey: "second", keys: new() { ["second"] = Keys["second"] });
        (await ReadAsync(later, _recording, Name)).ShouldBe(Audio(2 * Chunk));
        using var before2 = _folder.Open(masterKey: "first", keys: new() { ["first"] = Keys["first"] });
        await Should.ThrowAsync<InvalidOperationException>(() => before2.OpenAsync(_recording, Name, default));
    }

    [Fact]
    public async Task Another_master_key_of_the_same_name_opens_nothing()
    {
        await _folder.WriteAsync(_recording, Name, Audio(10));
        using var stranger = _folder.Open(keys: new() { ["first"] = RandomNumberGenerator.GetBytes(32) });

        await Should.ThrowAsync<RecordingCorruptException>(() => stranger.OpenAsync(_recording, Name, default));
    }

    [Fact]
    public async Task A_write_that_fails_can_be_repeated_from_where_it_came_to()
    {
        var audio = Audio(3 * Chunk);
        await using var writer = await _folder.Storage.CreateAsync(_recording, Name, default);
        await writer.WriteAsync(audio.AsMemory(0, Chunk / 2), default);
        writer.Length.ShouldBe(Chunk / 2);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        // A cancelled write stands for any that did not reach the disk.
        await Should.ThrowAsync<OperationCanceledException>(async () => await writer.WriteAsync(audio.AsMemory(Chunk / 2), cancelled.Token));
        writer.Length.ShouldBe(Chunk);

        await writer.WriteAsync(audio.AsMemory((int)writer.Length), default);
        await writer.CompleteAsync(default);
        await writer.DisposeAsync();

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(audio);
    }
}
