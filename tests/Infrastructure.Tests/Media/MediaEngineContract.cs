using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using static ContactCenter.Infrastructure.Tests.Media.Hearing;
using AudioFormat = ContactCenter.Domain.Settings.AudioFormat;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>What every media engine must do, told by what can be heard.</summary>
public abstract partial class MediaEngineContract : IAsyncLifetime
{
    private readonly MediaLab _lab;

    private protected MediaEngineContract(MediaLab lab) => _lab = lab;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task Parties_of_a_conversation_hear_each_other_and_not_themselves()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        await _lab.PassAsync(25);
        consumer.Tones.ShouldBe([Agent]);
        agent.Tones.ShouldBe([Consumer]);

        var supervisor = _lab.EarOf(await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Conversation));
        agent.Forget();
        await _lab.PassAsync(25);

        agent.Tones.ShouldBe([Consumer, Supervisor]);
        supervisor.Tones.ShouldBe([Consumer, Agent]);
    }

    [Fact]
    public async Task A_virtual_agent_has_a_voice_of_its_own_and_hears_the_consumer()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        var virtualAgent = _lab.EarOf(await _lab.PlaceAsync(Party.VirtualAgent, SpaceKind.Conversation));
        await _lab.PassAsync(25);
        consumer.Tones.ShouldBe([VirtualAgent]);
        virtualAgent.Tones.ShouldBe([Consumer]);
    }

    [Theory]
    [InlineData(SpaceKind.Queue, QueueMusic)]
    [InlineData(SpaceKind.Hold, HoldMusic)]
    public async Task Who_waits_hears_music_and_is_heard_by_nobody(SpaceKind waiting, int music)
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var (hears, agent) = (_lab.EarOf(consumer), _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation)));
        await _lab.MoveAsync(consumer, waiting);

        await _lab.PassAsync(50);
        hears.Tones.ShouldBe([music]);
        agent.Tones.ShouldBeEmpty();

        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        hears.Forget();
        await _lab.PassAsync(25);
        hears.Tones.ShouldBe([Agent]);
        agent.Tones.ShouldBe([Consumer]);
    }

    [Theory]
    [InlineData(SpaceKind.Queue)]
    [InlineData(SpaceKind.Hold)]
    [InlineData(SpaceKind.Preparation)]
    [InlineData(SpaceKind.Voicemail)]
    public async Task Parties_in_a_space_that_is_not_for_talking_do_not_hear_each_other(SpaceKind space)
    {
        var one = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, space));
        var other = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, space));

        await _lab.PassAsync(25);

        one.Tones.ShouldNotContain(Agent);
        other.Tones.ShouldNotContain(Consumer);
    }

    [Fact]
    public async Task Agents_in_consultation_hear_each_other_and_the_consumer_does_not()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Hold));
        var first = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Consultation));
        var second = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Consultation, "tone:700"));

        await _lab.PassAsync(25);

        first.Tones.ShouldBe([700]);
        second.Tones.ShouldBe([Agent]);
        consumer.Tones.ShouldBe([HoldMusic]);
    }

    [Fact]
    public async Task The_agent_alone_hears_whisper_and_countdown()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Queue));
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation));
        var whisper = await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Whisper, "Call from Refunds");
        var countdown = await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Countdown);

        await _lab.PassAsync(250);

        agent.Tones.ShouldBe([Whisper, Countdown]);
        consumer.Tones.ShouldBe([QueueMusic]);
        await _lab.Facts.ToldAsync<PromptFinished>(fact => fact.PromptId == whisper);
        await _lab.Facts.ToldAsync<PromptFinished>(fact => fact.PromptId == countdown);
    }

    [Fact]
    public async Task Speech_takes_longer_the_more_is_said_and_less_the_faster_it_is()
    {
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation));

        var normal = await FramesOfAsync("Call from Refunds", 1);
        var twiceAsFast = await FramesOfAsync("Call from Refunds", 2);
        var twiceAsLong = await FramesOfAsync("Call from RefundsCall from Refunds", 1);

        ((double)twiceAsFast / normal).ShouldBeInRange(0.45, 0.55);
        ((double)twiceAsLong / normal).ShouldBeInRange(1.9, 2.1);

        async Task<int> FramesOfAsync(string text, double speed)
        {
            agent.Forget();
            await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Whisper, text, speed);
            await _lab.PassAsync(200);
            return Frames(agent.Samples, Whisper);
        }
    }

    [Fact]
    public async Task What_was_meant_for_one_agent_is_not_heard_by_the_next()
    {
        var first = await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation);
        await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Whisper, "Call from Refunds");
        await _lab.PassAsync(5);
        await _lab.DoAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, first));

        var second = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation));
        await _lab.PassAsync(50);

        second.Tones.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_uploaded_recording_is_heard_as_it_is_and_as_long_as_it_is()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Voicemail));
        var wav = new PromptAudio(WavOf(Supervisor, seconds: 1), AudioFormat.Wav, DurationSeconds: 1);
        var mp3 = new PromptAudio(new byte[] { 0xFF, 0xFB }, AudioFormat.Mp3, DurationSeconds: 1);
        foreach (var audio in new[] { wav, mp3 })
        {
            var id = Guid.CreateVersion7();
            consumer.Forget();
            await _lab.DoAsync(new PlayPrompt(id, _lab.Session, SpaceKind.Voicemail, new Prompt(PromptKind.Message, Text: null, AudioId: Guid.CreateVersion7()) { Audio = audio }));
            await _lab.PassAsync(60);
            await _lab.Facts.ToldAsync<PromptFinished>(fact => fact.PromptId == id);
            Frames(consumer.Samples, audio == wav ? Supervisor : Message).ShouldBeInRange(49, 51);
        }

        static byte[] WavOf(int hz, int seconds)
        {
            var samples = Enumerable.Range(0, 8000 * seconds).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * hz * i / 8000))).ToArray();
            return [.. WavHeader.Create(samples.Length * 2L), .. MemoryMarshal.AsBytes<short>(samples)];
        }
    }

    [Fact]
    public async Task The_recording_tone_is_heard_on_both_sides()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        await _lab.PlayAsync(SpaceKind.Conversation, PromptKind.RecordingTone);

        await _lab.PassAsync(50);

        consumer.Tones.ShouldBe([Agent, RecordingTone]);
        agent.Tones.ShouldBe([Consumer, RecordingTone]);
    }

    [Fact]
    public async Task A_recording_holds_the_conversation_and_nothing_from_queue_preparation_hold_or_consultation()
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Queue);
        var agent = await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation);
        await _lab.RecordAsync(1);
        await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Whisper, "Call from Refunds");
        await _lab.PlayAsync(SpaceKind.Queue, PromptKind.Message, "You are next");
        await _lab.PassAsync(60);
        await _lab.MoveAsync(agent, SpaceKind.Conversation);
        await _lab.PassAsync(10);
        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        await _lab.PassAsync(100);
        await _lab.MoveAsync(consumer, SpaceKind.Hold);
        await _lab.PassAsync(30);
        await _lab.MoveAsync(agent, SpaceKind.Consultation);
        await _lab.PlaceAsync(Party.Agent, SpaceKind.Consultation, "tone:1500");
        await _lab.PassAsync(30);
        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        await _lab.MoveAsync(agent, SpaceKind.Conversation);
        await _lab.PassAsync(50);

        var closed = await _lab.StopAsync(1);

        var recorded = await _lab.StoredAsync(1);
        closed.Samples.ShouldBe(150 * 160);
        recorded.Length.ShouldBe(150 * 160);
        Tones(recorded).ShouldBe([Consumer, Agent]);
        Frames(recorded, Consumer).ShouldBe(150);
    }

    [Fact]
    public async Task A_segment_closed_tells_what_is_stored()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Voicemail);
        await _lab.RecordAsync(1, SpaceKind.Voicemail);
        await _lab.PassAsync(77);

        var closed = await _lab.StopAsync(1);

        var recorded = await _lab.StoredAsync(1);
        Tones(recorded).ShouldBe([Consumer]);
        closed.Samples.ShouldBe(recorded.Length);
        closed.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<short>(recorded))));
    }

    [Fact]
    public async Task What_is_said_during_a_pause_is_nowhere_and_the_segments_join()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(60);
        await _lab.StopAsync(1);
        await _lab.PlayAsync(SpaceKind.Conversation, PromptKind.Message, "my card number is");
        await _lab.PassAsync(100);
        await _lab.RecordAsync(2);
        await _lab.PassAsync(40);
        await _lab.StopAsync(2);

        var joined = await _lab.StoredAsync(1, 2);

        joined.Length.ShouldBe(100 * 160);
        Tones(joined).ShouldBe([Consumer, Agent]);
    }

    [Theory]
    [InlineData(SpaceKind.Queue)]
    [InlineData(SpaceKind.Preparation)]
    [InlineData(SpaceKind.Hold)]
    [InlineData(SpaceKind.Consultation)]
    [InlineData(SpaceKind.Coaching)]
    public async Task Other_spaces_cannot_be_recorded(SpaceKind space)
    {
        await _lab.PlaceAsync(Party.Consumer, space);

        await Should.ThrowAsync<ArgumentException>(() => _lab.RecordAsync(1, space));

        await _lab.PassAsync(60);
        _lab.Folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_barging_supervisor_is_recorded()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(25);
        await _lab.StopAsync(1);

        Tones(await _lab.StoredAsync(1)).ShouldBe([Consumer, Supervisor]);
    }

    [Fact]
    public async Task A_listener_hears_both_and_nobody_can_tell()
    {
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        await _lab.PassAsync(50);
        await Eventually.True(() => _lab.Facts.Facts.Length == 2);
        var (agentAlone, consumerAlone, facts) = (agent.Samples, consumer.Samples, _lab.Facts.Facts.Length);
        agent.Forget();
        consumer.Forget();

        var listener = _lab.Listen();
        await _lab.PassAsync(50);

        listener.Tones.ShouldBe([Consumer, Agent]);
        agent.Samples.ShouldBe(agentAlone);
        consumer.Samples.ShouldBe(consumerAlone);
        _lab.Facts.Facts.Length.ShouldBe(facts);
    }

    [Fact]
    public async Task A_listener_does_not_hear_queue_hold_or_preparation()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Hold);
        await _lab.PlaceAsync(Party.Agent, SpaceKind.Preparation);
        await _lab.PlayAsync(SpaceKind.Preparation, PromptKind.Whisper, "Call from Refunds");
        var listener = _lab.Listen();

        await _lab.PassAsync(25);

        listener.Frames.Length.ShouldBe(25);
        listener.Tones.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_listener_starts_live_and_frames_are_counted_from_the_session_s_first()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var early = _lab.Listen();
        await _lab.PassAsync(100);
        var late = _lab.Listen();
        await _lab.PassAsync(10);

        early.Frames.Select(frame => frame.Sequence).ShouldBe(Enumerable.Range(0, 110).Select(i => (long)i));
        late.Frames.Select(frame => frame.Sequence).ShouldBe(Enumerable.Range(100, 10).Select(i => (long)i));
        late.Frames[0].Timestamp.ShouldBe(TimeSpan.FromSeconds(2));
        late.Frames.ShouldAllBe(frame => frame.Pcm.Length == 320);
    }

    [Fact]
    public async Task A_slow_listener_loses_frames_alone_and_sees_the_gap()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await using var slow = _lab.Engine.ListenAsync(_lab.Session, default).GetAsyncEnumerator();
        var first = slow.MoveNextAsync();
        var quick = _lab.Listen();

        await _lab.PassAsync(1);
        (await first).ShouldBeTrue();
        await _lab.PassAsync(500);

        quick.Frames.Length.ShouldBe(501);
        slow.Current.Sequence.ShouldBe(0);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        slow.Current.Sequence.ShouldBeGreaterThan(400);
        slow.Current.Timestamp.ShouldBe(slow.Current.Sequence * TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_thousand_listeners_hear_every_frame()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var listeners = Enumerable.Range(0, 1000).Select(_ => _lab.Listen()).ToList();

        await _lab.PassAsync(50);

        listeners.ShouldAllBe(listener => listener.Frames.Length == 50);
        listeners[999].Tones.ShouldBe([Consumer]);
    }

    [Fact]
    public async Task A_leg_that_hangs_up_by_itself_is_reported_and_one_that_is_told_to_is_not()
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var agent = await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation);
        await _lab.Facts.ToldAsync<LegAnswered>(fact => fact.LegId == consumer && fact.SessionId == _lab.Session);
        var hears = _lab.EarOf(agent);

        _lab.HangUpByItself(Party.Consumer);
        await _lab.PassAsync(25);
        await _lab.DoAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, agent));
        await _lab.PassAsync(1);

        hears.Tones.ShouldBeEmpty();
        hears.Ended.ShouldBeTrue();
        var ended = await _lab.Facts.ToldAsync<LegEnded>();
        (ended.LegId, ended.Cause).ShouldBe((consumer, "hung_up"));
        _lab.Facts.Facts.OfType<LegEnded>().Count().ShouldBe(1);
    }
}
