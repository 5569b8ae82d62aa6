using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.VirtualAgents;

/// <summary>What follows from a virtual agent's answer, from a connector or from its leg, in one write.</summary>
public sealed class VirtualAgentWork(UnitOfWork work, CurrentCall call, SessionWork sessions, ArrivalWork arrivals, VoicemailWork voicemails)
{
    /// <summary>Takes an answer. Answers why it was refused, or null.</summary>
    /// <param name="session">The session.</param>
    /// <param name="virtualAgentId">Whose answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="escalateTo">The queue that is to take over, or null for the one it answers in; one that takes no transfers now is not used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<DomainError?> AnswerAsync(
        Versioned<Session> session, Guid virtualAgentId, VirtualAgentAnswer answer, Guid? escalateTo, CancellationToken cancellationToken)
    {
        var before = session.State;
        var queue = await QueueAsync(before, escalateTo, cancellationToken);
        // A queue that was archived meanwhile keeps whom it has.
        var arrival = await arrivals.AtAsync(queue, before.Kind, before.Language, cancellationToken, isPassedOn: true) ?? Arrival.At(queue);
        var answered = SessionDecider.Answer(before, virtualAgentId, answer, arrival, call.Now);
        if (answered.Events.Any(e => e is SessionEnded))
            return await sessions.EndAsync(session, answered, cancellationToken);
        return work.Append(Aggregates.Session, session, answered)
            ?? await arrivals.AnnounceRecordingAsync(session, cancellationToken)
            ?? (answered.Events.Any(e => e is SessionVoicemailStarted) ? await StartVoicemailAsync(work.After(session), queue, cancellationToken) : null);
    }

    private async ValueTask<DomainError?> StartVoicemailAsync(Session session, Queue queue, CancellationToken cancellationToken) =>
        await voicemails.StartAsync(session, queue, await voicemails.NumberOfAsync(session.ConsumerId, cancellationToken), cancellationToken);

    private async ValueTask<Queue> QueueAsync(Session session, Guid? escalateTo, CancellationToken cancellationToken)
    {
        if (escalateTo is { } wanted)
        {
            var target = (await work.LoadAsync(Aggregates.Queue, wanted, cancellationToken)).State;
            if (SessionDecider.WhyNotThere(session.Kind, session.Channel, target) is null && await arrivals.IsTargetAsync(target, session, cancellationToken))
                return target;
        }

        return (await work.LoadAsync(Aggregates.Queue, session.QueueId, cancellationToken)).State;
    }
}
