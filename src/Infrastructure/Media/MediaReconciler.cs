using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Routing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Media;

/// <summary>
/// Reports the calls that went down with another media engine. Runs when a node has gained the lease of the media
/// lane, before the lane: a call that the engine here does not know, and that is not still to be placed, has no audio
/// and nobody who would ever say so.
/// </summary>
public sealed class MediaReconciler(
    IRoutingSnapshot snapshot,
    IEventStore store,
    AggregateReader sessions,
    IMediaEngine engine,
    IMediaFacts facts,
    NpgsqlDataSource dataSource,
    TimeProvider clock,
    ILogger<MediaReconciler> logger)
{
    private const int Attempts = 5;
    private const int PageSize = 1_000;

    /// <summary>How often the leader looks: a call without audio is over within twice that.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Looks again and again while this node leads: a call that the engine has lost without a word is a ghost that nobody
    /// would ever end. One that it does not know at two looks in a row is reported; what is on its way at the first, a call
    /// to be placed or the news of its end, has arrived by the second.
    /// </summary>
    public async Task KeepLookingAsync(CancellationToken cancellationToken)
    {
        HashSet<Guid> before = [];
        while (true)
        {
            await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return;
            before = await LookAsync(before, cancellationToken);
        }
    }

    /// <summary>One look: gives the calls that the engine does not know, and reports those that it did not know before either.</summary>
    public async Task<HashSet<Guid>> LookAsync(HashSet<Guid> before, CancellationToken cancellationToken)
    {
        HashSet<Guid> unknown = [];
        try
        {
            foreach (var sessionId in (await LiveAsync(cancellationToken)).Where(id => !engine.Knows(id)))
            {
                if ((await sessions.LoadAsync(Aggregates.Session, sessionId, cancellationToken)).State.Kind == SessionKind.Call)
                    unknown.Add(sessionId);
            }

            foreach (var sessionId in unknown.Where(before.Contains))
                await TryReportAsync(sessionId, attempt: Attempts, cancellationToken);
        }
#pragma warning disable CA1031 // the next look is due soon
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.LogWarning(failure, "Calls without audio could not be looked for.");
        }

        return unknown;
    }

    /// <summary>Looks at every live call once. A call that cannot be reported is logged and holds back no other.</summary>
    /// <param name="cancellationToken">The lease is lost, or the node stops.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var sessionId in await LiveAsync(cancellationToken))
        {
            for (var attempt = 1; attempt <= Attempts && !await TryReportAsync(sessionId, attempt, cancellationToken); attempt++)
                await Task.Delay(Pause * attempt, clock, cancellationToken);
        }
    }

    /// <summary>
    /// The live calls as of now: those of the read models, wherever these have got to, and those that the log has brought
    /// since. Whoever comes later is placed by this engine.
    /// </summary>
    private async Task<IReadOnlyCollection<Guid>> LiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var ids = await snapshot.ReadAsync(cancellationToken);
                HashSet<Guid> live = [.. ids.LiveSessions];
                LogPage page;
                for (var after = ids.Position; ; after = page.Position)
                {
                    page = await store.ReadLogAsync(after, PageSize, cancellationToken);
                    foreach (var stored in page.Events)
                        Follow(live, stored.Data);
                    if (page.AtEnd)
                        return live;
                }
            }
#pragma warning disable CA1031 // the lane could not work either: without the database, or before the first read model is built
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogDebug(failure, "Live calls cannot be read yet.");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private static void Follow(HashSet<Guid> live, IDomainEvent happened)
    {
        if (happened is SessionRequested { Kind: SessionKind.Call } begun)
            live.Add(begun.SessionId);
        else if (happened is SessionEnded ended)
            live.Remove(ended.SessionId);
    }

    private async Task<bool> TryReportAsync(Guid sessionId, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var session = (await sessions.LoadFreshAsync(Aggregates.Session, sessionId, cancellationToken)).State;
            if (session is { Kind: SessionKind.Call, Status: not SessionStatus.Ended }
                && !engine.Knows(sessionId) && !await IsToBePlacedAsync(sessionId, cancellationToken))
            {
                logger.LogWarning("Call {SessionId} was lost with its media engine.", sessionId);
                await facts.ReportAsync(new MediaLost(FactIds.Of("media lost", sessionId), sessionId), cancellationToken);
            }

            return true;
        }
#pragma warning disable CA1031 // one call's failure must not keep every other call silent
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(failure, "The loss of call {SessionId} could not be reported, attempt {Attempt} of {Attempts}.", sessionId, attempt, Attempts);
            return false;
        }
    }

    /// <summary>An agent's leg may wait as well; only the consumer's makes it a call that has yet to begin.</summary>
    private async Task<bool> IsToBePlacedAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select payload from outbox where lane = 'media' and key = $1 and kind = $2");
        command.Parameters.Add(new() { Value = sessionId.ToString() });
        command.Parameters.Add(new() { Value = MediaKinds.PlaceLeg });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (OutboxJson.Read<PlaceLeg>(reader.GetString(0)).Party == Party.Consumer)
                return true;
        }

        return false;
    }
}
