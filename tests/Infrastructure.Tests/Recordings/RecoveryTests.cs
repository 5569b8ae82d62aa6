using ContactCenter.Application.Recordings;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>What a crash leaves is a draft cut off anywhere: here made by copying one while it is written.</summary>
public sealed class RecoveryTests : IDisposable
{
    private const string Name = "segment-000001.pcm";
    private readonly RecordingFolder _folder = new();
    private readonly Guid _recording = Guid.CreateVersion7();

    public void Dispose() => _folder.Dispose();

    private string Draft => Path.Combine(_folder.DirectoryOf(_recording), Name + ".partial");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(319, 0)]
    [InlineData(Chunk, 1)]
    [InlineData((3 * Chunk) - 320, 2)]
    [InlineData(3 * Chunk, 3)]
    public async Task All_but_the_second_being_written_is_there_again(int written, int chunks)
    {
        await CrashAsync(Audio(written));

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.Storage.ListAsync(_recording, default)).ShouldBe([Name]);
        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(written)[..(chunks * Chunk)]);
        File.Exists(Draft).ShouldBeFalse();
    }

    [Fact]
    public async Task Recovering_twice_or_nothing_changes_nothing()
    {
        await CrashAsync(Audio(2 * Chunk));
        await _folder.Storage.RecoverAsync(_recording, default);
        var before = _folder.Files().ToDictionary(file => file, File.ReadAllBytes);

        await _folder.Storage.RecoverAsync(_recording, default);
        await _folder.Storage.RecoverAsync(Guid.CreateVersion7(), default);

        _folder.Files().ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var file in before.Keys)
            File.ReadAllBytes(file).ShouldBe(before[file]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(Header - 1)]
    [InlineData(Header)]
    [InlineData(Header + Sealed - 1)]
    [InlineData(Header + Sealed)]
    [InlineData(Header + Sealed + 15)]
    [InlineData(Header + Sealed + 16)]
    [InlineData(Header + Sealed + 400)]
    public async Task A_torn_chunk_is_left_out(int length)
    {
        await CrashAsync(Audio(3 * Chunk));
        await using (var draft = File.OpenWrite(Draft))
            draft.SetLength(length);

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(3 * Chunk)[..(length < Header + Sealed ? 0 : Chunk)]);
    }

    [Fact]
    public async Task What_follows_an_altered_chunk_is_not_trusted()
    {
        await CrashAsync(Audio(3 * Chunk));
        var bytes = File.ReadAllBytes(Draft);
        bytes[Header + Sealed + 5] ^= 1;
        File.WriteAllBytes(Draft, bytes);

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(3 * Chunk)[..Chunk]);
    }

    [Fact]
    public async Task An_object_that_only_lacks_its_name_is_recovered_whole()
    {
        await _folder.WriteAsync(_recording, Name, Audio(Chunk + 500));
        File.Move(_folder.FileOf(_recording, Name), Draft);

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(Chunk + 500));
    }

    [Fact]
    public async Task A_crash_while_recovering_is_recovered_from()
    {
        await CrashAsync(Audio(2 * Chunk));
        File.WriteAllBytes(Path.ChangeExtension(Draft, ".salvage"), [1, 2, 3]);
        await _folder.Storage.RecoverAsync(_recording, default);
        File.WriteAllBytes(Draft, [4, 5, 6]);
        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(2 * Chunk));
        _folder.Files().Select(Path.GetFileName).ShouldBe(["key", Name + ".enc"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_still_being_written_is_left_alone()
    {
        await using var writer = await _folder.Storage.CreateAsync(_recording, Name, default);
        await writer.WriteAsync(Audio(Chunk), default);

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.Storage.ListAsync(_recording, default)).ShouldBeEmpty();
        await writer.CompleteAsync(default);
        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(Chunk));
    }

    [Fact]
    public async Task A_writer_given_up_is_recovered_like_a_crash()
    {
        await using (var writer = await _folder.Storage.CreateAsync(_recording, Name, default))
            await writer.WriteAsync(Audio(Chunk + 1), default);

        await _folder.Storage.RecoverAsync(_recording, default);

        (await _folder.ReadAsync(_recording, Name)).ShouldBe(Audio(Chunk));
    }

    private async Task CrashAsync(byte[] audio)
    {
        await using (RecordingWriter writer = await _folder.Storage.CreateAsync(_recording, Name, default))
        {
            foreach (var frame in audio.Chunk(320))
                await writer.WriteAsync(frame, default);
        }

        File.Exists(Draft).ShouldBeTrue();
    }
}
