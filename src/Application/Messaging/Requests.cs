using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Messaging;

/// <summary>Anything that goes through the pipeline. What it requires is part of it, so that none can be sent unchecked.</summary>
public interface IGuarded
{
    /// <summary>What the caller must be allowed to do.</summary>
    Requirement Requirement { get; }
}

/// <summary>Asks for a change. Accepted or refused, it is in the audit trail (ADM-2).</summary>
/// <typeparam name="TAnswer">What it answers when accepted.</typeparam>
public interface ICommand<TAnswer> : IRequest<Result<TAnswer>>, IGuarded
    where TAnswer : notnull;

/// <summary>Asks for a change, and is answered with a receipt.</summary>
public interface ICommand : ICommand<Receipt>;

/// <summary>Asks for data; changes nothing.</summary>
/// <typeparam name="TAnswer">What it answers.</typeparam>
public interface IQuery<TAnswer> : IRequest<Result<TAnswer>>, IGuarded
    where TAnswer : notnull;

/// <summary>The answer to a command: which thing, at which version now.</summary>
/// <param name="Id">The thing created or changed.</param>
/// <param name="Version">Its stream's version: the <c>ETag</c>.</param>
/// <param name="Position">The log position of the last event this call wrote; "0" if it wrote nothing.</param>
public sealed record Receipt(Guid Id, long Version, string Position);

/// <summary>What a caller must be allowed to do.</summary>
public abstract record Requirement
{
    private protected Requirement()
    {
    }

    /// <summary>Only this software itself: routing, jobs, media facts.</summary>
    public static Requirement SystemOnly { get; } = new SystemOnlyRequirement();

    /// <summary>Anybody, also unauthenticated: signing in.</summary>
    public static Requirement None { get; } = new NoRequirement();

    /// <summary>The holder of a CRM key, with a signed request, and nobody else, whatever their role (REC-10).</summary>
    public static Requirement CrmKey { get; } = new CrmKeyRequirement();

    /// <summary>A permission, wherever it reaches.</summary>
    public static Requirement Permission(string permission) => new PermissionRequirement(permission, Target.Anywhere);

    /// <summary>A permission that must reach this target.</summary>
    public static Requirement Permission(string permission, Target target) => new PermissionRequirement(permission, target);

    /// <summary>The consumer of the session, or a holder of <c>entry.write</c>.</summary>
    public static Requirement ConsumerOf(Guid sessionId) => new ConsumerRequirement(sessionId, OrEntry: true);

    /// <summary>The consumer of the session alone: who may enter for a consumer may not read what they say.</summary>
    public static Requirement ConsumerAlone(Guid sessionId) => new ConsumerRequirement(sessionId, OrEntry: false);

    /// <summary>The agent acting for themselves, with <c>sessions.handle</c>.</summary>
    public static Requirement Self(Guid agentId) => new SelfRequirement(agentId);

    /// <summary>The agent who is in the session or still wraps it up, with <c>sessions.handle</c>.</summary>
    public static Requirement AgentIn(Guid sessionId) => new AgentInRequirement(sessionId);

    /// <summary>The agent acting for themselves in a session that they were asked to take, with <c>sessions.handle</c>; whether they still have it, its rules say.</summary>
    public static Requirement ActingIn(Guid sessionId, Guid agentId) => new ActingInRequirement(sessionId, agentId);

    /// <summary>Who began the monitoring, and what else that monitoring asks of them.</summary>
    public static Requirement OwnMonitor(Guid monitorId, Func<SessionMonitor, Requirement>? also = null) => new OwnMonitorRequirement(monitorId, also);

    /// <summary>What a recording's state asks for; one that does not exist is refused as one out of reach.</summary>
    public static Requirement OfRecording(Guid recordingId, Func<Recording, Requirement> needed) => new OfRecordingRequirement(recordingId, needed);

    /// <summary>All of these; the first one with a target names what the request is about.</summary>
    public static Requirement AllOf(params IReadOnlyList<Requirement> requirements) => new AllOfRequirement(requirements);

