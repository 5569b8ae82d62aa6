using ContactCenter.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>How a call ends: by its handler, by its deadline, or by the server stopping; whichever comes first.</summary>
internal sealed partial class HttpServerCall
{
    private const int ResetNoError = 0;
    private static readonly Status DeadlinePassed = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");
    private static readonly Status ServerStops = new(StatusCode.Unavailable, "The server is stopping.");

    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _stopping;
    private TimeProvider? _time;
    private ITimer? _timer;
    private Status _timerStatus = DeadlinePassed;
    private DateTime _deadline = DateTime.MaxValue;
    private Status _lateStatus;
    private TaskCompletionSource? _lateEnd;
    private Task _cancelled = Task.CompletedTask;

    /// <summary>Ends the call as its handler did. Completes when nothing of the call touches the response any more.</summary>
    public Task EndAsync(Status status)
    {
        lock (_gate)
        {
            if (_ended)
                return _lateEnd?.Task ?? Task.CompletedTask;
            _ended = true;
            if (_writing)
            {
                // The handler left a write unawaited: the status waits for it.
                (_lateStatus, _lateEnd) = (status, NewLateEnd());
                return _lateEnd.Task;
            }
        }
        WriteStatus(status);
        return Task.CompletedTask;
    }

    /// <summary>Ends the call with the status and trailers of its handler's exception.</summary>
    public Task FailAsync(RpcException exception)
    {
        foreach (var entry in exception.Trailers)
            ResponseTrailersCore.Add(entry);
        return EndAsync(exception.Status);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
        _cancellation?.Dispose();
    }

    private static TaskCompletionSource NewLateEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Watch(TimeProvider time, TimeSpan? timeout, CancellationToken stopping)
    {
        var stops = _method.Type != MethodType.Unary && stopping.CanBeCanceled;
        if (timeout is null && !stops)
            return;
        _time = time;
        var now = time.GetUtcNow().UtcDateTime;
        if (timeout < DateTime.MaxValue - now)
            _deadline = now + timeout.Value;
        var due = timeout < Protocol.LongestTimeout ? timeout.Value : Timeout.InfiniteTimeSpan;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(_http.RequestAborted);
        _token = _cancellation.Token;
        _timer = time.CreateTimer(static call => ((HttpServerCall)call!).EndEarly(), this, due, Timeout.InfiniteTimeSpan);
        if (stops)
            _stopping = stopping.UnsafeRegister(static call => ((HttpServerCall)call!).OnStopping(), this);
    }

    private void OnStopping()
    {
        if (_deadline - _time!.GetUtcNow().UtcDateTime <= _options.StreamShutdownGrace)
            return;
        _timerStatus = ServerStops;
        _timer!.Change(_options.StreamShutdownGrace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Answers while the handler may still run, tells it by its token, and refuses what it writes from now on.</summary>
    private void EndEarly()
    {
        bool writing;
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            writing = _writing;
            (_lateStatus, _lateEnd) = (_timerStatus, NewLateEnd());
            _cancelled = _cancellation!.CancelAsync();
        }
        if (writing)
            _http.Response.BodyWriter.CancelPendingFlush();
        else
            _ = EndLateAsync();
    }

    private void BeginWrite()
    {
        lock (_gate)
        {
            if (_ended)
            {
                CancellationToken.ThrowIfCancellationRequested();
                throw new InvalidOperationException("The call is over.");
            }
            if (_writing)
                throw new InvalidOperationException("The previous write is not done.");
            _writing = true;
        }
    }

    private void EndWrite()
    {
        lock (_gate)
        {
            _writing = false;
            if (_lateEnd is null)
                return;
        }
        _ = EndLateAsync();
    }

    private async Task EndLateAsync()
    {
        try
        {
            WriteStatus(_lateStatus);
            await _http.Response.CompleteAsync();
            // The handler may run on; the client is told not to send it any more.
            _http.Features.Get<IHttpResetFeature>()?.Reset(ResetNoError);
            await _cancelled;
        }
#pragma warning disable CA1031 // Nobody awaits this but the handler, which must not fail because the client is gone meanwhile.
        catch (Exception)
        {
            _http.Abort();
        }
#pragma warning restore CA1031
        finally
        {
            _lateEnd!.SetResult();
        }
    }
}
