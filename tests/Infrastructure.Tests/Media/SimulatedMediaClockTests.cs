using ContactCenter.Application.Media;
using ContactCenter.Infrastructure.Media.Simulated;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.Media;

public sealed class SimulatedMediaClockTests : IAsyncLifetime
{
    private readonly SimulatedLab _lab = new();
    private readonly ManualTime _time = new();
    private Ear _ear = null!;

    public async Task InitializeAsync()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        _ear = _lab.Listen();
    }

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task A_late_tick_is_made_up_for_and_nothing_drifts()
    {
        using var clock = await StartAsync();
        var elapsed = TimeSpan.Zero;
        foreach (var milliseconds in new[] { 20, 27, 5, 13, 400, 19, 21, 495 })
        {
            elapsed += TimeSpan.FromMilliseconds(milliseconds);
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await _ear.HeardAsync((elapsed.Ticks / TimeSpan.FromMilliseconds(20).Ticks) - 1);
        }

        _ear.Frames.Select(frame => frame.Sequence).ShouldBe(Enumerable.Range(0, 50).Select(i => (long)i));
        await clock.StopAsync(default);
    }

    [Fact]
    public async Task After_a_long_sleep_only_the_last_five_seconds_are_made_up_for()
    {
        using var clock = await StartAsync();
        _time.Advance(TimeSpan.FromHours(8));
        await _ear.HeardAsync(249);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await _ear.HeardAsync(250);

        _ear.Frames[^1].Sequence.ShouldBe(250);
        await clock.StopAsync(default);
    }

    [Fact]
    public async Task Stopping_the_clock_ends_the_calls_in_good_order()
    {
        using var clock = await StartAsync();

        await clock.StopAsync(default);

        (await _lab.Facts.ToldAsync<MediaLost>()).SessionId.ShouldBe(_lab.Session);
        await Eventually.True(() => _ear.Ended);
    }

    private async Task<SimulatedMediaClock> StartAsync()
    {
        var clock = new SimulatedMediaClock(_lab.Simulated, _time, NullLogger<SimulatedMediaClock>.Instance);
        await clock.StartAsync(default);
        await Eventually.True(() => _time.IsRead);
        return clock;
    }

    /// <summary>Time that stands still until it is told to move, like that of a busy machine.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long _now;
        private bool _isRead;

        public bool IsRead => Volatile.Read(ref _isRead);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            Volatile.Write(ref _isRead, true);
            return Volatile.Read(ref _now);
        }

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);
    }
}
