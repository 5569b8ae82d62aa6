using System.Runtime.InteropServices;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Demo;

/// <summary>A supervisor listens to a call, coaches its agent, and barges in.</summary>
internal sealed partial class Day
{
    // What a simulated supervisor sounds like.
    private const int SupervisorTone = 1500;
    private static readonly string[] Supervises = ["monitoring.read", "monitoring.listen", "monitoring.coach", "monitoring.barge"];

    private async Task SuperviseAsync(string sessionId)
    {
        Story.Tell("Sam, who supervises, is on another floor.");
        var role = await admin.PostAsync("/v1/roles", new
        {
            name = "Supervisor",
            grants = Supervises.Select(permission => new { permission, scope = "all" }),
        }, ct);
        await admin.PostAsync("/v1/users", new { login = "sam", name = "Sam Supervisor", password = Password, roleIds = new[] { Text(role, "id") } }, ct);
        var signedIn = await open.PostAsync("/v1/auth/token", new { login = "sam", password = Password }, ct);
        var sam = new Metadata { { "authorization", $"Bearer {Text(signedIn, "accessToken")}" } };
        var monitoring = new Monitoring.MonitoringClient(channel);

        using var listening = monitoring.Listen(new ListenRequest { SessionId = sessionId }, sam, cancellationToken: ct);
        var monitorId = (await listening.ResponseHeadersAsync).GetValue("monitor-id") ?? throw new DemoException("A monitoring has no id.");
        Story.Tell($"Sam listens, unnoticed (monitoring {monitorId}): {await HearAsync(listening)}.");
        await monitoring.ChangeMonitorModeAsync(new ChangeMonitorModeRequest { MonitorId = monitorId, Mode = MonitorMode.Coach }, sam, cancellationToken: ct);
        Story.Tell($"Sam coaches: Ada alone hears it. Whoever listens, and the recording, have: {await HearAsync(listening)}.");
        await monitoring.ChangeMonitorModeAsync(new ChangeMonitorModeRequest { MonitorId = monitorId, Mode = MonitorMode.Barge }, sam, cancellationToken: ct);
        var joined = await Agent.NextAsync(c => c.SessionUpdate is { Supervisors.Count: > 0 } u && u.SessionId == sessionId, ct);
        await UntilAsync("Sam to be heard by all", async () => (await HearAsync(listening)).Contains("Sam", StringComparison.Ordinal));
        Story.Tell($"Sam barges in: both sides see {joined.SessionUpdate.Supervisors[0]} and hear: {await HearAsync(listening)}.");
        var stopped = await monitoring.StopMonitorAsync(new StopMonitorRequest { MonitorId = monitorId }, sam, cancellationToken: ct);
        await Agent.NextAsync(c => c.SessionUpdate is { Supervisors.Count: 0 } u && u.SessionId == sessionId, ct);
        Story.Tell($"Sam stops ({stopped.StopReason}), and is gone for both.");
        await UntilAsync("auditors to be told of it", async () =>
            (await admin.GetAsync($"/v1/monitors?sessionId={sessionId}", ct))["items"]?.AsArray().Any(m => m?["stopReason"]?.ToString() == "asked") == true);
        Story.Tell("Auditors find it under GET /v1/monitors; the call's own history knows of the barge alone.");
    }

    /// <summary>A fifth of a second of the call, and whether Sam is in it.</summary>
    private async Task<string> HearAsync(AsyncServerStreamingCall<AudioFrame> listening)
    {
        List<short> samples = [];
        while (samples.Count < 1600)
        {
            if (!await listening.ResponseStream.MoveNext(ct))
                throw new DemoException("The audio ended.");
            samples.AddRange(MemoryMarshal.Cast<byte, short>(listening.ResponseStream.Current.Pcm.Span).ToArray());
        }

        return Strength(CollectionsMarshal.AsSpan(samples), SupervisorTone) > 500 ? "agent, consumer and Sam" : "agent and consumer";
    }

    /// <summary>The amplitude of one frequency, by Goertzel's algorithm.</summary>
    private static double Strength(ReadOnlySpan<short> samples, int hz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hz / 8000);
        double last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + (turn * last) - before, last);
        return 2 * Math.Sqrt((last * last) + (before * before) - (turn * last * before)) / samples.Length;
    }
}
