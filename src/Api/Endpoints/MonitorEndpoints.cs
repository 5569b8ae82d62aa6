using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Application.Media;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Monitoring;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Monitor, coach, barge, take over and stop (MON-2, MON-5, MON-8).</summary>
public static class MonitorEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapMonitors(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/sessions/{id}/monitors", (Call call, Guid id, MonitorBody body) => call.CreateAsync(
                new StartMonitor(body.MonitorId, id, body.Mode, body.Voice), "/v1/monitors")).Creation("StartMonitor").WithTags("monitoring")
            .WithSummary("Monitors a session; ends unless a stream of it is opened within seconds. Needs the mode's permission: monitoring.listen, .coach or .barge.");
        var monitors = v1.MapGroup("/monitors").WithTags("monitoring");
        monitors.MapGet("/", (Call call, [AsParameters] MonitorQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListMonitors(filter.SessionId, filter.ById, filter.Live, page.Request))).Query<Page<MonitorCard>>("ListMonitors")
            .WithSummary("Who monitored what, for auditors.");
        monitors.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetMonitor(id), m => m.Version)).Query<MonitorDetails>("GetMonitor")
            .WithSummary("One's own monitoring: its mode, and why it ended.");
        monitors.MapPatch("/{id}", (Call call, Guid id, MonitorModeBody body) => call.DoAsync(new ChangeMonitorMode(id, body.Mode, body.Voice))).Command("ChangeMonitorMode")
            .WithSummary("Goes on silent, as a coach heard by the agent alone, or as a participant. Needs the mode's permission.");
        monitors.MapDelete("/{id}", (Call call, Guid id) => call.DoAsync(new StopMonitor(id))).Command("StopMonitor")
            .WithSummary("Stops monitoring.");
        monitors.MapPost("/{id}/take-over", (Call call, Guid id) => call.DoAsync(new TakeOverSession(id))).Command("TakeOverSession")
            .WithSummary("The supervisor becomes the session's agent; needs monitoring.barge, sessions.handle and an adapter with a free place.");
        monitors.MapPost("/{id}/messages", (Call call, Guid id, MessageBody body) => call.DoAsync(
                new SendSupervisorMessage(id, body.MessageId ?? Guid.CreateVersion7(call.Context.Now), body.Text))).Command("SendSupervisorMessage")
            .WithSummary("Writes in a chat that the supervisor barged into.");
        monitors.MapGet("/{id}/audio", AudioAsync).WithName("HearCall").Produces<byte[]>(StatusCodes.Status200OK, "audio/wav")
            .Produces<Problem>(StatusCodes.Status409Conflict, Problem.ContentType)
            .WithSummary("The call, live, as an endless WAV file (16 bit, mono, 8 kHz). 503 where another node carries its audio.");
        monitors.MapGet("/{id}/live", (Call call, Guid id, SessionLive live) => live.ForMonitorAsync(call, id)).Live("ViewMonitoredChat").Sends(new FollowMonitor(Guid.Empty))
            .WithSummary("The monitored chat, live (MON-7); from its beginning for who may read the session. Ends with the monitoring.");
    }

    private static async Task<IResult> AudioAsync(Call call, Guid id, IMediaEngine media)
    {
        var monitor = await call.SendAsync(new FollowMonitor(id));
        return monitor.IsOk ? new CallAudioResult(monitor.Value, () => call.SendAsync(new HearCall(id)), media.Name) : monitor.Error.ToResult();
    }
}

/// <summary>A wish to monitor a session.</summary>
/// <param name="Mode"><c>silent</c>, <c>coach</c> or <c>barge</c>.</param>
/// <param name="MonitorId">The new monitoring's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Voice">Simulated media only: the supervisor's voice, <c>tone:</c> and a frequency in Hz.</param>
public sealed record MonitorBody(MonitorMode Mode = MonitorMode.Silent, Guid? MonitorId = null, string? Voice = null);

/// <summary>How to go on.</summary>
/// <param name="Mode"><c>silent</c>, <c>coach</c> or <c>barge</c>.</param>
/// <param name="Voice">Simulated media only: the supervisor's voice.</param>
public sealed record MonitorModeBody(MonitorMode Mode, string? Voice = null);

/// <summary>Which monitorings.</summary>
/// <param name="SessionId">Of this session.</param>
/// <param name="ById">By this user or API key.</param>
/// <param name="Live">Only those that go on, or only the others.</param>
public sealed record MonitorQuery(
    [property: FromQuery(Name = "sessionId")] Guid? SessionId = null,
    [property: FromQuery(Name = "byId")] Guid? ById = null,
    [property: FromQuery(Name = "live")] bool? Live = null);
