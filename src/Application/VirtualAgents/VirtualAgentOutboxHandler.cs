using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.VirtualAgents;

/// <summary>
/// Asks the connector, and takes what it answers. The time to answer runs from the commit, so that turns that waited behind a
/// connector that hangs are not asked of it as well: nobody waits longer for a virtual agent than the time-out and one turn.
/// </summary>
public sealed class VirtualAgentOutboxHandler(
    IEnumerable<IVirtualAgentConnector> connectors,
    Dispatcher dispatcher,
    AggregateReader reader,
    IEventStore log,
    VirtualAgentOptions options,
    TimeProvider clock,
    ILogger<VirtualAgentOutboxHandler> logger) : IOutboxHandler
{
    private const int LookBack = 32;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [VirtualAgentEffects.Turn];

    /// <inheritdoc/>
    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var due = OutboxJson.Read<TurnDue>(message.Payload);
        var loaded = await reader.LoadFreshAsync(Aggregates.Session, due.SessionId, cancellationToken);
        var session = loaded.State;
        if (session.VirtualAgent is not { } seat || seat.Id != due.VirtualAgentId)
            return;
        var (answer, escalateTo) = await AskAsync(message.Id, due, loaded, seat, cancellationToken);
        var taken = await dispatcher.SendAsSystemAsync(
            SessionDecider.ByVirtualAgent, new AnswerAsVirtualAgent(due.SessionId, due.VirtualAgentId, answer, escalateTo), cancellationToken);
        if (taken.Error is ConflictError { Code: ErrorCodes.Concurrency } raced)
            throw new RetryLaterException(raced.Message);
        // Asked again it would be refused again: what waits behind it goes on.
        if (taken.Error is { } refusal)
            logger.LogError("The answer of the virtual agent {Connector} in {SessionId} was not taken: {Code}.", seat.Connector, due.SessionId, refusal.Code);
    }

    private async Task<(VirtualAgentAnswer Answer, Guid? EscalateTo)> AskAsync(
        Guid turnId, TurnDue due, Versioned<Session> session, VirtualAgentSeat seat, CancellationToken cancellationToken)
    {
        var left = due.AskedAt + options.Timeout - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return (VirtualAgentAnswer.Failed("timed_out"), null);
        if (connectors.FirstOrDefault(c => c.Name == seat.Connector) is not { } connector)
            return (VirtualAgentAnswer.Failed("no_connector"), null);
        var turn = await TurnAsync(turnId, due, session, seat, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Also a connector that does not listen to its token is not waited for.
            var reaction = await Task.Run(() => connector.AnswerAsync(turn, limit.Token), cancellationToken).WaitAsync(left, clock, cancellationToken);
            VirtualAgentReply[] replies = [.. reaction.Replies.Select((text, i) => new VirtualAgentReply(DerivedId.Of(turnId, $"reply {i}"), text))];
            return (new VirtualAgentAnswer(replies, reaction.Step, Reason: null, reaction.IsVerified), reaction.EscalateTo);
        }
        catch (TimeoutException)
        {
            logger.LogWarning("The virtual agent {Connector} took too long in {SessionId}; people take over.", seat.Connector, due.SessionId);
            return (VirtualAgentAnswer.Failed("timed_out"), null);
        }
#pragma warning disable CA1031 // whatever it is, the consumer goes to people
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Not the failure itself: what it says may hold what the consumer wrote.
            logger.LogWarning("The virtual agent {Connector} failed with {Failure} in {SessionId}; people take over.", seat.Connector, failure.GetType().Name, due.SessionId);
            return (VirtualAgentAnswer.Failed("connector_failed"), null);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    private async Task<VirtualAgentTurn> TurnAsync(Guid turnId, TurnDue due, Versioned<Session> loaded, VirtualAgentSeat seat, CancellationToken cancellationToken)
    {
        var session = loaded.State;
        var data = await log.ReadStreamAsync(loaded.Stream, 0, 1, cancellationToken) is [{ Data: SessionRequested requested }]
            ? requested.Data.Where(d => !d.Value.IsForgotten).ToDictionary(d => d.Key, d => d.Value.Value!, StringComparer.Ordinal)
            : [];
        var said = due.MessageId is { } messageId ? await SaidAsync(loaded, messageId, cancellationToken) : null;
        return new VirtualAgentTurn(turnId, session.Id, seat.Id, seat.Name, session.Kind, session.Language, session.QueueId, data, said);
    }

    /// <summary>
    /// What was written, read from the log so that the outbox holds nothing personal. Looks from the end: it was written a
    /// moment ago, however long the chat is.
    /// </summary>
    private async Task<string> SaidAsync(Versioned<Session> session, Guid messageId, CancellationToken cancellationToken)
    {
        for (var end = session.Version; end > 0; end -= LookBack)
        {
            var after = Math.Max(0, end - LookBack);
            var page = await log.ReadStreamAsync(session.Stream, after, (int)(end - after), cancellationToken);
            if (page.Select(e => e.Data).OfType<MessageSent>().FirstOrDefault(m => m.MessageId == messageId) is { } sent)
                return sent.Text.Value ?? string.Empty;
        }

        return string.Empty;
    }
}
