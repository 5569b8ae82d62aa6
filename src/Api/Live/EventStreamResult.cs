using ContactCenter.Api.Auth;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ContactCenter.Api.Live;

/// <summary>
/// Answers with a stream of events: what the source gives, and a <c>ping</c> every 15 s whatever else is sent. It
/// ends with the client, with the source, with this node's shutdown, and within 15 s of the caller's right to it.
/// </summary>
/// <param name="source">The events.</param>
/// <param name="stillAllowed">Asked at every ping whether the caller may still see them.</param>
public sealed class EventStreamResult(IAsyncEnumerable<ServerSentEvent> source, Func<CancellationToken, Task<bool>> stillAllowed) : IResult
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/event-stream";

    private const int MostUnflushed = 32 * 1024;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        var json = services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);

        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        var writer = new EventStreamWriter(httpContext.Response.BodyWriter, json);
        try
        {
            await writer.OpenAsync(end.Token);
            await PumpAsync(writer, clock, httpContext, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client or this node is gone; a client that comes back says where it was.
        }
    }

    private async Task PumpAsync(EventStreamWriter writer, TimeProvider clock, HttpContext http, CancellationTokenSource end)
    {
        await using var events = source.GetAsyncEnumerator(end.Token);
        var next = events.MoveNextAsync().AsTask();
        var ping = Task.Delay(PingInterval, clock, end.Token);
        try
        {
            while (true)
            {
                if (!next.IsCompleted)
                    await Task.WhenAny(next, ping);
                if (ping.IsCompleted)
                {
                    await ping;
                    if (!await MaySeeAsync(http, end.Token))
                        return;
                    await writer.PingAsync(end.Token);
                    ping = Task.Delay(PingInterval, clock, end.Token);
                }

                if (!next.IsCompleted)
                    continue;
                if (!await next)
                {
                    await writer.FlushAsync(end.Token);
                    return;
                }

                writer.Write(events.Current);
                next = events.MoveNextAsync().AsTask();
                // What is told at once goes out at once: a flush for each would be a system call for each.
                if (!next.IsCompleted || writer.Unflushed > MostUnflushed)
                    await writer.FlushAsync(end.Token);
            }
        }
        finally
        {
            // An enumerator must not be disposed while it moves.
            await end.CancelAsync();
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>A token that has expired, a key that was revoked, a right that was taken: the stream ends.</summary>
    private async Task<bool> MaySeeAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var callers = http.RequestServices.GetRequiredService<CallerResolver>();
        return await callers.ResolveAsync(http.Request.Headers.Authorization, cancellationToken) is { } now
            && now.MaySameAs(http.Caller()) && await stillAllowed(cancellationToken);
    }
}
