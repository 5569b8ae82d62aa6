using ContactCenter.Application.Media;
using static ContactCenter.Infrastructure.Tests.Media.Hearing;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>Repeats, strays, crashes and facts.</summary>
public abstract partial class MediaEngineContract
{
    [Fact]
    public async Task A_party_handed_on_to_a_number_outside_is_gone_from_the_call_and_told_so_once()
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Queue);
        var ear = _lab.EarOf(consumer);
        var away = new TransferOut(Guid.CreateVersion7(), _lab.Session, consumer, "+4930123456");
        await _lab.DoAsync(away);
        await _lab.DoAsync(away);
        await _lab.DoAsync(new TransferOut(Guid.CreateVersion7(), _lab.Session, Guid.CreateVersion7(), "+4930123456"));
        await _lab.PassAsync(10);

        var told = _lab.Facts.Facts.OfType<LegHandedOver>().ShouldHaveSingleItem();
        (told.LegId, told.By).ShouldBe((consumer, _lab.Engine.Name));
        ear.Samples.ShouldBeEmpty();
        _lab.Facts.Facts.OfType<LegEnded>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_sent_twice_is_carried_out_once()
    {
        var consumer = Guid.CreateVersion7();
        var hears = default(Ear);
        await TwiceAsync(new PlaceLeg(Guid.CreateVersion7(), _lab.Session, consumer, Party.Consumer, SpaceKind.Hold, null));
        var agent = await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation);
        hears = _lab.EarOf(agent);
        var toConversation = new MoveLeg(Guid.CreateVersion7(), _lab.Session, consumer, SpaceKind.Conversation);
        await TwiceAsync(toConversation);
        await _lab.MoveAsync(consumer, SpaceKind.Hold);
        await _lab.DoAsync(toConversation);
        await TwiceAsync(new PlayPrompt(Guid.CreateVersion7(), _lab.Session, SpaceKind.Conversation, new Prompt(PromptKind.RecordingTone, null)));
        await TwiceAsync(new StartSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1, SpaceKind.Conversation));
        await _lab.PassAsync(100);
        Frames(hears.Samples, RecordingTone).ShouldBe(25);
        Frames(hears.Samples, Consumer).ShouldBe(0);

        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        await _lab.PassAsync(10);
        await TwiceAsync(new StopSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1));
        await TwiceAsync(new StoreSegment(Guid.CreateVersion7(), _lab.Session, _lab.Recording, 1));
        (await _lab.StoredAsync(1)).Length.ShouldBe(1600);
        await TwiceAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, agent));
        await TwiceAsync(new ReleaseCall(Guid.CreateVersion7(), _lab.Session));
        _lab.Facts.Facts.Select(fact => fact.GetType()).ShouldBe(
            [typeof(LegAnswered), typeof(LegAnswered), typeof(PromptFinished), typeof(SegmentClosed)]);

        async Task TwiceAsync(MediaCommand command)
        {
            await _lab.DoAsync(command);
            await _lab.DoAsync(command);
        }
    }

    [Fact]
    public async Task A_command_about_a_call_or_leg_that_is_gone_does_nothing()
    {
        await _lab.MoveAsync(Guid.CreateVersion7(), SpaceKind.Hold);
        await _lab.PlayAsync(SpaceKind.Queue, PromptKind.Message, "hello");
        await _lab.RecordAsync(1);
        await _lab.DoAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, Guid.CreateVersion7()));
        await _lab.DoAsync(new ReleaseCall(Guid.CreateVersion7(), Guid.CreateVersion7()));
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Queue);
        await _lab.MoveAsync(Guid.CreateVersion7(), SpaceKind.Hold);
        await _lab.PassAsync(60);

        await _lab.Facts.ToldAsync<LegAnswered>();
        _lab.Facts.Facts.ShouldHaveSingleItem();
        _lab.Folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Releasing_a_call_closes_its_segments_ends_its_listeners_and_is_final()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        var listener = _lab.Listen();
        await _lab.PassAsync(60);

        await _lab.DoAsync(new ReleaseCall(Guid.CreateVersion7(), _lab.Session));

        _lab.Facts.Facts.OfType<SegmentClosed>().ShouldHaveSingleItem().Samples.ShouldBe(60 * 160);
        await Eventually.True(() => listener.Ended);
        listener.Frames.Length.ShouldBe(60);
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var after = _lab.Listen();
        await Eventually.True(() => after.Ended);
        _lab.Facts.Facts.OfType<LegAnswered>().Count().ShouldBe(1);
        (await _lab.StoredAsync(1)).Length.ShouldBe(60 * 160);
    }

    [Fact]
    public async Task A_recording_that_is_purged_is_written_no_more_and_nothing_of_it_is_left()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Voicemail);
        await _lab.RecordAsync(1, SpaceKind.Voicemail);
        await _lab.PassAsync(120);
        (await _lab.Provider.ExistsAsync(_lab.Recording, default)).ShouldBeTrue();
        await Eventually.True(() => _lab.Folder.Files().Length > 1);

        await _lab.Folder.Storage.PurgeAsync(_lab.Recording, default);
        for (var twice = 0; twice < 2; twice++)
            await _lab.Provider.PurgeAsync(_lab.Recording, default).WaitAsync(TimeSpan.FromSeconds(30));
        await _lab.PassAsync(60);

        (await _lab.Provider.ExistsAsync(_lab.Recording, default)).ShouldBeFalse();
        (await _lab.Folder.Storage.ExistsAsync(_lab.Recording, default)).ShouldBeFalse();
        (await _lab.Provider.ExistsAsync(Guid.CreateVersion7(), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task After_a_crash_stopping_a_segment_reports_all_of_it_but_the_last_second()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(140);
        await Eventually.True(() => _lab.Folder.Drafts(2 * 16_000) == 1);
        await _lab.CrashAsync();

        var closed = await _lab.StopAsync(1);
        await _lab.StopAsync(1);

        closed.Samples.ShouldBe(100 * 160);
        Tones(await _lab.StoredAsync(1)).ShouldBe([Consumer]);
        var facts = _lab.Facts.Facts.OfType<SegmentClosed>().ToList();
        facts.Count.ShouldBe(2);
        facts.Distinct().Count().ShouldBe(1, "told twice it is the same fact");
    }

    [Fact]
    public async Task A_segment_stored_before_a_crash_is_reported_the_same_after_it()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(77);
        var before = await _lab.StopAsync(1);
        await _lab.CrashAsync();

        await _lab.StopAsync(1);

        _lab.Facts.Facts.OfType<SegmentClosed>().ShouldBe([before, before]);
    }

    [Fact]
    public async Task A_segment_that_never_was_is_reported_without_samples_and_leaves_nothing()
    {
        (await _lab.StopAsync(3)).Samples.ShouldBe(0);

        _lab.Folder.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Facts_are_told_in_order_and_until_they_are_taken()
    {
        _lab.Facts.Refuse(3);
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var prompt = await _lab.PlayAsync(SpaceKind.Conversation, PromptKind.RecordingTone);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(30);
        _lab.HangUpByItself(Party.Consumer);
        await _lab.StopAsync(1);

        _lab.Facts.Facts.Select(fact => fact switch
        {
            LegAnswered answered => answered.LegId,
            PromptFinished finished => finished.PromptId,
            LegEnded ended => ended.LegId,
            SegmentClosed closed => closed.RecordingId,
            _ => Guid.Empty,
        }).ShouldBe([consumer, prompt, consumer, _lab.Recording]);
        _lab.Facts.Facts.Select(fact => fact.Id).Distinct().Count().ShouldBe(4);
    }
}
