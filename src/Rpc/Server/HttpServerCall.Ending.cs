using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>How a call ends: by its handler, by its deadline, or by the server stopping; whichever comes first.</summary>
internal sealed partial class HttpServerCall
{
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
    private TaskCompletionSource? _told;

    /// <summary>Whether there is no one left to answer: the client is gone, or the call ended before its handler did.</summary>
    public bool IsGivenUp => _told is not null || _token.IsCancellationRequested;

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
                (_lateStatus, _lateEnd) = (status, NewEnd());
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

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
        _timer = time.CreateTimer(static call => _ = ((HttpServerCall)call!).EndEarlyAsync(), this, due, Timeout.InfiniteTimeSpan);
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
    private async Task EndEarlyAsync()
    {
        bool writing;
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            writing = _writing;
            (_lateStatus, _lateEnd, _told) = (_timerStatus, NewEnd(), NewEnd());
        }
        if (!writing)
            _ = EndLateAsync();
        try
        {
            // A write held back by a slow client lets go, and then sends the status.
            if (writing)
                _http.Response.BodyWriter.CancelPendingFlush();
        }
        catch (ObjectDisposedException)
        {
            // The write was done meanwhile, and the status is on its way.
        }
        try
        {
            await _cancellation!.CancelAsync();
        }
        catch (AggregateException)
        {
            // What a handler hung on its token failed; the call is over all the same.
        }
        _told.SetResult();
    }

    private void BeginWrite()
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw IsGivenUp ? new OperationCanceledException("The call is over.", CancellationToken) : new InvalidOperationException("The call is over.");
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
            // No reset follows: it would overtake what Kestrel has still to send. Kestrel resets when the handler returns.
            WriteStatus(_lateStatus);
            await _http.Response.CompleteAsync();
        }
#pragma warning disable CA1031 // Nobody awaits this but the handler, which must not fail because the client is gone meanwhile.
        catch (Exception)
        {
            _http.Abort();
        }
#pragma warning restore CA1031
        finally
        {
            // Until then the response must not be given to another request.
            if (_told is not null)
                await _told.Task;
            _lateEnd!.SetResult();
        }
    }
}
