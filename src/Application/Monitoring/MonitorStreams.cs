using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// The streams of monitorings that are open on this node. Follows the log once for all of them: what happens in their
/// sessions is settled at once, and a stream ends with its monitoring, wherever that was ended. Tells the other nodes which
/// monitorings have a stream here, and asks again and again whether each may go on.
/// </summary>
public sealed class MonitorStreams(ILiveFeed feed, Dispatcher dispatcher, IMonitorPresence presence, TimeProvider clock, ILogger<MonitorStreams> logger)
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <summary>What a client has to open another stream after the last one, here or on another node, which tells of it every heartbeat.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);
    private const int MostLooks = 5;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<MonitorStream>> streams = [];
    private readonly Dictionary<Guid, HashSet<Guid>> bySession = [];

    /// <summary>How many are open here.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return streams.Values.Sum(s => s.Count);
        }
    }

    /// <summary>Opens a stream of a monitoring; to be disposed when it ends.</summary>
    /// <param name="monitor">Which.</param>
    /// <param name="endsMonitor">True if the monitoring began with this stream, and ends with it.</param>
    /// <param name="mayGoOn">Asks as the caller of now whether it may go on: the monitoring, or why not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MonitorStream> OpenAsync(
        MonitorDetails monitor, bool endsMonitor, Func<CancellationToken, Task<Result<MonitorDetails>>> mayGoOn, CancellationToken cancellationToken)
    {
        var stream = new MonitorStream(this, monitor.MonitorId, monitor.SessionId, endsMonitor, mayGoOn);
        lock (gate)
        {
            if (!streams.TryGetValue(monitor.MonitorId, out var there))
                streams[monitor.MonitorId] = there = [];
            there.Add(stream);
            if (!bySession.TryGetValue(monitor.SessionId, out var monitors))
                bySession[monitor.SessionId] = monitors = [];
            monitors.Add(monitor.MonitorId);
        }

        try
        {
            await presence.SeenAsync([monitor.MonitorId], cancellationToken);
            // What happened between its beginning and here, nobody followed.
            await SettleAsync([monitor.MonitorId], cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until cancelled. Run again, it first looks at what it may have missed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] running = [FollowAsync(stop.Token), EveryAsync(Heartbeat, TellAsync, stop.Token), EveryAsync(Recheck, RecheckAsync, stop.Token)];
        await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Tells the other nodes which monitorings have a stream here whose client takes what it is sent.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        Guid[] here;
        lock (gate)
            here = [.. streams.Where(s => s.Value.Exists(one => !one.IsStalled)).Select(s => s.Key)];
        if (here.Length > 0)
            await presence.SeenAsync(here, cancellationToken);
    }

    /// <summary>Asks for each stream whether it may go on.</summary>
    public Task RecheckAsync(CancellationToken cancellationToken) => RecheckAsync(_ => true, cancellationToken);

    /// <summary>Asks for one stream whether it may go on, as who finds out that it may not does before saying why: if the right is lost, the monitoring ends with it.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RecheckAsync(MonitorStream stream, CancellationToken cancellationToken)
    {
        var answer = await stream.MayGoOn(cancellationToken);
        if (answer.Error is ForbiddenError or UnauthenticatedError)
        {
            await EndAsync(stream.MonitorId, MonitorEnds.RightLost, cancellationToken);
            End(stream.MonitorId, MonitorEnds.RightLost);
        }
        else if (answer.Value is { StopReason: { } reason })
        {
            End(stream.MonitorId, reason);
        }
    }

    internal async ValueTask CloseAsync(MonitorStream stream)
    {
        if (!TryRemove(stream, out var isLast) || stream.Reason is not null)
            return;
        if (stream.EndsMonitor)
            await WriteEndAsync(stream.MonitorId, () => EndAsync(stream.MonitorId, stream.IsLost ? MonitorEnds.ClientLost : MonitorEnds.StreamClosed, CancellationToken.None));
        else if (isLast)
            _ = WriteEndAsync(stream.MonitorId, () => EndUnlessOpenedAsync(stream));
    }

    private bool TryRemove(MonitorStream stream, out bool isLast)
    {
        lock (gate)
        {
            isLast = false;
            if (!streams.TryGetValue(stream.MonitorId, out var there) || !there.Remove(stream))
                return false;
            isLast = there.Count == 0;
            if (!isLast)
                return true;
            streams.Remove(stream.MonitorId);
            if (bySession.TryGetValue(stream.SessionId, out var monitors) && monitors.Remove(stream.MonitorId) && monitors.Count == 0)
                bySession.Remove(stream.SessionId);
            return true;
        }
    }

    /// <summary>Ends a monitoring whose last stream is gone, unless another comes in a moment. A client that was lost had that moment already.</summary>
    private async Task EndUnlessOpenedAsync(MonitorStream stream)
    {
        if (!stream.IsLost)
            await Task.Delay(Moment, clock);
        for (var look = 0; look < MostLooks; look++)
        {
            lock (gate)
            {
                if (streams.ContainsKey(stream.MonitorId))
                    return;
            }

            if (await presence.IsUnseenForAsync(stream.MonitorId, Moment - (BetweenLooks / 2), CancellationToken.None))
            {
                await EndAsync(stream.MonitorId, MonitorEnds.ClientLost, CancellationToken.None);
                return;
            }

            await Task.Delay(BetweenLooks, clock);
        }
    }

    private async Task WriteEndAsync(Guid monitorId, Func<Task> end)
    {
        try
        {
            await end();
        }
#pragma warning disable CA1031 // no stream is told of any more: the monitoring is found lost
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogWarning(failure, "The end of monitoring {MonitorId} is not written yet.", monitorId);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var position = await feed.NowAsync(cancellationToken);
        Guid[] missed;
        lock (gate)
            missed = [.. streams.Keys];
        await SettleAsync(missed, cancellationToken);
        await foreach (var stored in feed.SubscribeAsync(position, Matters, cancellationToken))
        {
            if (stored.Data is MonitorStopped stopped)
                End(stopped.MonitorId, stopped.Reason);
            else if (stored.Data is QueueTeamsAssigned)
                await RecheckAsync(cancellationToken);
            else if (Of(stored.Stream.Id) is { Length: > 0 } monitors)
                await (stored.Data is SessionQueued moved ? RecheckAsync(s => s.SessionId == moved.SessionId, cancellationToken) : SettleAsync(monitors, cancellationToken));
        }
    }

    private static bool Matters(StoredEvent stored) =>
        stored.Data is MonitorStopped or SessionEnded or SessionConnected or SessionTransferred or SessionReturned or SessionTakenOver or SessionQueued
            or TransferredOutside or ConsultationCompleted or QueueTeamsAssigned;

    private Guid[] Of(Guid sessionId)
    {
        lock (gate)
            return bySession.TryGetValue(sessionId, out var monitors) ? [.. monitors] : [];
    }

    private Task SettleAsync(IReadOnlyCollection<Guid> monitorIds, CancellationToken cancellationToken) => EachAsync(
        monitorIds, async (id, ct) => await dispatcher.SendAsSystemAsync("monitoring", new SettleMonitor(id), ct), cancellationToken);

    private Task RecheckAsync(Func<MonitorStream, bool> which, CancellationToken cancellationToken)
    {
        MonitorStream[] open;
        lock (gate)
            open = [.. streams.Values.SelectMany(s => s).Where(which)];
        return EachAsync(open, RecheckAsync, cancellationToken);
    }

    private async Task EndAsync(Guid monitorId, string reason, CancellationToken cancellationToken) =>
        await dispatcher.SendAsSystemAsync("monitoring", new EndMonitor(monitorId, reason), cancellationToken);

    private void End(Guid monitorId, string reason)
    {
        MonitorStream[] ended;
        lock (gate)
            ended = streams.TryGetValue(monitorId, out var there) ? [.. there] : [];
        foreach (var stream in ended)
            stream.End(reason);
    }

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> what, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return;
            await EachAsync([what], async (step, ct) => await step(ct), cancellationToken);
        }
    }

    /// <summary>Does something for each, a few at once; one's failure is told and holds back no other.</summary>
    private Task EachAsync<T>(IReadOnlyCollection<T> all, Func<T, CancellationToken, ValueTask> what, CancellationToken cancellationToken) => all.Count == 0
        ? Task.CompletedTask
        : Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, ct) =>
        {
            try
            {
                await what(one, ct);
            }
#pragma warning disable CA1031 // looked at again soon
            catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogWarning(failure, "The monitorings of this node could not be looked after.");
            }
        });
}

