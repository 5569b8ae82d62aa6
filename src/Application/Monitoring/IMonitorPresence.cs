namespace ContactCenter.Application.Monitoring;

/// <summary>Which monitorings have a stream somewhere, across nodes. One that has none for too long is ended by a job (MON-2).</summary>
public interface IMonitorPresence
{
    /// <summary>How long one may be without a stream: with the job's own pace it ends within ten seconds.</summary>
    static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(7);

    /// <summary>They begin now, or have a stream on this node. Durable when it returns.</summary>
    Task SeenAsync(IReadOnlyCollection<Guid> monitorIds, CancellationToken cancellationToken);

    /// <summary>
    /// Those not seen for too long. Silence counts only while somebody asked all along: after an outage of the database or of
    /// all nodes everybody has their time again.
    /// </summary>
    Task<IReadOnlyList<LostMonitor>> FindLostAsync(CancellationToken cancellationToken);

    /// <summary>True if no node has told of it for so long: nobody has a stream of it any more.</summary>
    Task<bool> IsUnseenForAsync(Guid monitorId, TimeSpan time, CancellationToken cancellationToken);

    /// <summary>One is over: nothing more to watch, unless it was seen again meanwhile.</summary>
    Task ForgetAsync(LostMonitor lost, CancellationToken cancellationToken);
}

/// <summary>A monitoring not seen for too long.</summary>
/// <param name="MonitorId">Which.</param>
/// <param name="SeenAt">When it was seen last, by the database's clock.</param>
public sealed record LostMonitor(Guid MonitorId, DateTimeOffset SeenAt);
