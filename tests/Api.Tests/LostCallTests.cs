using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Routing;
using ContactCenter.Infrastructure.Media;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Api.Tests;

/// <summary>A service of its own: whatever call its second engine does not know ends.</summary>
public sealed class LostCallTests : IAsyncLifetime
{
    private readonly TestApi api = new();

    public Task InitializeAsync() => api.InitializeAsync();

    public Task DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_call_that_the_next_engine_does_not_know_ends_as_lost_and_a_chat_goes_on()
    {
        var queue = await api.QueueAsync();
        var (call, caller) = await api.SessionAsync(queue, "call");
        var (chat, writer) = await api.SessionAsync(queue);
        await Eventually.TrueAsync(() => Task.FromResult(api.Get<IMediaEngine>().Knows(call)));

        await api.Get<MediaReconciler>().RunAsync(CancellationToken.None);
        (await StatusAsync(caller, call)).ShouldNotContain("ended");

        using var next = ActivatorUtilities.CreateInstance<SimulatedMediaEngine>(api.App.Services, string.Empty);
        await ActivatorUtilities.CreateInstance<MediaReconciler>(api.App.Services, next).RunAsync(CancellationToken.None);
        using var asked = await api.Admin.GetAsync($"/v1/sessions/{call}");
        var session = await asked.JsonAsync();
        session.GetProperty("status").GetString().ShouldBe("ended");
        session.ToString().ShouldContain("media_lost");
        (await StatusAsync(writer, chat)).ShouldBe("queued");
    }

    [Fact]
    public async Task A_lost_call_is_found_however_far_the_read_models_are_behind()
    {
        var queue = await api.QueueAsync();
        var (call, caller) = await api.SessionAsync(queue, "call");
        var (over, other) = await api.SessionAsync(queue, "call");
        (await other.PostAsync($"/v1/sessions/{over}/leave", content: null)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(() => Task.FromResult(api.Get<IMediaEngine>().Knows(call)));

        using var next = ActivatorUtilities.CreateInstance<SimulatedMediaEngine>(api.App.Services, string.Empty);
        await ActivatorUtilities.CreateInstance<MediaReconciler>(api.App.Services, next, new NothingReadYet()).RunAsync(CancellationToken.None);
        (await StatusAsync(caller, call)).ShouldBe("ended");
    }

    private static async Task<string> StatusAsync(HttpClient client, Guid id)
    {
        using var answer = await client.GetAsync($"/v1/sessions/{id}");
        return (await answer.JsonAsync()).GetProperty("status").GetString()!;
    }

    private sealed class NothingReadYet : IRoutingSnapshot
    {
        public Task<RoutingStart> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new RoutingStart(LogPosition.Start, [], [], []));
    }
}
