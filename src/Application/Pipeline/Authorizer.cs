using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Pipeline;

/// <summary>Decides whether a caller meets a requirement, and how far a scope reaches.</summary>
public sealed class Authorizer(UnitOfWork work, ICenterConfiguration configuration)
{
    private static readonly UnseenError NoSession = new("session.not_found", "There is no such session.");
    private static readonly UnseenError NoVoicemail = new("voicemail.not_found", "There is no such voicemail.");
    private static readonly ForbiddenError Forbidden = new(ErrorCodes.Forbidden, "You may not do this.");

    /// <summary>
    /// Why not, or null if the caller may. What does not exist is refused as what is out of reach is, so that nothing
    /// is disclosed (MON-1): as not there to whoever may do it elsewhere, as forbidden to all others. A refusal on a cached state is decided again on a fresh one.
    /// </summary>
    public async ValueTask<DomainError?> RefusalAsync(Caller caller, Requirement requirement, CancellationToken cancellationToken)
    {
        if (requirement is NoRequirement || caller.Actor.Kind == ActorKind.System)
            return null;
        if (caller.Actor.Kind == ActorKind.Anonymous)
            return new UnauthenticatedError(ErrorCodes.Unauthenticated, "Sign in first: the request carries no valid token or key.");
        if (await MeetsAsync(caller, requirement, cancellationToken))
            return null;
        if (work.DecidedOnCachedState && DependsOnState(caller, requirement))
        {
            work.StartOver();
            if (await MeetsAsync(caller, requirement, cancellationToken))
                return null;
        }

        if (SessionIn(requirement) is { } sessionId)
            return await WhyNotInAsync(caller, requirement, sessionId, cancellationToken);
        return VoicemailIn(requirement) is { } voicemailId
            ? await WhyNotToMessageAsync(caller, requirement, voicemailId, cancellationToken)
            : WhyUnseen(caller, requirement) ?? Forbidden;
    }

    /// <summary>
    /// What the rules of a session say to an agent who had it, and does not see it any more, is that there is none. What became
    /// of an offer is still told to whom it was made.
    /// </summary>
    public async ValueTask<DomainError> AsSeenAsync(Caller caller, Requirement requirement, DomainError refusal, CancellationToken cancellationToken) =>
        requirement is ActingInRequirement acting && refusal is ForbiddenError or ConflictError && caller.Actor.Kind != ActorKind.System && !refusal.Code.StartsWith("offer.", StringComparison.Ordinal)
        && await WhyNotInAsync(caller, requirement, acting.SessionId, cancellationToken) is UnseenError unseen ? unseen : refusal;

