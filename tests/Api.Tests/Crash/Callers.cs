using System.Collections.Concurrent;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using Grpc.Core;

namespace ContactCenter.Api.Tests.Crash;

/// <summary>
/// Consumers and an agent who write until stopped, and know what was acknowledged. Each says the same again until it is:
/// an outage is nothing they have to know about.
/// </summary>
internal sealed class Callers : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private AdapterClient? current;
    private int failures;
    private int resumed;

    /// <summary>Ids of messages that the service said it has.</summary>
    public ConcurrentQueue<Guid> Messages { get; } = new();

    /// <summary>Ids of messages that an agent's adapter was told it has.</summary>
    public ConcurrentQueue<Guid> AgentMessages { get; } = new();

    /// <summary>Ids of sessions that the service said it has.</summary>
    public ConcurrentQueue<Guid> Sessions { get; } = new();

    public int Failures => Volatile.Read(ref failures);

    /// <summary>How often the agent's adapter came back.</summary>
    public int Resumed => Volatile.Read(ref resumed);

    /// <summary>A consumer who writes in a chat.</summary>
    public void Write(HttpClient consumer, Guid chat) => Repeat(Messages, id => PostAsync(
        consumer, $"/v1/sessions/{chat}/messages", JsonContent.Create(new { messageId = id, text = "Is anybody there?" }), key: null));

    /// <summary>Consumers who ask for help, one after the other.</summary>
    public void Ask(HttpClient sdk, Guid queue) => Repeat(Sessions, id =>
    {
        var request = new { sessionId = id, kind = "chat", channel = "web", queueId = queue, consumer = new { kind = "visitor", identity = $"{id}" } };
        return PostAsync(sdk, "/v1/sessions", JsonContent.Create(request), key: $"{id}");
    });

    /// <summary>An agent who writes in a chat, and whose adapter comes back whenever it is cut off.</summary>
    public void Write(TestApi api, HttpClient agent, AdapterClient adapter, Guid chat)
    {
        current = adapter;
        var last = 0L;
        Repeat(AgentMessages, async id =>
        {
            if (current.HasEnded)
            {
                // One that came too early was told nothing.
                last = current.Told.Select(c => c.Sequence).Append(last).Max();
                await current.DisposeAsync();
                current = await AdapterClient.ResumeAsync(api, agent, last);
                await current.ToldAsync(c => c.Welcome is not null);
                Interlocked.Increment(ref resumed);
            }

            var ack = await current.AskAsync(new() { SendMessage = new() { SessionId = $"{chat}", MessageId = $"{id}", Text = "I am." } });
            return ack.Accepted;
        });
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (current is not null)
            await current.DisposeAsync();
        stop.Dispose();
    }

    private static async Task<bool> PostAsync(HttpClient client, string path, JsonContent body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private void Repeat(ConcurrentQueue<Guid> acknowledged, Func<Guid, Task<bool>> tryAsync) => running.Add(Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            while (!await IsAcknowledgedAsync(tryAsync, id) && !stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref failures);
                await Task.Delay(Pause);
            }

            if (!stop.IsCancellationRequested)
                acknowledged.Enqueue(id);
        }
    }));

    private static async Task<bool> IsAcknowledgedAsync(Func<Guid, Task<bool>> tryAsync, Guid id)
    {
        try
        {
            return await tryAsync(id);
        }
        catch (Exception failure) when (failure is HttpRequestException or RpcException or InvalidOperationException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
