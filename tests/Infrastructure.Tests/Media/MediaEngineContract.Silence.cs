using ContactCenter.Application.Media;
using static ContactCenter.Infrastructure.Tests.Media.Hearing;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <content>What must not be in a recording, told by its frequency (REC-1, REC-4).</content>
public abstract partial class MediaEngineContract
{
    [Theory]
    [InlineData(SpaceKind.Queue)]
    [InlineData(SpaceKind.Preparation)]
    [InlineData(SpaceKind.Hold)]
    [InlineData(SpaceKind.Consultation)]
    [InlineData(SpaceKind.Coaching)]
    public async Task Not_a_sample_of_what_is_said_elsewhere_while_it_is_recorded_is_in_a_recording_or_heard_by_a_listener(SpaceKind elsewhere)
    {
        var consumer = await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation);
        var listener = _lab.Listen();
        await _lab.RecordAsync(1);
        await _lab.PassAsync(25);
        // Somebody speaks there, and the consumer goes there too and comes back.
        var stranger = await _lab.PlaceAsync(Party.Supervisor, elsewhere, "tone:1500");
        await _lab.PassAsync(25);
        await _lab.MoveAsync(consumer, elsewhere);
        await _lab.PassAsync(25);
        await _lab.MoveAsync(consumer, SpaceKind.Conversation);
        await _lab.DoAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, stranger));
        await _lab.PassAsync(25);
        await _lab.StopAsync(1);

        // Told from silence, not from loudness: the two who are heard are whole numbers of periods in each frame.
        foreach (var heard in new[] { await _lab.StoredAsync(1), listener.Samples })
        {
            heard.Length.ShouldBeGreaterThan(50 * 160);
            for (var at = 0; at + 800 <= heard.Length; at += 800)
                Strength(heard.AsSpan(at, 800), Supervisor).ShouldBeLessThan(2);
        }
    }

    [Fact]
    public async Task Not_a_sample_of_what_somebody_says_during_a_pause_alone_is_in_the_recording()
    {
        await _lab.PlaceAsync(Party.Consumer, SpaceKind.Conversation);
        await _lab.RecordAsync(1);
        await _lab.PassAsync(25);
        await _lab.StopAsync(1);
        var card = await _lab.PlaceAsync(Party.Agent, SpaceKind.Conversation, "tone:1500");
        await _lab.PassAsync(25);
        await _lab.DoAsync(new HangUpLeg(Guid.CreateVersion7(), _lab.Session, card));
        await _lab.RecordAsync(2);
        await _lab.PassAsync(25);
        await _lab.StopAsync(2);

        var joined = await _lab.StoredAsync(1, 2);
        joined.Length.ShouldBe(50 * 160);
        for (var at = 0; at + 800 <= joined.Length; at += 800)
            Strength(joined.AsSpan(at, 800), Supervisor).ShouldBeLessThan(2);
    }
}
