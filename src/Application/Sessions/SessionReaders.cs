using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The one rule of who sees what people said, typed or are called (MON-1, ADM-4): who may read or monitor the session,
/// and the agent in it. Everybody else who may see a fact sees it without its text.
/// </summary>
public static class SessionReaders
{
    /// <summary>Those who read everything of one session.</summary>
    public static Requirement Of(Guid sessionId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.Session(sessionId)),
        Requirement.Permission(Permissions.MonitoringRead, Target.Session(sessionId)),
        Requirement.AgentIn(sessionId));

    /// <summary>Those, and the session's consumer: for what a consumer may see of it.</summary>
    public static Requirement OrConsumer(Guid sessionId) => Requirement.AnyOf(Requirement.ConsumerAlone(sessionId), Of(sessionId));

    /// <summary>Those who see the text of any stream: who reaches every session.</summary>
    public static Requirement Everywhere { get; } = Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.Everything),
        Requirement.Permission(Permissions.MonitoringRead, Target.Everything));

    /// <summary>Those who see the text of one stream.</summary>
    public static Requirement OfStream(StreamId stream) => stream.Category == Aggregates.Session.Category ? Of(stream.Id) : Everywhere;
}

/// <summary>Facts for a caller who may see them, and whether they may see the text in them.</summary>
/// <param name="Events">The facts, in order.</param>
/// <param name="WithText">False to show them masked.</param>
public sealed record ReadableEvents(IReadOnlyList<StoredEvent> Events, bool WithText);
