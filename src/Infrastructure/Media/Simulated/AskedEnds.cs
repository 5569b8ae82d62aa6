using ContactCenter.Application.Media;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Knows of the ends of segments that are on their way to the engine. All recorders share its looks: one at a time, and
/// whoever comes during one gets the next.
/// </summary>
/// <param name="backlog">Where it looks, or null: nothing is ever on its way.</param>
/// <param name="time">Paces the looks.</param>
internal sealed class AskedEnds(IMediaBacklog? backlog, TimeProvider time)
{
    /// <summary>From when a command takes its instant until it is committed and can be seen.</summary>
    private static readonly TimeSpan CommitTime = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a look waits for those that come to share it: a thousand calls are no more than 20 looks a second.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<Guid, DateTimeOffset>>? _next;
    private Task _last = Task.CompletedTask;

    /// <summary>
    /// The end that is asked for what is recorded of a call, or null: none whose instant is before now.
    /// </summary>
    /// <param name="sessionId">The call.</param>
    /// <param name="told">Completes when the engine is told the end, so that there is nothing more to wait for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DateTimeOffset?> OfAsync(Guid sessionId, Task told, CancellationToken cancellationToken)
    {
        if (backlog is null)
            return null;
        await Task.WhenAny(told, Task.Delay(CommitTime, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return (await NextLook(backlog)).TryGetValue(sessionId, out var at) ? at : null;
    }

    /// <summary>A look that begins after this.</summary>
    private Task<IReadOnlyDictionary<Guid, DateTimeOffset>> NextLook(IMediaBacklog from)
    {
        lock (_gate)
            return _next ??= LookAfterAsync(_last, from);
    }

    private async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> LookAfterAsync(Task before, IMediaBacklog from)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await Task.Delay(Gathering, time);
        lock (_gate)
            (_last, _next) = (_next!, null);
        // Shared: nobody who waits for it may end it for the others.
        return await from.EndsAsync(CancellationToken.None);
    }
}
