using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Testing;
using ContactCenter.V1;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>Stands still until it is moved; its timers run. The audio is ticked by hand.</summary>
internal sealed class StillClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(double seconds) => Interlocked.Add(ref ticks, TimeSpan.FromSeconds(seconds).Ticks);

    public void Stop(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(this);
        services.Remove(services.Single(s => s.ImplementationType == typeof(SimulatedMediaClock)));
    }
}

/// <summary>Where the script is when something else may happen.</summary>
internal sealed record Stage(TestApi Api, HttpClient Supervisor, Guid SessionId, bool IsCall, int Step, Func<Task> Tick);

/// <summary>What everybody who is part of it was told, with ids and positions as they came in order; and the recording.</summary>
internal sealed record Lived(SortedDictionary<string, string> Told, byte[] Recording);

/// <summary>One call and one chat, word by word.</summary>
internal sealed partial class Script
{
    private static readonly Guid Call = Guid.Parse("0192f3a0-0000-7000-8000-00000000ca11");
    private static readonly Guid Chat = Guid.Parse("0192f3a0-0000-7000-8000-00000000c4a7");
    private readonly TestApi api;
    private readonly StillClock clock;
    private readonly Func<Stage, Task> meanwhile;
    private readonly SortedDictionary<string, string> told = new(StringComparer.Ordinal);
    private HttpClient supervisor = null!;
    private HttpClient agent = null!;
    private Guid queueId;
    private int ticked;

    private Script(TestApi api, StillClock clock, Func<Stage, Task> meanwhile) => (this.api, this.clock, this.meanwhile) = (api, clock, meanwhile);

    public static async Task<Script> PrepareAsync(TestApi api, StillClock clock, Func<Stage, Task> meanwhile)
    {
        var script = new Script(api, clock, meanwhile);
        (var agentId, script.agent) = await api.UserAsync([BuiltInRoles.Agent]);
        script.queueId = await api.QueueAsync(members: [agentId]);
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Supervisor", grants = Supervision.All.Select(permission => new { permission, scope = "all" }) });
        var role = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (_, script.supervisor) = await api.UserAsync([role]);
        return script;
    }

    public async Task CallAsync()
    {
        var consumer = await RequestAsync(Call, "call");
        await using var watching = await Watching.OpenAsync(consumer, Call);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var offer = await adapter.AcceptAsync(Call);
        clock.Advance(2);
        await adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await adapter.StatusAsync(Call, SessionStatus.Connected);
        await adapter.ToldAsync(c => c.RecordingUpdate is { State: "recording" });
        await PassAsync(Call, step: 0);
        await adapter.DoAsync(new() { Hold = new() { SessionId = offer.SessionId } });
        await PassAsync(Call, step: 1);
        await adapter.DoAsync(new() { ResumeFromHold = new() { SessionId = offer.SessionId } });
        await PassAsync(Call, step: 2);
        await adapter.DoAsync(new() { End = new() { SessionId = offer.SessionId } });
        await WrapUpAsync(adapter, offer.SessionId);
        await watching.EndAsync();
        Keep("call", adapter, watching);
    }

    public async Task ChatAsync()
    {
        var consumer = await RequestAsync(Chat, "chat");
        await using var watching = await Watching.OpenAsync(consumer, Chat);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        await adapter.AcceptAsync(Chat);
        await adapter.StatusAsync(Chat, SessionStatus.Connected);
        for (var step = 0; step < 3; step++)
        {
            using var sent = await consumer.PostAsJsonAsync($"/v1/sessions/{Chat}/messages", new { messageId = MessageId(step, 1), text = $"Question {step}" });
            await sent.JsonAsync();
            await PassAsync(Chat, step);
            await adapter.DoAsync(new() { SendMessage = new() { SessionId = Chat.ToString(), MessageId = MessageId(step, 2), Text = $"Answer {step}" } });
        }

        using (var left = await consumer.PostAsync($"/v1/sessions/{Chat}/leave", content: null))
            await left.JsonAsync();
        await WrapUpAsync(adapter, Chat.ToString());
        await watching.EndAsync();
        Keep("chat", adapter, watching);
    }

    public async Task<Lived> TellAsync()
    {
        foreach (var (name, id) in new[] { ("call", Call), ("chat", Chat) })
        {
            foreach (var view in new[] { string.Empty, "/history", "/transcript" })
            {
                using var answer = await api.Admin.GetAsync($"/v1/sessions/{id}{view}");
                told[$"{name}: {(view.Length == 0 ? "metrics and participants" : view)}"] = Normal(Without((await answer.JsonAsync()).ToString()));
            }
        }

        return new Lived(told, await RecordingAsync());
    }

