using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>One's own monitoring.</summary>
/// <param name="MonitorId">Which.</param>
public sealed record GetMonitor(Guid MonitorId) : IQuery<MonitorDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.OwnMonitor(MonitorId);
}

/// <summary>The same for a stream of it, which the right to it is needed for too: when it opens, and for as long as it lasts.</summary>
/// <param name="MonitorId">Which.</param>
public sealed record FollowMonitor(Guid MonitorId) : IQuery<MonitorDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => MonitorRights.ToGoOn(MonitorId);
}

/// <summary>A monitoring, as who began it sees it.</summary>
/// <param name="MonitorId">Which.</param>
/// <param name="Version">Its stream's version: the <c>ETag</c>.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Mode">How, or how at last.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="StoppedAt">Until when, or null.</param>
/// <param name="StopReason">Why it ended, or null: <c>asked</c>, <c>stream_closed</c>, <c>client_lost</c>, <c>session_ended</c>,
/// <c>right_lost</c>, <c>took_over</c>.</param>
/// <param name="ReadsAll">Whether a chat's view begins with the chat, or only with the monitoring: for who may not read the session otherwise.</param>
public sealed record MonitorDetails(
    Guid MonitorId, long Version, Guid SessionId, SessionKind Kind, MonitorMode Mode, DateTimeOffset StartedAt, DateTimeOffset? StoppedAt, string? StopReason, bool ReadsAll);

/// <summary>Answers <see cref="GetMonitor"/> and <see cref="FollowMonitor"/>.</summary>
public sealed class GetMonitorHandler(UnitOfWork work, Authorizer authorizer, CurrentCall call) :
    IRequestHandler<GetMonitor, Result<MonitorDetails>>,
    IRequestHandler<FollowMonitor, Result<MonitorDetails>>
{
    /// <inheritdoc/>
    public Task<Result<MonitorDetails>> Handle(GetMonitor request, CancellationToken cancellationToken) => ReadAsync(request.MonitorId, cancellationToken);

    /// <inheritdoc/>
    public Task<Result<MonitorDetails>> Handle(FollowMonitor request, CancellationToken cancellationToken) => ReadAsync(request.MonitorId, cancellationToken);

    private async Task<Result<MonitorDetails>> ReadAsync(Guid monitorId, CancellationToken cancellationToken)
    {
        var (_, m, version) = await work.LoadAsync(Aggregates.Monitor, monitorId, cancellationToken);
        var readsAll = m.Kind == SessionKind.Chat && await authorizer.RefusalAsync(call.Context.Caller, SessionReaders.Of(m.SessionId), cancellationToken) is null;
        return new MonitorDetails(m.Id, version, m.SessionId, m.Kind, m.Mode, m.StartedAt, m.StoppedAt, m.StopReason, readsAll);
    }
}

/// <summary>
/// What the monitored call sounds like, live, from now on (MON-8). The embedded media engine lives in one process: only the
/// node that carries the call's audio can give it (<c>monitoring.audio_elsewhere</c>).
/// </summary>
/// <param name="MonitorId">Which monitoring.</param>
public sealed record HearCall(Guid MonitorId) : IQuery<IAsyncEnumerable<AudioFrame>>
{
    /// <inheritdoc/>
    public Requirement Requirement => MonitorRights.ToGoOn(MonitorId);
}

/// <summary>Answers <see cref="HearCall"/>.</summary>
public sealed class HearCallHandler(UnitOfWork work, IMediaEngine media, TimeProvider clock) : IRequestHandler<HearCall, Result<IAsyncEnumerable<AudioFrame>>>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly UnavailableError Elsewhere = new("monitoring.audio_elsewhere", "Another node carries the audio of this call: connect to that one.");

    /// <inheritdoc/>
    public async Task<Result<IAsyncEnumerable<AudioFrame>>> Handle(HearCall request, CancellationToken cancellationToken)
    {
        var monitor = (await work.LoadAsync(Aggregates.Monitor, request.MonitorId, cancellationToken)).State;
        if (MonitorDecider.WhyNotHearing(monitor) is { } refusal)
            return refusal;
        return await IsHereAsync(monitor.SessionId, cancellationToken)
            ? Result<IAsyncEnumerable<AudioFrame>>.Ok(media.ListenAsync(monitor.SessionId, CancellationToken.None))
            : Elsewhere;
    }

    /// <summary>A call that began a moment ago may still be on its way to the engine.</summary>
    private async Task<bool> IsHereAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Patience;
        while (!media.Knows(sessionId))
        {
            if (clock.GetUtcNow() >= until)
                return false;
            await Task.Delay(Pause, clock, cancellationToken);
        }

        return true;
    }
}
