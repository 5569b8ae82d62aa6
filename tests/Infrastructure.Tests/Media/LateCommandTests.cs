using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>A command comes later than the instant that it is about: what is kept is what was said by that (REC-1, REC-4).</summary>
public sealed class LateCommandTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private readonly Backlog _backlog = new();
    private readonly SimulatedLab _lab;
    private DateTimeOffset _now = Noon;

    public LateCommandTests() => _lab = new SimulatedLab(_backlog);

    public Task InitializeAsync() => _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(1_007)]
    [InlineData(1_990)]
    [InlineData(2_999.9)]
    public async Task A_segment_is_cut_at_the_sample_of_its_end_however_late_that_comes(double milliseconds)
    {
        var end = Noon.AddMilliseconds(milliseconds);
        await BeginAsync(Noon);
        _backlog.Asks(_lab.Session, end);
        Pass(150);
        await _backlog.LookedAsync();

        await _lab.DoAsync(new StopSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1) { At = end });
        await StoreAsync(at: null);

        var closed = _lab.Facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem();
        closed.Samples.ShouldBe((long)(milliseconds * 8));
        (await _lab.StoredAsync(1)).Length.ShouldBe((int)closed.Samples);
    }

    [Fact]
    public async Task What_sees_a_segment_into_storage_cuts_it_too_if_it_is_first()
    {
        await BeginAsync(Noon);
        Pass(60);
        await StoreAsync(Noon.AddMilliseconds(500));
        await _lab.DoAsync(new StopSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1) { At = Noon.AddMilliseconds(500) });

        (await _lab.StoredAsync(1)).Length.ShouldBe(4_000);
    }

    [Fact]
    public async Task A_call_that_is_released_late_is_cut_where_it_ended()
    {
        await BeginAsync(Noon);
        Pass(60);
        await _lab.DoAsync(new ReleaseCall(Guid.CreateVersion7(), _lab.Session) { At = Noon.AddMilliseconds(500) });

        (await _lab.StoredAsync(1)).Length.ShouldBe(4_000);
    }

    [Fact]
    public async Task Nothing_that_was_said_before_its_beginning_is_in_a_segment()
    {
        // 30 ms into what is ticked: a frame is before it, and half a frame.
        await BeginAsync(Noon.AddMilliseconds(30));
        Pass(60);
        await StoreAsync(at: null);

        var samples = await _lab.StoredAsync(1);
        samples.Length.ShouldBe(59 * 160);
        samples.Take(80).ShouldAllBe(sample => sample == 0);
        samples[80..160].ShouldContain(sample => sample != 0);
    }

    [Fact]
    public async Task An_engine_that_stops_while_an_end_is_on_its_way_cuts_there()
    {
        await BeginAsync(Noon);
        _backlog.Asks(_lab.Session, Noon.AddMilliseconds(1_500));
        Pass(150);
        await _lab.Simulated.StopAsync(default);

        (await _lab.StoredAsync(1)).Length.ShouldBe(12_000);
    }

    [Fact]
    public async Task What_was_said_after_an_end_that_is_on_its_way_was_on_no_disk_when_the_engine_dies()
    {
        await BeginAsync(Noon);
        Pass(50);
        await Eventually.True(() => Sealed() > 16_000);
        _backlog.Asks(_lab.Session, Noon.AddMilliseconds(1_500));
        Pass(150);
        await _backlog.LookedAsync();
        await _backlog.LookedAsync();

        await _lab.CrashAsync();
        await StoreAsync(at: null);

        _lab.Facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(8_000);
    }

    [Fact]
    public async Task A_backlog_that_cannot_be_read_costs_no_audio_and_holds_up_no_end()
    {
        _backlog.Fails = true;
        await BeginAsync(Noon);
        Pass(150);
        await _backlog.LookedAsync();
        Sealed().ShouldBeLessThan(16_000);
        await _lab.DoAsync(new StopSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1) { At = Noon.AddSeconds(3) });
        await StoreAsync(at: null);

        (await _lab.StoredAsync(1)).Length.ShouldBe(24_000);
    }

    private long Sealed() => _lab.Folder.Files().Where(file => file.EndsWith(".partial", StringComparison.Ordinal)).Sum(file => new FileInfo(file).Length);

    private Task BeginAsync(DateTimeOffset at) =>
        _lab.DoAsync(new StartSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1, SpaceKind.Conversation) { At = at });

    private Task StoreAsync(DateTimeOffset? at) => _lab.DoAsync(new StoreSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1) { At = at });

    private void Pass(int frames)
    {
        for (; frames > 0; frames--)
            _lab.Simulated.Tick(_now += PhoneAudio.Frame);
    }

    private sealed class Backlog : IMediaBacklog
    {
        private readonly Dictionary<Guid, DateTimeOffset> _asked = [];
        private int _looks;

        public bool Fails { get; set; }

        public void Asks(Guid session, DateTimeOffset at) => _asked[session] = at;

        /// <summary>Until somebody has looked once more.</summary>
        public Task LookedAsync()
        {
            var before = Volatile.Read(ref _looks);
            return Eventually.True(() => Volatile.Read(ref _looks) > before);
        }

        public Task<bool> HasAnyAsync(Guid sessionId, Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(_asked.Count > 0);

        public Task<IReadOnlyDictionary<Guid, DateTimeOffset>> EndsAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return Fails ? throw new IOException("The database is gone.") : Task.FromResult<IReadOnlyDictionary<Guid, DateTimeOffset>>(_asked.ToDictionary());
        }
    }
}
