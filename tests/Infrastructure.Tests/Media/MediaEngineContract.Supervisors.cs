using ContactCenter.Application.Media;
using static ContactCenter.Infrastructure.Tests.Media.Hearing;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <content>Whom a supervisor hears and is heard by (MON-3, MON-5).</content>
public abstract partial class MediaEngineContract
{
    [Fact]
    public async Task A_coach_hears_everybody_and_is_heard_by_the_agent_alone()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        await _lab.RecordAsync(1);
        var coach = _lab.EarOf(await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching));
        var listener = _lab.Listen();

        await _lab.PassAsync(50);
        await _lab.StopAsync(1);

        coach.Tones.ShouldBe([Consumer, Agent]);
        agent.Tones.ShouldBe([Consumer, Supervisor]);
        consumer.Tones.ShouldBe([Agent]);
        listener.Tones.ShouldBe([Consumer, Agent]);
        Tones(await _lab.StoredAsync(1)).ShouldBe([Consumer, Agent]);
    }

    [Fact]
    public async Task A_coach_who_barges_in_is_heard_by_all_and_recorded_from_then_on()
    {
        var consumer = _lab.EarOf(await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation));
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        await _lab.RecordAsync(1);
        var leg = await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching);
        await _lab.PassAsync(50);
        await _lab.MoveAsync(leg, SpaceKind.Conversation);
        consumer.Forget();
        agent.Forget();
        await _lab.PassAsync(50);
        consumer.Tones.ShouldBe([Agent, Supervisor]);
        agent.Tones.ShouldBe([Consumer, Supervisor]);

        await _lab.MoveAsync(leg, SpaceKind.Coaching);
        consumer.Forget();
        agent.Forget();
        await _lab.PassAsync(50);
        await _lab.StopAsync(1);
        consumer.Tones.ShouldBe([Agent]);
        agent.Tones.ShouldBe([Consumer, Supervisor]);
        Frames(await _lab.StoredAsync(1), Supervisor).ShouldBe(50);
    }

    [Fact]
    public async Task A_coach_goes_on_speaking_to_the_agent_while_the_consumer_waits_on_hold()
    {
        var line = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        var coach = _lab.EarOf(await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching));
        var consumer = _lab.EarOf(line);
        await _lab.MoveAsync(line, SpaceKind.Hold);

        await _lab.PassAsync(50);

        agent.Tones.ShouldBe([Supervisor]);
        coach.Tones.ShouldBe([Agent]);
        consumer.Tones.ShouldBe([HoldMusic]);
    }

    [Fact]
    public async Task Coaches_hear_each_other_and_not_themselves()
    {
        await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation);
        var one = _lab.EarOf(await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching));
        var other = _lab.EarOf(await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching, "tone:700"));

        await _lab.PassAsync(25);

        one.Tones.ShouldBe([Message, Agent]);
        other.Tones.ShouldBe([Agent, Supervisor]);
    }

    [Fact]
    public async Task A_coach_who_hangs_up_is_heard_no_more()
    {
        var agent = _lab.EarOf(await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation));
        await _lab.PlaceAsync(Party.Supervisor, SpaceKind.Coaching);
        await _lab.PassAsync(25);
        _lab.HangUpByItself(Party.Supervisor);
        agent.Forget();

        await _lab.PassAsync(25);

        agent.Tones.ShouldBeEmpty();
    }
}