    /// <summary>
    /// Why somebody may not do something to a session: who sees it is told so, and who does not that there is none. Who sees
    /// no session at all, or only their own as its consumer, and could do nothing to any, is told nothing about this one either.
    /// </summary>
    private async ValueTask<DomainError> WhyNotInAsync(Caller caller, Requirement requirement, Guid sessionId, CancellationToken cancellationToken)
    {
        var sees = await MeetsAsync(caller, SessionReaders.Of(sessionId), cancellationToken);
        if (Holds(caller, requirement))
            return sees && (await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken)).Version > 0 ? Forbidden : NoSession;
        return !sees && Holds(caller, SessionReaders.Of(sessionId)) ? NoSession : Forbidden;
    }

    /// <summary>The same of a message: who may hear it is told that they may not do more, and who does not see it that there is none.</summary>
    private async ValueTask<DomainError> WhyNotToMessageAsync(Caller caller, Requirement requirement, Guid voicemailId, CancellationToken cancellationToken)
    {
        var hears = VoicemailAccess.To(voicemailId);
        var sees = await MeetsAsync(caller, hears, cancellationToken);
        if (Holds(caller, requirement))
            return sees && (await work.LoadAsync(Aggregates.Voicemail, voicemailId, cancellationToken)).Version > 0 ? Forbidden : NoVoicemail;
        return !sees && Holds(caller, hears) ? NoVoicemail : Forbidden;
    }

    /// <summary>Whether somebody could meet a requirement for some session.</summary>
    private static bool Holds(Caller caller, Requirement requirement) => requirement switch
    {
        PermissionRequirement needed => caller.ScopeOf(needed.Name) is not null,
        ConsumerRequirement { OrEntry: true } => caller.ScopeOf(Permissions.EntryWrite) is not null,
        AgentInRequirement or ActingInRequirement => caller.UserId is not null && caller.ScopeOf(Permissions.SessionsHandle) is not null,
        AnyOfRequirement any => any.Requirements.Any(one => Holds(caller, one)),
        AllOfRequirement all => all.Requirements.All(one => Holds(caller, one)),
        _ => false,
    };

    /// <summary>The session that a requirement is about, or null.</summary>
    private static Guid? SessionIn(Requirement requirement) => requirement switch
    {
        PermissionRequirement { Target: { Kind: TargetKind.Session, Id: var id } } => id,
        ConsumerRequirement needed => needed.SessionId,
        AgentInRequirement needed => needed.SessionId,
        ActingInRequirement needed => needed.SessionId,
        // A booked call is nobody's session yet, though its consumer is known by the one it will be; a message is more than its call.
        AnyOfRequirement any when any.Requirements.Any(one => one is PermissionRequirement { Target.Kind: TargetKind.ScheduledCall or TargetKind.Voicemail }) => null,
        AnyOfRequirement any => any.Requirements.Select(SessionIn).FirstOrDefault(id => id is not null),
        AllOfRequirement all => all.Requirements.Select(SessionIn).FirstOrDefault(id => id is not null),
        _ => null,
    };

    /// <summary>The message that a requirement is about, or null.</summary>
    private static Guid? VoicemailIn(Requirement requirement) => requirement switch
    {
        PermissionRequirement { Target: { Kind: TargetKind.Voicemail, Id: var id } } => id,
        AnyOfRequirement any => any.Requirements.Select(VoicemailIn).FirstOrDefault(id => id is not null),
        _ => null,
    };

    /// <summary>Whether a look at other states could give another answer; who has no permission at all has none however things stand.</summary>
    private static bool DependsOnState(Caller caller, Requirement requirement) => requirement switch
    {
        AnyOfRequirement any => any.Requirements.Any(one => DependsOnState(caller, one)),
        AllOfRequirement all => all.Requirements.Any(one => DependsOnState(caller, one)),
        OfRecordingRequirement needed => caller.SessionId is not null || DependsOnState(caller, needed.Needed(Recording.Initial)),
        PermissionRequirement needed => caller.ScopeOf(needed.Name) is Scope.AssignedTeams or Scope.AssignedQueues,
        ConsumerRequirement needed => needed.OrEntry && caller.ScopeOf(Permissions.EntryWrite) is Scope.AssignedTeams or Scope.AssignedQueues,
        AgentInRequirement or ActingInRequirement => caller.ScopeOf(Permissions.SessionsHandle) is not null,
        _ => false,
    };

    /// <summary>What is told to whoever has a permission that does not reach so far; null if they have none.</summary>
    private static DomainError? WhyUnseen(Caller caller, Requirement requirement) => requirement switch
    {
        OfRecordingRequirement needed => WhyUnseen(caller, needed.Needed(Recording.Initial)) is null ? null : new UnseenError("recording.not_found", "There is no such recording."),
        AnyOfRequirement any => any.Requirements.Select(one => WhyUnseen(caller, one)).FirstOrDefault(unseen => unseen is not null),
        PermissionRequirement needed when caller.ScopeOf(needed.Name) is not null => needed.Target.Kind switch
        {
            TargetKind.Session => NoSession,
            TargetKind.Recording => new UnseenError("recording.not_found", "There is no such recording."),
            TargetKind.ScheduledCall => new UnseenError("scheduled_call.not_found", "There is no such scheduled call."),
            TargetKind.User => new UnseenError("agent.not_found", "There is no such agent."),
            _ => null,
        },
        _ => null,
    };

    private async ValueTask<bool> MeetsAsync(Caller caller, Requirement requirement, CancellationToken cancellationToken)
    {
        switch (requirement)
        {
            case ConsumerRequirement needed:
                return caller.SessionId == needed.SessionId
                    || (needed.OrEntry && await ReachesAsync(caller, new PermissionRequirement(Permissions.EntryWrite, Target.Session(needed.SessionId)), cancellationToken));
            case CrmKeyRequirement:
                return caller.CrmKeyId is not null;
            case SelfRequirement needed:
                return caller.UserId == needed.AgentId && caller.ScopeOf(Permissions.SessionsHandle) is not null;
            case ActingInRequirement needed:
                return caller.UserId == needed.AgentId && caller.ScopeOf(Permissions.SessionsHandle) is not null
                    && (await work.LoadAsync(Aggregates.Session, needed.SessionId, cancellationToken)).State.Asked.Contains(needed.AgentId);
            case AgentInRequirement needed:
                return await IsAgentInAsync(caller, needed.SessionId, cancellationToken);
            case PermissionRequirement needed:
                return await ReachesAsync(caller, needed, cancellationToken);
            case OwnMonitorRequirement needed:
                var monitor = (await work.LoadAsync(Aggregates.Monitor, needed.MonitorId, cancellationToken)).State;
                return monitor.Exists && monitor.By == caller.Actor
                    && (needed.Also is null || await MeetsAsync(caller, needed.Also(monitor), cancellationToken));
            case OfRecordingRequirement needed:
                var recording = (await work.LoadAsync(Aggregates.Recording, needed.RecordingId, cancellationToken)).State;
                return await MeetsAsync(caller, needed.Needed(recording), cancellationToken);
            case AllOfRequirement needed:
                foreach (var one in needed.Requirements)
                {
                    if (!await MeetsAsync(caller, one, cancellationToken))
                        return false;
                }

                return true;
            case AnyOfRequirement needed:
                foreach (var one in needed.Requirements)
                {
                    if (await MeetsAsync(caller, one, cancellationToken))
                        return true;
                }

                return false;
            default:
                return false;
        }
    }

    private async ValueTask<bool> IsAgentInAsync(Caller caller, Guid sessionId, CancellationToken cancellationToken)
    {
        if (caller.UserId is not { } user || caller.ScopeOf(Permissions.SessionsHandle) is null)
            return false;
        return (await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken)).State.IsOpenTo(user);
    }

    private async ValueTask<bool> ReachesAsync(Caller caller, PermissionRequirement needed, CancellationToken cancellationToken)
    {
        var scope = caller.ScopeOf(needed.Name);
        if (scope is null or Scope.All || needed.Target.Kind == TargetKind.Anywhere)
            return scope is not null;
        return needed.Target.Kind switch
        {
            TargetKind.Queue => await ReachesQueueAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            TargetKind.Session => await ReachesSessionAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            TargetKind.Recording => await ReachesRecordingAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            TargetKind.ScheduledCall => await ReachesBookingAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            TargetKind.Voicemail => await ReachesVoicemailAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            TargetKind.User => await ReachesUserAsync(caller, scope.Value, needed.Target.Id, cancellationToken),
            _ => false,
        };
    }

    private async ValueTask<bool> ReachesRecordingAsync(Caller caller, Scope scope, Guid recordingId, CancellationToken cancellationToken)
    {
        var recording = await work.LoadAsync(Aggregates.Recording, recordingId, cancellationToken);
        if (recording.Version == 0)
            return false;
        // A message is its queue's, as its voicemail is; a call's recording goes with the call.
        return recording.State.Space == RecordedSpace.Voicemail
            ? await ReachesQueueAsync(caller, scope, (await work.LoadAsync(Aggregates.Voicemail, recording.State.SessionId, cancellationToken)).State.QueueId, cancellationToken)
            : await ReachesSessionAsync(caller, scope, recording.State.SessionId, cancellationToken);
    }

    private async ValueTask<bool> ReachesBookingAsync(Caller caller, Scope scope, Guid scheduledCallId, CancellationToken cancellationToken)
    {
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, scheduledCallId, cancellationToken);
        return booking.Version > 0 && await ReachesQueueAsync(caller, scope, booking.State.QueueId, cancellationToken);
    }

    private async ValueTask<bool> ReachesVoicemailAsync(Caller caller, Scope scope, Guid voicemailId, CancellationToken cancellationToken)
    {
        var voicemail = (await work.LoadAsync(Aggregates.Voicemail, voicemailId, cancellationToken)).State;
        return voicemail is { Status: not VoicemailStatus.None, CrmOnly: false } && await ReachesQueueAsync(caller, scope, voicemail.QueueId, cancellationToken);
    }

    private async ValueTask<bool> ReachesSessionAsync(Caller caller, Scope scope, Guid sessionId, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken);
        return session.Version > 0 && await ReachesQueueAsync(caller, scope, session.State.QueueId, cancellationToken);
    }

    private async ValueTask<bool> ReachesQueueAsync(Caller caller, Scope scope, Guid queueId, CancellationToken cancellationToken) =>
        Reaches(caller, scope, (await work.LoadAsync(Aggregates.Queue, queueId, cancellationToken)).State);

    /// <summary>Whether a permission of the caller's reaches a queue.</summary>
    public static bool Reaches(Caller caller, string permission, Queue queue) => Reaches(caller, caller.ScopeOf(permission), queue);

    private static bool Reaches(Caller caller, Scope? scope, Queue queue) => scope switch
    {
        Scope.All => true,
        Scope.AssignedTeams => queue.TeamIds.Any(caller.TeamIds.Contains),
        Scope.AssignedQueues => caller.UserId is { } user && queue.Members.Contains(user),
        _ => false,
    };

    private async ValueTask<bool> ReachesUserAsync(Caller caller, Scope scope, Guid userId, CancellationToken cancellationToken)
    {
        if (caller.UserId == userId)
            return true;
        if (scope == Scope.AssignedTeams)
            return (await work.LoadAsync(Aggregates.User, userId, cancellationToken)).State.TeamIds.Any(caller.TeamIds.Contains);
        // As the agents page does: who takes sessions of one's own queues.
        return caller.UserId is { } own
            && (await configuration.AtLeastAsync(0, cancellationToken)).Queues.Values.Any(q => q.Members.Contains(own) && q.Members.Contains(userId));
    }
}
