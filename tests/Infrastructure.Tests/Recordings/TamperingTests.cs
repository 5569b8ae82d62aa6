using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>Whatever is done to the files, a reader gets true bytes up to the damage and not one of what follows.</summary>
public sealed class TamperingTests : IDisposable
{
    private const string Name = "segment-000001.pcm";
    private const int Chunks = 4;
    private readonly RecordingFolder _folder = new();
    private readonly Guid _recording = Guid.CreateVersion7();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(320)]
    public async Task Every_chunk_dropped_is_noticed(int rest)
    {
        foreach (var chunk in Enumerable.Range(0, Chunks + 1))
            await ChangedAsync(rest, chunk, file => file.RemoveRange(Start(chunk), Math.Min(Sealed, file.Count - Start(chunk))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(320)]
    public async Task Every_chunk_doubled_is_noticed(int rest)
    {
        foreach (var chunk in Enumerable.Range(0, Chunks + 1))
            await ChangedAsync(rest, chunk + 1, file => file.InsertRange(Start(chunk), file.Skip(Start(chunk)).Take(Sealed).ToList()));
    }

    [Fact]
    public async Task Every_two_chunks_swapped_are_noticed()
    {
        foreach (var first in Enumerable.Range(0, Chunks))
        {
            foreach (var second in Enumerable.Range(first + 1, Chunks - first - 1))
            {
                await ChangedAsync(320, first, file =>
                {
                    var (one, other) = (file.GetRange(Start(first), Sealed), file.GetRange(Start(second), Sealed));
                    Put(file, Start(first), other);
                    Put(file, Start(second), one);
                });
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(320)]
    public async Task A_file_cut_anywhere_or_extended_gives_nothing_at_all(int rest)
    {
        var length = Header + (Chunks * Sealed) + rest + 16;
        int[] cuts = [0, 1, Header - 1, Header, Header + 15, Header + 16, length - 17, length - 16, length - 1];
        foreach (var left in cuts.Concat(Enumerable.Range(1, Chunks).SelectMany(chunk => new[] { Start(chunk) - 1, Start(chunk), Start(chunk) + 16 })))
            if (left < length)
                await ChangedAsync(rest, 0, file => file.RemoveRange(left, file.Count - left));
        foreach (var more in new[] { 1, 16, 17, Sealed - rest - 16, Sealed })
            await ChangedAsync(rest, 0, file => file.AddRange(new byte[more]));
    }

    [Fact]
    public async Task Any_byte_altered_is_noticed()
    {
        var length = Header + (Chunks * Sealed) + 320 + 16;
        foreach (var at in Enumerable.Range(0, Header).Concat([Header, length - 1, length - 336])
            .Concat(Enumerable.Range(1, Chunks).SelectMany(chunk => new[] { Start(chunk) - 1, Start(chunk) - 16, Start(chunk) - 17, Start(chunk) })))
        {
            var chunk = at < Header || at >= Start(Chunks) ? 0 : (at - Header) / Sealed;
            await ChangedAsync(320, chunk, file => file[at] ^= 1);
        }
    }

    [Fact]
    public async Task A_chunk_or_a_whole_file_from_elsewhere_is_noticed()
    {
        // The same audio at the same place, so that only where it comes from differs.
        var audio = Audio((Chunks * Chunk) + 320);
        var stranger = Guid.CreateVersion7();
        await _folder.WriteAsync(_recording, "other", audio);
        await _folder.WriteAsync(stranger, Name, audio);
        foreach (var elsewhere in new[] { _folder.FileOf(_recording, "other"), _folder.FileOf(stranger, Name) })
        {
            var foreign = File.ReadAllBytes(elsewhere);
            foreach (var chunk in Enumerable.Range(0, Chunks))
                await ChangedAsync(320, chunk, file => Put(file, Start(chunk), foreign.Skip(Start(chunk)).Take(Sealed)));
            await ChangedAsync(320, 0, file => Put(file, Start(Chunks), foreign.Skip(Start(Chunks))));
            await ChangedAsync(320, 0, file => Put(file, 0, foreign));
        }
    }

    [Fact]
    public async Task A_key_from_elsewhere_altered_or_cut_opens_nothing()
    {
        var stranger = Guid.CreateVersion7();
        await _folder.WriteAsync(stranger, Name, Audio(10));
        await _folder.WriteAsync(_recording, Name, Audio(10));
        var key = Path.Combine(_folder.DirectoryOf(_recording), "key");
        var own = File.ReadAllText(key);
        string[] broken =
        [
            File.ReadAllText(Path.Combine(_folder.DirectoryOf(stranger), "key")),
            own.Replace("\"Sealed\":\"", "\"Sealed\":\"AA", StringComparison.Ordinal),
            own.Replace("\"first\"", "\"second\"", StringComparison.Ordinal),
            own[..20], "{}", "null", "",
        ];

        foreach (var text in broken)
        {
            File.WriteAllText(key, text);
            (await _folder.ReadUntilCorruptAsync(_recording, Name)).ShouldBe([], text);
        }
    }

    private static int Start(int chunk) => Header + (chunk * Sealed);

    private static void Put(List<byte> file, int at, IEnumerable<byte> bytes)
    {
        foreach (var value in bytes)
            file[at++] = value;
    }

    /// <summary>Changes the file of a fresh recording; only the chunks before <paramref name="damaged"/> may be given.</summary>
    private async Task ChangedAsync(int rest, int damaged, Action<List<byte>> change)
    {
        var audio = Audio((Chunks * Chunk) + rest);
        if (!File.Exists(_folder.FileOf(_recording, Name)))
            await _folder.WriteAsync(_recording, Name, audio);
        var path = _folder.FileOf(_recording, Name);
        var whole = File.ReadAllBytes(path);
        var file = whole.ToList();
        change(file);
        file.ToArray().ShouldNotBe(whole);
        File.WriteAllBytes(path, [.. file]);

        var given = await _folder.ReadUntilCorruptAsync(_recording, Name);

        given.ShouldNotBeNull("the change went unnoticed");
        given.Length.ShouldBeLessThanOrEqualTo(damaged * Chunk);
        given.AsSpan().SequenceEqual(audio.AsSpan(0, given.Length)).ShouldBeTrue();
        File.WriteAllBytes(path, whole);
    }
}
