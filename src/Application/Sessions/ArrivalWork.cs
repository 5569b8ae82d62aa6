using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Sessions;

/// <summary>Asks the one decision about hours and deflection for sessions that come and sessions that are handed on.</summary>
public sealed class ArrivalWork(UnitOfWork work, CurrentCall call, ConfigurationWork configuration)
{
    /// <summary>Where hours and deflection send a session that arrives at a queue now; null for a queue that takes none anyway.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="kind">Call or chat.</param>
    /// <param name="language">BCP 47.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isPassedOn">True if a virtual agent passes the consumer on to people.</param>
    public async ValueTask<Arrival?> AtAsync(Queue queue, SessionKind kind, string language, CancellationToken cancellationToken, bool isPassedOn = false)
    {
        if (!queue.Exists || queue.IsArchived)
            return null;
        var center = await configuration.ReadAsync(cancellationToken);
        var decision = Deflector.Decide(new Contact(kind, queue.Channel, queue.Id, language, isPassedOn), center, call.Now);
        var reached = center.FindLive(decision.QueueId) ?? queue;
        var answers = decision.Route == Route.Queue && !isPassedOn ? Deflector.VirtualAgentOf(reached, center, language, call.Now) : null;
        return new Arrival(decision, reached, call.NewId(), answers is null ? null : new VirtualAgentSeat(call.NewId(), answers.Name, answers.Connector));
    }

    /// <summary>Whether calls to or from a number of the center are recorded as it is set now (REC-3).</summary>
    public async ValueTask<RecordingPolicy> RecordingOfAsync(string? line, CancellationToken cancellationToken) =>
        (await configuration.ReadAsync(cancellationToken)).Settings.RecordingOf(line);

    /// <summary>A caller who waits from now on is told that the call may be recorded, and asked where they must be (REC-2, REC-3).</summary>
    public async ValueTask<DomainError?> AnnounceRecordingAsync(Versioned<Session> session, CancellationToken cancellationToken)
    {
        var waiting = work.After(session);
        if (waiting is not { Kind: SessionKind.Call, Status: SessionStatus.Queued })
            return null;
        var settings = (await configuration.ReadAsync(cancellationToken)).Settings;
        Message? Best(MessageKey key) => Languages.Best(waiting.Language, settings.Center.DefaultLanguage, settings.Messages.Of(key))?.Message;
        var question = Best(waiting.Recording.Consent == ConsentMode.OptIn ? MessageKey.RecordingOptIn : MessageKey.RecordingOptOut);
        var greeting = Best(MessageKey.RecordingGreeting) ?? BuiltInMessages.RecordingGreeting(waiting.Language);
        return work.Append(Aggregates.Session, session, SessionDecider.AnnounceRecording(waiting, greeting, question, call.Now));
    }

    /// <summary>
    /// Whether agents see the queue as a transfer target now (AHD-7). Agents are read from their own streams, and only
    /// where it depends on them; a refusal is decided again on what the log has, so that no stale list or cache decides it.
    /// </summary>
    public async ValueTask<bool> IsTargetAsync(Queue queue, Session session, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        var contact = new Contact(session.Kind, session.Channel, queue.Id, session.Language);
        if (TransferTargets.IsShown(queue, contact, center, hasSignedInMember: false, call.Now))
            return true;
        return TransferTargets.IsShown(queue, contact, center, hasSignedInMember: true, call.Now) && await IsStaffedAsync(queue, cancellationToken);
    }

    private async ValueTask<bool> IsStaffedAsync(Queue queue, CancellationToken cancellationToken) =>
        (await work.LoadAllAsync(Aggregates.Agent, queue.Members, cancellationToken)).Any(member => member.State.Presence != Presence.Offline);
}
