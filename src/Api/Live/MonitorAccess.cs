using ContactCenter.Api.Auth;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Api.Live;

/// <summary>
/// Asks for a stream that goes on for long what was asked when it began, as the caller of now: their token may have ended,
/// their roles changed, the session moved to a queue out of their reach.
/// </summary>
public sealed class MonitorAccess(CallerResolver callers, Dispatcher dispatcher, TimeProvider clock)
{
    /// <summary>Names the monitoring in the headers of its streams.</summary>
    public const string IdHeader = "monitor-id";

    /// <summary>Says in a trailer why it is over.</summary>
    public const string EndedTrailer = "monitor-ended";

    private static readonly UnauthenticatedError Unknown = new(ErrorCodes.Unauthenticated, "The token ended, or was taken back.");

    /// <summary>Why a stream ends with the right to it: the caller may do something else now, or the session is out of their reach.</summary>
    public async Task<DomainError> WhyNotAsync(HttpContext http, Guid monitorId) =>
        await callers.ResolveAsync(http.Request.Headers.Authorization, CancellationToken.None) is { } now && now.MaySameAs(http.Caller())
            ? (await AskAsync(http, monitorId, CancellationToken.None)).Error ?? CallerResolver.Changed
            : CallerResolver.Changed;

    /// <summary>The monitoring, or why it may not go on.</summary>
    public async Task<Result<MonitorDetails>> AskAsync(HttpContext http, Guid monitorId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await callers.ResolveAsync(http.Request.Headers.Authorization, cancellationToken) is { } caller
            ? await dispatcher.SendAsync(
                new FollowMonitor(monitorId),
                new CallContext(caller) { CommandId = Guid.CreateVersion7(now), Now = now, Source = http.Connection.RemoteIpAddress?.ToString() },
                cancellationToken)
            : Unknown;
    }
}
