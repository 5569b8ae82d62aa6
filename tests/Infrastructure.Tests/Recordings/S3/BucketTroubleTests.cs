using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings.S3;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings.S3;

/// <summary>What the bucket adds: a server that fails, lies elsewhere, keeps what is deleted, and other nodes.</summary>
public sealed class BucketTroubleTests : IAsyncLifetime
{
    private const string Name = "segment-000001.pcm";
    private readonly Guid _recording = Guid.CreateVersion7();
    private S3House _house = null!;

    public async Task InitializeAsync() => _house = await S3House.StartAsync();

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Theory]
    [InlineData(nameof(Fault.InternalError))]
    [InlineData(nameof(Fault.SlowDown))]
    [InlineData(nameof(Fault.Dropped))]
    [InlineData(nameof(Fault.AnswerLost))]
    public async Task Whichever_request_fails_the_object_is_there_once_and_whole_after_trying_again(string fault)
    {
        var audio = Audio((7 * Chunk) + 320);
        for (var at = 0; ; at++)
        {
            var (recording, seen, happened) = (Guid.CreateVersion7(), 0, false);
            _house.Server.Fail = _ => seen++ == at && (happened = true) ? Enum.Parse<Fault>(fault) : null;

            await using (var writer = await AgainAsync(() => _house.Storage.CreateAsync(recording, Name, default)))
            {
                await writer.WriteAsync(audio, default);
                await AgainAsync(async () =>
                {
                    await writer.CompleteAsync(default);
                    return true;
                });
            }

            _house.Server.Fail = _ => null;
            (await ReadAsync(_house.Storage, recording, Name)).ShouldBe(audio, $"request {at}");
            (await _house.Storage.ListAsync(recording, default)).ShouldBe([Name]);
            _house.Spooled().ShouldBeEmpty($"request {at}");
            if (!happened)
            {
                at.ShouldBeGreaterThan(6);
                return;
            }
        }
    }

    [Fact]
    public async Task A_node_that_comes_back_takes_up_what_it_left_on_its_disk()
    {
        var (purged, whole) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var writer = await _house.Storage.CreateAsync(_recording, Name, default))
        await using (var other = await _house.Storage.CreateAsync(purged, Name, default))
        {
            await writer.WriteAsync(Audio((3 * Chunk) + 1), default);
            await other.WriteAsync(Audio((3 * Chunk) + 1), default);
        }

        await using (var third = await _house.Storage.CreateAsync(whole, Name, default))
        {
            await third.WriteAsync(Audio(Chunk), default);
            _house.Server.Fail = _ => Fault.InternalError;
            await Should.ThrowAsync<IOException>(async () => await third.CompleteAsync(default));
        }

        _house.Server.Fail = _ => null;
        // What a purge left that was cut short.
        Directory.CreateDirectory(Path.Combine(_house.Spool, "eea", Guid.CreateVersion7().ToString()));
        var elsewhere = Directory.CreateTempSubdirectory("spool-").FullName;
        var another = _house.Open(elsewhere, _house.Place);
        await another.PurgeAsync(purged, default);
        (await another.ListAsync(_recording, default)).ShouldBeEmpty();

        var back = _house.Open(_house.Spool, _house.Place);
        _house.Server.Fail = _ => Fault.InternalError;
        await Should.ThrowAsync<AggregateException>(() => back.TakeUpAsync(default));
        _house.Server.Fail = _ => null;
        for (var twice = 0; twice < 2; twice++)
            await back.TakeUpAsync(default);

        (await ReadAsync(another, _recording, Name)).ShouldBe(Audio((3 * Chunk) + 1)[..(3 * Chunk)]);
        (await ReadAsync(another, whole, Name)).ShouldBe(Audio(Chunk));
        (await another.ExistsAsync(purged, default)).ShouldBeFalse();
        Directory.GetFileSystemEntries(Path.Combine(_house.Spool, "eea")).ShouldBeEmpty();
        Directory.Delete(elsewhere, recursive: true);
    }

    [Theory]
    [InlineData(nameof(Fault.InternalError))]
    [InlineData(nameof(Fault.SlowDown))]
    [InlineData(nameof(Fault.Dropped))]
    [InlineData(nameof(Fault.AnswerLost))]
    public async Task Whichever_request_of_a_purge_fails_trying_again_leaves_nothing(string fault)
    {
        for (var at = 0; ; at++)
        {
            var (recording, seen, happened) = (Guid.CreateVersion7(), 0, false);
            await WriteAsync(_house.Storage, recording, Name, Audio(4 * Chunk));
            _house.Server.Fail = _ => seen++ == at && (happened = true) ? Enum.Parse<Fault>(fault) : null;

            await AgainAsync(async () =>
            {
                await _house.Storage.PurgeAsync(recording, default);
                return true;
            });

            _house.Everything().ShouldBeEmpty($"request {at}");
            if (!happened)
                return;
        }
    }

    [Fact]
    public async Task An_error_told_under_a_good_status_is_an_error()
    {
        await using var writer = await _house.Storage.CreateAsync(_recording, Name, default);
        await writer.WriteAsync(Audio(7 * Chunk), default);
        _house.Server.Fail = request => request.Method == "POST" && request.Query.ContainsKey("uploadId") ? Fault.ErrorInBody : null;

        await Should.ThrowAsync<IOException>(async () => await writer.CompleteAsync(default));
        (await ReadAsync(_house.Storage, _recording, Name)).ShouldBe(Audio(7 * Chunk));
        _house.Server.Fail = _ => null;
        await writer.CompleteAsync(default);

        _house.Spooled().ShouldBeEmpty();
        (await ReadAsync(_house.Storage, _recording, Name)).ShouldBe(Audio(7 * Chunk));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_and_nothing_is_lost()
    {
        var hasty = _house.Open(_house.Spool, _house.Place with { Patience = TimeSpan.FromSeconds(2) });
        await using var writer = await hasty.CreateAsync(_recording, Name, default);
        await writer.WriteAsync(Audio(Chunk), default);
        _house.Server.Fail = request => request.Method == "PUT" ? Fault.Silent : null;

        await Should.ThrowAsync<IOException>(async () => await writer.CompleteAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        _house.Server.Fail = _ => null;
        await writer.CompleteAsync(default);

        (await ReadAsync(_house.Storage, _recording, Name)).ShouldBe(Audio(Chunk));
    }

    [Fact]
    public async Task Parts_are_as_large_as_S3_wants_them_and_a_large_object_is_one()
    {
        _house.Server.Contents.SmallParts = false;
        var usual = _house.Open(_house.Spool, new BucketPlace(S3Server.BucketName, "eu-central-1", _house.Server.Endpoint, S3Server.AccessKey, S3Server.SecretKey));
        var audio = Audio(18 << 20);

        await WriteAsync(usual, _recording, Name, audio, step: 1 << 20);

        _house.Server.Requests.Count(request => request.Contains("partNumber", StringComparison.Ordinal)).ShouldBe(3);
        (await ReadAsync(usual, _recording, Name)).AsSpan().SequenceEqual(audio).ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_signs_with_another_secret_gets_and_leaves_nothing()
    {
        await WriteAsync(_house.Storage, _recording, Name, Audio(10));
        var stranger = _house.Open(_house.Spool, _house.Place with { SecretKey = "another" });

        await Should.ThrowAsync<IOException>(() => stranger.OpenAsync(_recording, Name, default));
        await Should.ThrowAsync<IOException>(() => stranger.CreateAsync(Guid.CreateVersion7(), Name, default));
        (await ReadAsync(_house.Storage, _recording, Name)).ShouldBe(Audio(10));
    }

    [Fact]
    public async Task A_bucket_that_keeps_what_is_deleted_keeps_nothing_of_a_purged_recording()
    {
        _house.Server.Contents.Versioned = true;
        await WriteAsync(_house.Storage, _recording, Name, Audio(4 * Chunk));
        await ((IRecordingKeyRotation)_house.Open("second")).RewrapAsync(default);
        _house.Everything().Count(thing => thing.Key.Contains("/key", StringComparison.Ordinal)).ShouldBe(2);

        await _house.Storage.PurgeAsync(_recording, default);

        _house.Everything().ShouldBeEmpty();
        (await _house.Storage.ExistsAsync(_recording, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_is_purged_while_it_is_rewrapped_is_not_put_back()
    {
        await WriteAsync(_house.Storage, _recording, Name, Audio(10));
        _house.Server.Fail = request =>
        {
            if (request.Method == "PUT")
                _house.Server.Contents.Overwrite(_house.KeyOf(_recording), null);
            return null;
        };

        (await ((IRecordingKeyRotation)_house.Open("second")).RewrapAsync(default)).Rewrapped.ShouldBe(0);

        _house.Everything().Keys.ShouldNotContain(_house.KeyOf(_recording));
    }

    [Fact]
    public async Task Two_nodes_record_one_recording_under_one_key_and_either_reads_and_purges_it()
    {
        var spool = Directory.CreateTempSubdirectory("spool-").FullName;
        var other = _house.Open(spool, _house.Place);
        await Task.WhenAll(WriteAsync(_house.Storage, _recording, Name, Audio(Chunk)), WriteAsync(other, _recording, "segment-000002.pcm", Audio(2 * Chunk)));
        (await ReadAsync(other, _recording, Name)).ShouldBe(Audio(Chunk));
        (await ReadAsync(_house.Storage, _recording, "segment-000002.pcm")).ShouldBe(Audio(2 * Chunk));

        await using var writer = await other.CreateAsync(_recording, "segment-000003.pcm", default);
        await writer.WriteAsync(Audio(Chunk), default);
        await _house.Storage.PurgeAsync(_recording, default);
        (await other.ListAsync(_recording, default)).ShouldBeEmpty();
        await Should.ThrowAsync<FileNotFoundException>(async () => await writer.CompleteAsync(default));

        _house.Everything().ShouldBeEmpty();
        Directory.GetFiles(spool, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.Delete(spool, recursive: true);
    }

    [Fact]
    public async Task What_a_dead_node_had_complete_but_not_sent_is_sent_by_recovery()
    {
        _house.Server.Fail = request => request.Method == "PUT" && request.Path.Value!.EndsWith(".enc", StringComparison.Ordinal) ? Fault.SlowDown : null;
        await using (var writer = await _house.Storage.CreateAsync(_recording, Name, default))
        {
            await writer.WriteAsync(Audio(Chunk), default);
            await Should.ThrowAsync<IOException>(async () => await writer.CompleteAsync(default));
        }

        _house.Server.Fail = _ => null;
        await _house.Open().RecoverAsync(_recording, default);

        _house.Spooled().ShouldBeEmpty();
        (await ReadAsync(_house.Storage, _recording, Name)).ShouldBe(Audio(Chunk));
    }

    private static async Task<T> AgainAsync<T>(Func<Task<T>> attempt)
    {
        for (var left = 3; ; left--)
        {
            try
            {
                return await attempt();
            }
            catch (IOException e) when (e is not FileNotFoundException && left > 0)
            {
                // As the recorder does: until it works.
            }
        }
    }
}