    private async Task<HttpClient> RequestAsync(Guid sessionId, string kind)
    {
        using var asked = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            sessionId,
            kind,
            channel = "web",
            queueId,
            consent = "granted",
            consumer = new { kind = "visitor", identity = $"the consumer of the {kind}" },
        });
        var consumer = api.Client((await asked.JsonAsync(HttpStatusCode.Created)).GetProperty("sessionToken").GetString());
        // When the CRM answers is no part of the script.
        await Eventually.TrueAsync(async () => (await SessionAsync(sessionId)).GetProperty("ticketId").ValueKind == JsonValueKind.String);
        return consumer;
    }

    private async Task<JsonElement> SessionAsync(Guid id)
    {
        using var answer = await api.Admin.GetAsync($"/v1/sessions/{id}");
        return await answer.JsonAsync();
    }

    private async Task PassAsync(Guid sessionId, int step)
    {
        await QuietAsync();
        await meanwhile(new Stage(api, supervisor, sessionId, sessionId == Call, step, () => TickAsync(10)));
        await QuietAsync();
        // The same time passes, whatever was done in it.
        await TickAsync(100 - ticked);
        ticked = 0;
    }

    private async Task TickAsync(int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            clock.Advance(0.02);
            api.Get<SimulatedMediaEngine>().Tick();
        }

        ticked += frames;
        await Task.Yield();
    }

    /// <summary>Until the audio is where the log says.</summary>
    private Task QuietAsync() => Eventually.TrueAsync(async () =>
    {
        await using var command = api.Get<NpgsqlDataSource>().CreateCommand("select count(*) from outbox where lane = 'media'");
        return (long)(await command.ExecuteScalarAsync())! == 0;
    });

    private async Task WrapUpAsync(AdapterClient adapter, string sessionId)
    {
        await adapter.ToldAsync(c => c.WrapUpStarted?.SessionId == sessionId);
        clock.Advance(3);
        await adapter.DoAsync(new() { WrapUp = new() { SessionId = sessionId, Disposition = "done" } });
        await adapter.ToldAsync(c => c.WrapUpEnded?.SessionId == sessionId);
        await adapter.DoAsync(new() { SignOut = new() });
        await adapter.ToldAsync(c => c.PresenceUpdate is { Presence: "offline" });
    }

    private void Keep(string what, AdapterClient adapter, Watching watching)
    {
        told[$"{what}: the adapter, what happens"] = Normal(string.Join('\n', adapter.Updates.Select(c => JsonFormatter.Default.Format(c))));
        told[$"{what}: the adapter, what it asked"] = Normal(string.Join('\n', adapter.Told.Where(c => c.Ack is not null).Select(c => JsonFormatter.Default.Format(c))));
        told[$"{what}: the consumer"] = Normal(string.Join('\n', watching.Seen));
    }

    private async Task<byte[]> RecordingAsync()
    {
        JsonElement ticket = default;
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/sessions/{Call}/ticket");
            ticket = await answer.JsonAsync();
            return ticket.GetProperty("attachments").GetArrayLength() == 1;
        });
        var attachment = ticket.GetProperty("attachments")[0].GetProperty("id").GetString();
        return await api.Admin.GetByteArrayAsync($"/v1/tickets/{ticket.GetProperty("ticket").GetProperty("id").GetString()}/attachments/{attachment}/content");
    }

    /// <summary>Positions in the log count what happens anywhere in the contact center.</summary>
    private static string Without(string json)
    {
        var node = JsonNode.Parse(json)!;
        foreach (var entry in (node as JsonArray)?.OfType<JsonObject>() ?? [])
            entry.Remove("position");
        return node.ToJsonString();
    }

    private static string MessageId(int step, int side) => $"0192f3a0-0000-7000-8000-0000000{side}000{step}";

    /// <summary>Each id as its number in the order in which they come.</summary>
    private static string Normal(string text)
    {
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        return Id().Replace(text, match =>
        {
            if (!known.TryGetValue(match.Value, out var number))
                known[match.Value] = number = known.Count;
            return $"#{number}";
        });
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    /// <summary>The consumer's live view, read until it ends.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly EventStream stream;
        private readonly Task reading;

        private Watching(EventStream stream, (string? Id, string Name, JsonElement Data) first)
        {
            this.stream = stream;
            Keep(first);
            reading = ReadAsync();
        }

        public List<string> Seen { get; } = [];

        /// <summary>Follows from now on: what is there now has been told.</summary>
        public static async Task<Watching> OpenAsync(HttpClient consumer, Guid sessionId)
        {
            var opened = await EventStream.OpenAsync(consumer, $"/v1/sessions/{sessionId}/stream");
            return new(opened, (await opened.NextAsync())!.Value);
        }

        public Task EndAsync() => reading.WaitAsync(TimeSpan.FromSeconds(60));

        public async ValueTask DisposeAsync()
        {
            stream.Dispose();
            await reading.ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        private async Task ReadAsync()
        {
            while (await stream.NextAsync() is { } next)
                Keep(next);
        }

        private void Keep((string? Id, string Name, JsonElement Data) told) => Seen.Add($"{told.Id} {told.Name} {told.Data}");
    }
}