    /// <summary>At least one of these; the first one with a target names what the request is about.</summary>
    public static Requirement AnyOf(params IReadOnlyList<Requirement> requirements) => new AnyOfRequirement(requirements);
}

/// <summary>See <see cref="Requirement.SystemOnly"/>.</summary>
public sealed record SystemOnlyRequirement : Requirement;

/// <summary>See <see cref="Requirement.CrmKey"/>.</summary>
public sealed record CrmKeyRequirement : Requirement;

/// <summary>See <see cref="Requirement.None"/>.</summary>
public sealed record NoRequirement : Requirement;

/// <summary>See <see cref="Requirement.Permission(string, Target)"/>.</summary>
public sealed record PermissionRequirement(string Name, Target Target) : Requirement;

/// <summary>See <see cref="Requirement.ConsumerOf"/>.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OrEntry">Whether <c>entry.write</c> suffices too.</param>
public sealed record ConsumerRequirement(Guid SessionId, bool OrEntry) : Requirement;

/// <summary>See <see cref="Requirement.Self"/>.</summary>
public sealed record SelfRequirement(Guid AgentId) : Requirement;

/// <summary>See <see cref="Requirement.AgentIn"/>.</summary>
public sealed record AgentInRequirement(Guid SessionId) : Requirement;

/// <summary>See <see cref="Requirement.ActingIn"/>.</summary>
public sealed record ActingInRequirement(Guid SessionId, Guid AgentId) : Requirement;

/// <summary>See <see cref="Requirement.OwnMonitor"/>.</summary>
/// <param name="MonitorId">The monitoring.</param>
/// <param name="Also">What else, or null for nothing.</param>
public sealed record OwnMonitorRequirement(Guid MonitorId, Func<SessionMonitor, Requirement>? Also) : Requirement;

/// <summary>See <see cref="Requirement.OfRecording"/>.</summary>
public sealed record OfRecordingRequirement(Guid RecordingId, Func<Recording, Requirement> Needed) : Requirement;

/// <summary>See <see cref="Requirement.AllOf"/>.</summary>
public sealed record AllOfRequirement(IReadOnlyList<Requirement> Requirements) : Requirement;

/// <summary>See <see cref="Requirement.AnyOf"/>.</summary>
public sealed record AnyOfRequirement(IReadOnlyList<Requirement> Requirements) : Requirement;

/// <summary>What a permission's scope is checked against.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Id">Which.</param>
public readonly record struct Target(TargetKind Kind, Guid Id)
{
    /// <summary>Nothing in particular: any scope suffices, and the answer is narrowed to it.</summary>
    public static Target Anywhere => default;

    /// <summary>A session: its queue and that queue's teams.</summary>
    public static Target Session(Guid id) => new(TargetKind.Session, id);

    /// <summary>A queue and its teams.</summary>
    public static Target Queue(Guid id) => new(TargetKind.Queue, id);

    /// <summary>A user and their teams.</summary>
    public static Target User(Guid id) => new(TargetKind.User, id);

    /// <summary>A recording: its session's queue and that queue's teams.</summary>
    public static Target Recording(Guid id) => new(TargetKind.Recording, id);

    /// <summary>A booked call: its queue and that queue's teams.</summary>
    public static Target ScheduledCall(Guid id) => new(TargetKind.ScheduledCall, id);

    /// <summary>A voicemail: the queue whose agents it is for, and that queue's teams.</summary>
    public static Target Voicemail(Guid id) => new(TargetKind.Voicemail, id);

    /// <summary>The whole contact center: only scope <c>all</c> suffices.</summary>
    public static Target Everything => new(TargetKind.Everything, Guid.Empty);
}

/// <summary>Kinds of targets.</summary>
public enum TargetKind
{
    /// <summary>Any scope suffices.</summary>
    Anywhere,

    /// <summary>A session.</summary>
    Session,

    /// <summary>A queue.</summary>
    Queue,

    /// <summary>A user.</summary>
    User,

    /// <summary>A recording.</summary>
    Recording,

    /// <summary>A booked call.</summary>
    ScheduledCall,

    /// <summary>A voicemail.</summary>
    Voicemail,

    /// <summary>Everything.</summary>
    Everything,
}