/// <summary>One open stream of a monitoring.</summary>
public sealed class MonitorStream : IAsyncDisposable
{
    private readonly MonitorStreams all;
    private readonly CancellationTokenSource ended = new();
    private long writingSince;

    internal MonitorStream(MonitorStreams all, Guid monitorId, Guid sessionId, bool endsMonitor, Func<CancellationToken, Task<Result<MonitorDetails>>> mayGoOn)
    {
        (this.all, MonitorId, SessionId, EndsMonitor, MayGoOn) = (all, monitorId, sessionId, endsMonitor, mayGoOn);
        Ended = ended.Token;
    }

    /// <summary>Which monitoring.</summary>
    public Guid MonitorId { get; }

    /// <summary>Of which session.</summary>
    public Guid SessionId { get; }

    /// <summary>Cancelled when the monitoring is over, or its client gone.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Why it is over, or null while it goes on.</summary>
    public string? Reason { get; private set; }

    /// <summary>True while the client takes nothing of what it is sent: other nodes are not told of the stream.</summary>
    public bool IsStalled { get; set; }

    /// <summary>True once the client is taken for gone.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Since when something is being written that the client has not taken, as a timestamp of the clock; 0 if nothing is.</summary>
    public long WritingSince
    {
        get => Volatile.Read(ref writingSince);
        set => Volatile.Write(ref writingSince, value);
    }

    internal bool EndsMonitor { get; }

    internal Func<CancellationToken, Task<Result<MonitorDetails>>> MayGoOn { get; }

    /// <summary>
    /// What was streamed is at its end: waits a moment to hear why, since the audio of a call is gone before its end is told.
    /// </summary>
    public Task WaitForReasonAsync(TimeProvider clock) =>
        Task.Delay(TimeSpan.FromSeconds(2), clock, Ended).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>The client is gone, though nothing was said: the stream ends.</summary>
    public void Lose()
    {
        IsLost = true;
        ended.Cancel();
    }

    /// <summary>The stream is closed; a monitoring that began with it ends.</summary>
    public async ValueTask DisposeAsync() => await all.CloseAsync(this);

    internal void End(string reason)
    {
        Reason ??= reason;
        ended.Cancel();
    }
}
