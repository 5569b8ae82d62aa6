using System.Security.Cryptography;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Infrastructure.Tests.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>What becomes of audio when storage is slow, failing, gone or taken.</summary>
public sealed class SegmentRecorderTests : IDisposable
{
    private readonly RecordingFolder _folder = new();
    private readonly TroubledStorage _storage;
    private readonly FactSink _facts = new();
    private readonly AlarmLog _log = new();
    private readonly SimulatedMediaEngine _engine;
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid _recording = Guid.CreateVersion7();

    public SegmentRecorderTests()
    {
        _storage = new TroubledStorage(_folder.Storage);
        _engine = new SimulatedMediaEngine(_storage, _facts, TimeProvider.System, _log);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_disk_that_fails_for_a_while_costs_neither_time_nor_audio(Type trouble)
    {
        _storage.FailOnce(() => (Exception)Activator.CreateInstance(trouble)!);
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
    public async Task A_recording_whose_key_is_damaged_ends_with_what_storage_has_and_holds_its_call_up_no_longer()
    {
        await _folder.WriteAsync(_recording, RecordingObjects.Segment(7), RecordingFolder.Audio(640));
        await File.WriteAllTextAsync(Path.Combine(_folder.DirectoryOf(_recording), "key"), "{}");
        await BeginAsync();
        Pass(60);

        await StopAsync();
        await ReleaseAsync();

        _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(0);
        _log.Alarms.ShouldContain(text => text.Contains("cannot be stored", StringComparison.Ordinal));
        _engine.Knows(_session).ShouldBeFalse();
    }

    [Fact]
    public async Task Anothers_damage_takes_no_segment_that_is_whole()
    {
        await _folder.WriteAsync(_recording, RecordingObjects.Segment(1), RecordingFolder.Audio(640));
        // A draft that begins as nothing of this recording does.
        await File.WriteAllBytesAsync(Path.Combine(_folder.DirectoryOf(_recording), "other.partial"), [.. Enumerable.Repeat((byte)7, 100)]);
        await Should.ThrowAsync<RecordingCorruptException>(() => _folder.Storage.RecoverAsync(_recording, default));

        await StopAsync();

        _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(320);
    }

    [Fact]
    public async Task A_call_goes_on_while_storage_stands_still_and_its_segment_is_asked_for_again()
    {
        _storage.StandStill();
        await BeginAsync();
        Pass(60);
        await _engine.ExecuteAsync(new StopSegment(Guid.CreateVersion7(), _session, _recording, 1), default).WaitAsync(TimeSpan.FromSeconds(30));
        Pass(60);
        await Should.ThrowAsync<RetryLaterException>(() => _engine.ExecuteAsync(Store(1), default));
        // One whose turn comes before its beginning's.
        await Should.ThrowAsync<RetryLaterException>(() => _engine.ExecuteAsync(Store(2), default));
        await Should.ThrowAsync<RetryLaterException>(() => _engine.ExecuteAsync(new ReleaseCall(Guid.CreateVersion7(), _session), default));
        _facts.Facts.OfType<SegmentClosed>().ShouldBeEmpty();

        _storage.GoOn();
        await StopAsync();
        await ReleaseAsync();

        _facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(60 * 160);
        _engine.Knows(_session).ShouldBeFalse();
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

    private async Task StopAsync()
    {
        await _engine.ExecuteAsync(new StopSegment(Guid.CreateVersion7(), _session, _recording, 1), default);
        await UntilDoneAsync(Store(1));
    }

    private Task ReleaseAsync() => UntilDoneAsync(new ReleaseCall(Guid.CreateVersion7(), _session));

    private StoreSegment Store(int segment) => new(Guid.CreateVersion7(), _session, _recording, segment);

    private async Task UntilDoneAsync(MediaCommand command) => await ContactCenter.Testing.Eventually.TrueAsync(async () =>
    {
        try
        {
            await _engine.ExecuteAsync(command, default);
            return true;
        }
        catch (RetryLaterException)
        {
            return false;
        }
    });

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
}
