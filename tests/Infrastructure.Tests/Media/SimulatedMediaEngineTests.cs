using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Media.Simulated;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.Media;

internal sealed class SimulatedLab : MediaLab
{
    private readonly DirectoryInfo _voices = Directory.CreateTempSubdirectory("voices-");
    private long _frames;

    private readonly IMediaBacklog? _backlog;

    public SimulatedLab(IMediaBacklog? backlog = null)
    {
        _backlog = backlog;
        Simulated = Start();
    }

    public SimulatedMediaEngine Simulated { get; private set; }

    public override IMediaEngine Engine => Simulated;

    public override IProviderRecordings Provider => Simulated;

    public string Voices => _voices.FullName;

    public override async Task PassAsync(int frames)
    {
        // No more at a time than a listener's queue holds, so that only a slow one loses any.
        while (frames > 0)
        {
            for (var step = 0; step < 40 && frames > 0; step++, frames--, _frames++)
                Simulated.Tick();
            foreach (var ear in Ears)
                await ear.HeardAsync(_frames - 1);
        }
    }

    public override async Task CrashAsync()
    {
        Simulated.Dispose();
        foreach (var draft in Folder.Files().Where(file => file.EndsWith(".partial", StringComparison.Ordinal)))
            await Eventually.True(() => !InUse(draft));
        Simulated = Start();
    }

    public override void HangUpByItself(Party party) => Simulated.HangUpByParty(Session, party).ShouldBeTrue();

    protected override IAsyncEnumerable<AudioFrame> HearAsync(Guid leg, CancellationToken cancellationToken) =>
        Simulated.HearAsync(Session, leg, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await CrashAsync();
        Simulated.Dispose();
        _voices.Delete(recursive: true);
        await base.DisposeAsync();
    }

    private SimulatedMediaEngine Start() =>
        new(Folder.Storage, Facts, TimeProvider.System, NullLogger<SimulatedMediaEngine>.Instance, Voices, _backlog);

    private static bool InUse(string file)
    {
        try
        {
            using var alone = File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

public sealed class SimulatedMediaEngineContract() : MediaEngineContract(new SimulatedLab());

public sealed class SimulatedMediaEngineTests : IAsyncLifetime
{
    private readonly SimulatedLab _lab = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public void It_says_that_it_is_simulated() => _lab.Engine.Name.ShouldBe("simulated");

    [Fact]
    public async Task A_tone_goes_on_without_a_click_through_moves_and_seconds()
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var listener = _lab.Listen();
        await _lab.PassAsync(120);
        await _lab.MoveAsync(consumer, SpaceKind.Hold);
        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        await _lab.PassAsync(30);

        var samples = listener.Samples;
        for (var i = 0; i < samples.Length; i++)
            ((double)samples[i]).ShouldBe(6000 * Math.Sin(2 * Math.PI * 440 * i / 8000), 0.51);
    }

    [Fact]
    public async Task A_party_speaks_a_file_once_at_any_rate_then_is_silent()
    {
        WriteVoice("greeting.wav", hz: 700, rate: 44_100, seconds: 1);
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation, "greeting.wav");
        var listener = _lab.Listen();

        await _lab.PassAsync(100);

        var samples = listener.Samples;
        Hearing.Tones(samples).ShouldBe([700]);
        Hearing.Strength(samples.AsSpan(800, 6400), 700).ShouldBe(8000, 80);
        samples.Skip(8000).ShouldAllBe(sample => sample == 0);
    }

    [Fact]
    public async Task What_8_kHz_cannot_hold_is_left_out_of_a_resampled_voice()
    {
        // 6700 Hz would fold back to 1300 Hz if it were only thinned out.
        WriteVoice("whistle.wav", hz: 6700, rate: 48_000, seconds: 1);
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation, "whistle.wav");
        var listener = _lab.Listen();

        await _lab.PassAsync(50);

        Hearing.Strength(listener.Samples.AsSpan(800, 6400), 1300).ShouldBeLessThan(80);
    }

    [Theory]
    [InlineData("missing.wav")]
    [InlineData("../missing.wav")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("broken.wav")]
    [InlineData("tone:0")]
    [InlineData("tone:4000")]
    [InlineData("tone:high")]
    public async Task A_party_whose_voice_cannot_be_had_fails_to_answer(string voice)
    {
        File.WriteAllText(Path.Combine(_lab.Voices, "broken.wav"), "RIFF?");

        var leg = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Queue, voice);

        var ended = await _lab.Facts.ToldAsync<LegEnded>();
        (ended.LegId, ended.Cause).ShouldBe((leg, "failed"));
        _lab.Facts.Facts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Stopping_in_good_order_stores_the_segments_and_reports_the_loss_last()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(30);

        await _lab.Simulated.StopAsync(default);

        _lab.Facts.Facts.Select(fact => fact.GetType()).ShouldBe([typeof(LegAnswered), typeof(SegmentClosed), typeof(MediaLost)]);
        (await _lab.StoredAsync(1)).Length.ShouldBe(30 * 160);
    }

    [Fact]
    public async Task Two_hundred_recorded_calls_take_no_memory_per_frame()
    {
        for (var call = 0; call < 200; call++)
        {
            var (session, recording) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            foreach (var party in new[] { Party.Consumer, Party.Agent })
                await _lab.DoAsync(new PlaceLeg(Guid.CreateVersion7(), session, Guid.CreateVersion7(), party, SpaceKind.Conversation, null));
            await _lab.DoAsync(new StartSegment(Guid.CreateVersion7(), session, recording, 1, SpaceKind.Conversation));
        }

        await _lab.PassAsync(50);
        await Eventually.True(() => _lab.Folder.Drafts(PhoneAudio.BytesPerSecond) == 200);
        await _lab.PassAsync(1);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 0; tick < 49; tick++)
            _lab.Simulated.Tick();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;

        // 9,800 frames: an array for each would be three million bytes.
        allocated.ShouldBeLessThan(100_000);
        await _lab.Simulated.StopAsync(default);
    }

    private void WriteVoice(string name, int hz, int rate, int seconds)
    {
        using var file = new BinaryWriter(File.Create(Path.Combine(_lab.Voices, name)));
        var header = WavHeader.Create(rate * seconds * 2);
        BitConverter.GetBytes(rate).CopyTo(header, 24);
        file.Write(header);
        for (var i = 0; i < rate * seconds; i++)
            file.Write((short)(8000 * Math.Sin(2 * Math.PI * hz * i / rate)));
    }
}
