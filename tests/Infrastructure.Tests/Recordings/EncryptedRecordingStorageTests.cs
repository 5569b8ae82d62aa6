using ContactCenter.Application.Recordings;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class EncryptedRecordingStorageTests : IDisposable
{
    private const string Name = "segment-000001.pcm";
    private readonly RecordingFolder _folder = new();
    private readonly Guid _recording = Guid.CreateVersion7();

    public void Dispose() => _folder.Dispose();

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
}
