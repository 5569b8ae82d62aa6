using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>A team with a supervisor, an agent at work, and the session they are in.</summary>
internal sealed class Supervision : IAsyncDisposable
{
    private readonly TestApi api;

    private Supervision(TestApi api) => this.api = api;

    public Guid TeamId { get; private init; }

    public Guid QueueId { get; private init; }

    public Guid AgentId { get; private init; }

    public AdapterClient Adapter { get; private init; } = null!;

    public Guid SessionId { get; private set; }

    public Guid OfferId { get; private set; }

    public HttpClient Consumer { get; private set; } = null!;

    /// <summary>What a supervisor may do: listen, coach and barge in the own team, and handle sessions.</summary>
    public static readonly string[] All =
        [Permissions.MonitoringRead, Permissions.MonitoringListen, Permissions.MonitoringCoach, Permissions.MonitoringBarge, Permissions.SessionsHandle];

    /// <summary>What a monitoring may outlive its client by (MON-2).</summary>
    private static readonly TimeSpan LostWithin = TimeSpan.FromSeconds(10);

    /// <summary>A monitoring outlives its client by no more than it may. A busy machine may come late, but not each of three times.</summary>
    public static async Task ShouldBeLostInTimeAsync(Func<Task<TimeSpan>> outlivesAsync)
    {
        var least = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 3 && least > LostWithin; attempt++)
            least = await outlivesAsync();
        least.ShouldBeLessThanOrEqualTo(LostWithin);
    }

    public static async Task<Supervision> BeginAsync(TestApi api, string kind)
    {
        var team = await TeamAsync(api);
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent], [team]);
        var queue = await api.QueueAsync(members: [agentId], teamIds: [team]);
        var at = new Supervision(api) { TeamId = team, QueueId = queue, AgentId = agentId, Adapter = await AdapterClient.SignInAsync(api, agent) };
        (at.SessionId, at.Consumer) = await api.SessionAsync(queue, kind);
        at.OfferId = await ConnectAsync(at.Adapter, at.SessionId);
        if (kind == "call")
        {
            await at.HearsAsync(at.SessionId, Tones.Agent);
            await at.HearsAsync(at.OfferId, Tones.Consumer);
        }

        // When the CRM answers is no part of what is looked at.
        await Eventually.TrueAsync(async () =>
        {
            using var session = await api.Admin.GetAsync($"/v1/sessions/{at.SessionId}");
            return (await session.JsonAsync()).GetProperty("ticketId").ValueKind == JsonValueKind.String;
        });
        return at;
    }

    public static async Task<Guid> TeamAsync(TestApi api)
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    /// <summary>A user of the team, in a role of these permissions there.</summary>
    public async Task<(Guid Id, HttpClient Client, Guid RoleId)> SupervisorAsync(params string[] permissions)
    {
        var grants = permissions.Select(permission => new { permission, scope = "assigned_teams" });
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Supervisor", grants });
        var role = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (id, client) = await api.UserAsync([role], [TeamId]);
        return (id, client, role);
    }

    public static async Task<Guid> StartAsync(HttpClient supervisor, Guid sessionId, string mode = "silent", string? voice = null)
    {
        using var answer = await supervisor.PostAsJsonAsync($"/v1/sessions/{sessionId}/monitors", new { mode, voice });
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public static async Task<JsonElement> MonitorAsync(HttpClient supervisor, Guid monitorId)
    {
        using var answer = await supervisor.GetAsync($"/v1/monitors/{monitorId}");
        return await answer.JsonAsync();
    }

    public async Task<SessionMonitorState> StateAsync(Guid monitorId)
    {
        var m = (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Monitor, monitorId, CancellationToken.None)).State;
        return new SessionMonitorState(m.Mode, m.StopReason);
    }

    public async Task<(DateTimeOffset StartedAt, DateTimeOffset? StoppedAt)> TimesAsync(Guid monitorId)
    {
        var m = (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Monitor, monitorId, CancellationToken.None)).State;
        return (m.StartedAt, m.StoppedAt);
    }

    public Task EndedAsync(Guid monitorId, string reason) =>
        Eventually.TrueAsync(async () => (await StateAsync(monitorId)).StopReason == reason, what: $"the monitoring to end with {reason}");

    /// <summary>What one leg hears of the call, for so many frames from now on.</summary>
    public async Task<short[]> HeardByAsync(Guid legId, int frames = 25)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        List<short> samples = [];
        await foreach (var frame in api.Get<SimulatedMediaEngine>().HearAsync(SessionId, legId, patience.Token))
        {
            samples.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(frame.Pcm.Span).ToArray());
            if (samples.Count >= frames * 160)
                break;
        }

        return [.. samples];
    }

    /// <summary>Waits until a leg hears a tone, or does not any more.</summary>
    public Task HearsAsync(Guid legId, int hz, bool hears = true) => Eventually.TrueAsync(
        async () => await HeardByAsync(legId, frames: 10) is { Length: 1600 } heard && heard.Strength(hz) > 500 == hears, what: $"a leg {(hears ? "to hear" : "not to hear")} {hz} Hz");

    public ValueTask DisposeAsync() => Adapter.DisposeAsync();

    private static async Task<Guid> ConnectAsync(AdapterClient adapter, Guid sessionId)
    {
        var offer = await adapter.AcceptAsync(sessionId);
        if (offer.Kind == SessionKind.Call)
            await adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await adapter.StatusAsync(sessionId, SessionStatus.Connected);
        return Guid.Parse(offer.OfferId);
    }
}

internal sealed record SessionMonitorState(ContactCenter.Domain.Monitoring.MonitorMode Mode, string? StopReason);

internal static class Tones
{
    public const int Consumer = 440;
    public const int Agent = 880;
    public const int Supervisor = 1500;

    /// <summary>The amplitude of one frequency, by Goertzel's algorithm.</summary>
    public static double Strength(this ReadOnlySpan<short> samples, int hz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hz / 8000);
        double last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + (turn * last) - before, last);
        return 2 * Math.Sqrt((last * last) + (before * before) - (turn * last * before)) / samples.Length;
    }

    public static double Strength(this short[] samples, int hz) => Strength((ReadOnlySpan<short>)samples, hz);

    public static double Strength(this ReadOnlyMemory<byte> pcm, int hz) =>
        Strength(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(pcm.Span), hz);
}
