using System.Net;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>What a grant opened does not stay open (REC-10).</summary>
public sealed class GrantedStreamTests : IAsyncLifetime
{
    /// <summary>32 MB: more than fits between a service and somebody who does not read.</summary>
    private const int Seconds = 2_000;

    private readonly LimitClock clock = new(TimeSpan.FromSeconds(Seconds) + OpenGrantedRecordingHandler.Longer);
    private TestApi api = null!;

    public async Task InitializeAsync()
    {
        api = new TestApi { Change = services => services.AddSingleton<TimeProvider>(clock) };
        await api.InitializeAsync();
    }

    public Task DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_granted_stream_ends_five_minutes_after_the_recording_would_have_been_heard()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api, seconds: Seconds);
        using var verified = await crm.VerifyAsync(await crm.RequestAsync(recording.Id), crm.Code());
        var url = (await verified.JsonAsync()).GetProperty("url").GetString();
        using var answer = await api.Anonymous.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var heard = await answer.Content.ReadAsStreamAsync();
        var first = new byte[1_000];
        await heard.ReadExactlyAsync(first);

        clock.EndTime();

        var rest = 0L;
        await Should.ThrowAsync<IOException>(async () =>
        {
            for (var read = 1; read > 0; rest += read)
                read = await heard.ReadAsync(first);
        });
        rest.ShouldBeLessThan(recording.Audio.Length - 1_000);
    }

    /// <summary>As the system's, but for the timer of a grant's limit, which fires when it is told to.</summary>
    private sealed class LimitClock(TimeSpan limit) : TimeProvider
    {
        private volatile Action? armed;

        public void EndTime()
        {
            var fire = armed;
            fire.ShouldNotBeNull("nothing limits the stream");
            fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= limit && dueTime > limit - TimeSpan.FromMinutes(1))
                armed = () => callback(state);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
