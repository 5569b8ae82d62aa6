namespace ContactCenter.Api.Tests.Listening;

/// <summary>
/// The same scripted call and chat, with ids and clock fixed: once alone, once while fifty monitor each of them, coming and
/// going, listening, reading and coaching (MON-3). Only who barges in or takes over is to be noticed.
/// </summary>
public sealed class UnnoticedTests
{
    private const int Monitors = 50;
    private static readonly DateTimeOffset Then = TimeProvider.System.GetUtcNow().AddHours(-1);

    [Fact]
    public async Task Nobody_can_tell_a_call_or_chat_that_fifty_monitored_from_one_that_nobody_did()
    {
        var alone = await LiveAsync(static _ => Task.CompletedTask);
        var crowd = new Crowd(Monitors);
        var watched = await LiveAsync(crowd.ComeAndGoAsync);

        (crowd.Began, crowd.Heard).ShouldBe((2 * Monitors, 2 * Monitors));
        watched.Told.Keys.ShouldBe(alone.Told.Keys);
        foreach (var (what, told) in alone.Told)
            watched.Told[what].ShouldBe(told, what);
        alone.Recording.Length.ShouldBeGreaterThan(3 * 16_000);
        watched.Recording.SequenceEqual(alone.Recording).ShouldBeTrue("the recording");
    }

    private static async Task<Lived> LiveAsync(Func<Stage, Task> meanwhile)
    {
        var clock = new StillClock(Then);
        var api = new TestApi { Change = clock.Stop };
        await api.InitializeAsync();
        try
        {
            var script = await Script.PrepareAsync(api, clock, meanwhile);
            await script.CallAsync();
            await script.ChatAsync();
            return await script.TellAsync();
        }
        finally
        {
            await api.DisposeAsync();
        }
    }
}
