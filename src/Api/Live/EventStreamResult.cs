using ContactCenter.Api.Auth;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Infrastructure.Database;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ContactCenter.Api.Live;

/// <summary>
/// Answers with a stream of events: what the source gives, and a <c>ping</c> every 15 s whatever else is sent. It
/// ends with the client, with the source, with this node's shutdown, and within seconds of the caller's right to it; then
/// the last event is <c>ended</c> and says why.
/// </summary>
/// <param name="source">The events.</param>
/// <param name="whyNot">Asked every five seconds, and at the source's end, why the caller may not see them any more; null while they may.</param>
/// <param name="probes">Whether enough is sent, whatever happens, for a client that reads nothing to be noticed soon.</param>
public sealed class EventStreamResult(IAsyncEnumerable<ServerSentEvent> source, Func<CancellationToken, Task<DomainError?>> whyNot, bool probes = false) : IResult
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/event-stream";

    private const int MostUnflushed = 32 * 1024;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);
    private static readonly UnavailableError Unavailable = new("service.unavailable", "The log cannot be reached.");
    private bool hasSaidWhy;

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
        // Beside the events, so that a client that reads nothing holds nothing open by it.
        var watching = WatchRightAsync(httpContext, clock, end);
        try
        {
            await writer.OpenAsync(end.Token);
            await PumpAsync(writer, clock, end);
            // Where the source found out first.
            await EndAsync(writer, await WhyNotAsync(httpContext, CancellationToken.None), httpContext, clock);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client, its right or this node is gone; a client that comes back says where it was.
            if (!httpContext.RequestAborted.IsCancellationRequested && !stopping.IsCancellationRequested)
                await EndAsync(writer, await watching, httpContext, clock);
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    }

    private async Task PumpAsync(EventStreamWriter writer, TimeProvider clock, CancellationTokenSource end)
    {
        await using var events = source.GetAsyncEnumerator(end.Token);
        var next = events.MoveNextAsync().AsTask();
        var pinged = clock.GetTimestamp();
        var pause = PauseAsync(clock, end.Token);
        try
        {
            while (true)
            {
                if (!next.IsCompleted)
                    await Task.WhenAny(next, pause);
                if (pause.IsCompleted)
                {
                    await pause;
                    if (probes)
                        await writer.FillAsync(end.Token);
                    if (clock.GetElapsedTime(pinged) >= PingInterval)
                    {
                        await writer.PingAsync(end.Token);
                        pinged = clock.GetTimestamp();
                    }

                    pause = PauseAsync(clock, end.Token);
                }

                if (!next.IsCompleted)
                    continue;
                if (!await next)
                {
                    await writer.FlushAsync(end.Token);
                    return;
                }

                writer.Write(events.Current);
                hasSaidWhy |= events.Current.Data is StreamEnded;
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

    private Task PauseAsync(TimeProvider clock, CancellationToken cancellationToken) => Task.Delay(probes ? ProbeInterval : PingInterval, clock, cancellationToken);

    /// <summary>A token that has expired, a key that was revoked, a right that was taken: the stream ends, and this says by what.</summary>
    private async Task<DomainError?> WatchRightAsync(HttpContext http, TimeProvider clock, CancellationTokenSource end)
    {
        while (true)
        {
            await Task.Delay(Recheck, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
                return null;
            if (await WhyNotAsync(http, end.Token) is not { } refusal)
                continue;
            await end.CancelAsync();
            return refusal;
        }
    }

    private async Task<DomainError?> WhyNotAsync(HttpContext http, CancellationToken cancellationToken)
    {
        try
        {
            var callers = http.RequestServices.GetRequiredService<CallerResolver>();
            return await callers.ResolveAsync(http.Request.Headers.Authorization, cancellationToken) is { } now && now.MaySameAs(http.Caller())
                ? await whyNot(cancellationToken)
                : CallerResolver.Changed;
        }
        catch (Exception e) when (e is OperationCanceledException || Transience.IsUnavailable(e))
        {
            // What cannot be looked up must not be shown on; a client that comes back says where it was.
            return Unavailable;
        }
    }

    /// <summary>The last word to a client that lost the right to more; one that does not take it is not waited for.</summary>
    private async Task EndAsync(EventStreamWriter writer, DomainError? refusal, HttpContext http, TimeProvider clock)
    {
        if (refusal is null or UnavailableError || hasSaidWhy)
            return;
        using var soon = new CancellationTokenSource(LastWord, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, http.RequestAborted);
        writer.Write(new ServerSentEvent(Id: null, "ended", new StreamEnded(MonitorEnds.RightLost, refusal.Code)));
        try
        {
            await writer.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // They read nothing, or are gone.
        }
    }
}

/// <summary>The last event of a stream that ended for a reason of its own.</summary>
/// <param name="Reason">In one word; <c>right_lost</c> where the caller may not see more.</param>
/// <param name="Code">The code with which the stream would be refused now, or <c>auth.changed</c>: open it again; null where the right was not lost.</param>
public sealed record StreamEnded(string Reason, string? Code);
