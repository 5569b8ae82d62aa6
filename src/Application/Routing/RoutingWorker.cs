using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Routing;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Routing;

/// <summary>
/// Asks agents to take waiting sessions. One node at a time does it, out of economy only: two that do it at once meet in
/// the append, where one offer wins, and no agent gets more than the capacity allows.
/// </summary>
public sealed class RoutingWorker(
    ILeases leases, IRoutingSnapshot snapshot, IEventStore store, AggregateReader reader, ILiveFeed feed, Dispatcher dispatcher, TimeProvider clock, ILogger<RoutingWorker> logger)
{
    private const int MatchesAtOnce = 32;
    private const int EventsAtOnce = 1_000;
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    /// <summary>Routes while this node leads, until cancelled. Lost ground is made up by beginning again.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => leases.RunWhileLeaderAsync("routing", LeadAsync, cancellationToken);

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RouteAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever went wrong, sessions wait: begin again from the log.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.LogWarning(e, "Routing begins again");
                await Task.Delay(Backoff, clock, cancellationToken);
            }
        }
    }

    private async Task RouteAsync(CancellationToken cancellationToken)
    {
        var follower = new BoardFollower(store, reader, clock);
        var from = await follower.BeginAsync(await snapshot.ReadAsync(cancellationToken), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = feed.SubscribeAsync(from, BoardFollower.Matters, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                for (var i = 0; i < EventsAtOnce && next.IsCompleted; i++)
                {
                    if (!await next)
                        return;
                    follower.Apply(events.Current);
                    next = events.MoveNextAsync().AsTask();
                }

                var matches = follower.IsUpToDate ? await follower.NextMatchesAsync(MatchesAtOnce, cancellationToken) : [];
                if (matches.Count > 0)
                    await OfferAsync(follower, matches, cancellationToken);
                else
                    await follower.WaitAsync(next, cancellationToken);
            }
        }
        finally
        {
            // An enumerator cannot be disposed of while it waits.
            await stop.CancelAsync();
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task OfferAsync(BoardFollower follower, IReadOnlyList<Match> matches, CancellationToken cancellationToken)
    {
        // Side by side for different agents; what is for the same one comes to them in the order in which it waited.
        var answers = await Task.WhenAll(matches.GroupBy(m => m.AgentId).Select(ofAgent => OfferInTurnAsync([.. ofAgent], cancellationToken)));
        foreach (var (match, answer) in answers.SelectMany(a => a))
        {
            if (answer.IsOk && LogPosition.TryParse(answer.Value.Position, out var position))
            {
                follower.WaitFor(position);
                continue;
            }

            logger.LogInformation("Offer of {SessionId} to {AgentId} refused: {Code}", match.SessionId, match.AgentId, answer.Error?.Code);
            await follower.DoubtAsync(match, cancellationToken);
        }
    }

    private async Task<List<(Match Match, Result<Receipt> Answer)>> OfferInTurnAsync(IReadOnlyList<Match> matches, CancellationToken cancellationToken)
    {
        var answers = new List<(Match, Result<Receipt>)>(matches.Count);
        foreach (var match in matches)
            answers.Add((match, await dispatcher.SendAsSystemAsync("routing", new OfferSession(match.SessionId, match.AgentId), cancellationToken)));
        return answers;
    }
}
