using ContactCenter.Api.Errors;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Recordings;
using Microsoft.AspNetCore.Http.Features;

namespace ContactCenter.Api.Live;

/// <summary>
/// A monitored call's audio as a WAV file that goes on as long as the monitoring does; any player plays it while it comes.
/// Its header promises more than will ever come: how much, nobody knows yet.
/// </summary>
/// <param name="monitor">The monitoring.</param>
/// <param name="hear">Asks for what is heard, or why nothing is.</param>
/// <param name="engine">Who makes it; in the file's comment.</param>
internal sealed class CallAudioResult(MonitorDetails monitor, Func<Task<Result<IAsyncEnumerable<AudioFrame>>>> hear, string engine) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var access = services.GetRequiredService<MonitorAccess>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        await using var stream = await services.GetRequiredService<MonitorStreams>().OpenAsync(
            monitor, endsMonitor: false, ct => access.AskAsync(httpContext, monitor.MonitorId, ct), gone.Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone.Token, stream.Ended);

        // The client is counted as present while the call's audio is still looked for.
        var frames = await hear();
        if (!frames.IsOk)
        {
            await frames.Error.ToResult().ExecuteAsync(httpContext);
            return;
        }

        await using var client = httpContext.WatchClient(stream, services.GetRequiredService<TimeProvider>());
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = httpContext.Response;
        response.ContentType = "audio/wav";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers[MonitorAccess.IdHeader] = monitor.MonitorId.ToString("D");
        try
        {
            await using var heard = frames.Value.GetAsyncEnumerator(end.Token);
            for (var goesOn = await heard.FirstAsync(TellAsync, end); goesOn; goesOn = await heard.MoveNextAsync())
                await response.BodyWriter.WriteAsync(heard.Current.Pcm, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The monitoring is over, or the client gone; GET /v1/monitors/{id} says which.
        }

        Task TellAsync() => response.BodyWriter.WriteAsync(WavHeader.Create(WavHeader.MaxPcmBytes & ~1L, engine), end.Token).AsTask();
    }
}
