using System.Security.Cryptography;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Infrastructure.Tests.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>What becomes of audio when storage is slow, failing, gone or taken.</summary>
public sealed class SegmentRecorderTests : IDisposable
{
    private readonly RecordingFolder _folder = new();
    private readonly FailingStorage _storage;
    private readonly FactSink _facts = new();
    private readonly AlarmLog _log = new();
    private readonly SimulatedMediaEngine _engine;
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid _recording = Guid.CreateVersion7();

    public SegmentRecorderTests()
    {
        _storage = new FailingStorage(_folder.Storage);
        _engine = new SimulatedMediaEngine(_storage, _facts, TimeProvider.System, _log);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_disk_that_fails_for_a_while_costs_neither_time_nor_audio()
    {
        _storage.FailOnce();
        await BeginAsync();
        Pass(50 * 31);
        _log.Alarms.ShouldContain(text => text.Contains("in memory only", StringComparison.Ordinal));
        Pass(33);

        await StopAsync();

        var closed = _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem();
        closed.Samples.ShouldBe(((50 * 31) + 33) * 160);
        await using var stored = await _folder.Storage.OpenAsync(_recording, RecordingObjects.Segment(1), default);
        stored.Length.ShouldBe(closed.Samples * 2);
        Convert.ToHexStringLower(await SHA256.HashDataAsync(stored)).ShouldBe(closed.Sha256);
        _storage.Failed.ShouldBe(["create", "write", "complete"]);
    }

    [Fact]
    public async Task A_recording_purged_while_it_is_made_stays_purged()
    {
        await BeginAsync();
        Pass(60);
        await Eventually.True(() => _folder.Files().Any(file => file.EndsWith(".partial", StringComparison.Ordinal)));
        await _folder.Storage.PurgeAsync(_recording, default);
        Pass(60);

        await StopAsync();

        _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(0);
        _folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_stored_before_is_neither_overwritten_nor_mistaken()
    {
        await _folder.WriteAsync(_recording, RecordingObjects.Segment(1), RecordingFolder.Audio(640));
        await BeginAsync();
        Pass(60);

        await StopAsync();

        _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(320);
        (await _folder.ReadAsync(_recording, RecordingObjects.Segment(1))).ShouldBe(RecordingFolder.Audio(640));
    }

    private async Task BeginAsync()
    {
        await _engine.ExecuteAsync(
            new PlaceLeg(Guid.CreateVersion7(), _session, Guid.CreateVersion7(), Party.Consumer, SpaceKind.Conversation, null), default);
        await _engine.ExecuteAsync(new StartSegment(Guid.CreateVersion7(), _session, _recording, 1, SpaceKind.Conversation), default);
    }

    private void Pass(int frames)
    {
        for (; frames > 0; frames--)
            _engine.Tick();
    }

    private Task StopAsync() =>
        _engine.ExecuteAsync(new StopSegment(Guid.CreateVersion7(), _session, _recording, 1), default);

    private sealed class AlarmLog : ILogger<SimulatedMediaEngine>
    {
        private readonly List<string> _alarms = [];

        public string[] Alarms
        {
            get
            {
                lock (_alarms)
                    return [.. _alarms];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            lock (_alarms)
                _alarms.Add(formatter(state, exception));
        }
    }

    /// <summary>The real storage on a disk that fails once to create, once half-way through a write and once to complete.</summary>
    private sealed class FailingStorage(IRecordingStorage storage) : IRecordingStorage
    {
        private readonly List<string> _failed = [];
        private bool _failing;

        public IReadOnlyList<string> Failed => _failed;

        public void FailOnce() => _failing = true;

        public async Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken)
        {
            Fail("create");
            return new FailingWriter(await storage.CreateAsync(recordingId, name, cancellationToken), this);
        }

        public Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken) => storage.OpenAsync(recordingId, name, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ListAsync(recordingId, cancellationToken);

        public Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken) => storage.RecoverAsync(recordingId, cancellationToken);

        public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => storage.PurgeAsync(recordingId, cancellationToken);

        public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ExistsAsync(recordingId, cancellationToken);

        private void Fail(string operation)
        {
            if (!_failing || _failed.Contains(operation))
                return;
            _failed.Add(operation);
            throw new IOException("No space left on device.");
        }

        private sealed class FailingWriter(RecordingWriter writer, FailingStorage disk) : RecordingWriter
        {
            public override long Length => writer.Length;

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
            {
                var half = plain.Length / 2;
                await writer.WriteAsync(plain[..half], cancellationToken);
                disk.Fail("write");
                await writer.WriteAsync(plain[half..], cancellationToken);
            }

            public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
            {
                disk.Fail("complete");
                await writer.CompleteAsync(cancellationToken);
            }

            public override ValueTask DisposeAsync() => writer.DisposeAsync();
        }
    }
}
