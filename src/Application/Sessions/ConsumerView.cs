using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// A session as its consumer sees it, wherever a consumer's token reads: nothing of who was asked, how the consumer is
/// flagged, or why somebody ended it.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Status"><c>queued</c>, <c>connected</c>, <c>held</c>, <c>leaving_message</c> or <c>ended</c>.</param>
/// <param name="QueuePath">The menu path.</param>
/// <param name="AgentName">Who answers, a virtual agent too, or null.</param>
/// <param name="RequestedAt">When it came.</param>
/// <param name="ConnectedAt">When an agent first connected, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="EndedBy">Which side ended it, or null.</param>
/// <param name="Deflection">Where they were pointed to outside the hours, or null.</param>
/// <param name="IsVirtualAgent">True while a virtual agent answers.</param>
/// <param name="Supervisors">Names of those who joined the agent and can be heard or read (MON-5).</param>
public sealed record ConsumerView(
    Guid SessionId, SessionKind Kind, SessionStatus Status, IReadOnlyList<string> QueuePath, string? AgentName,
    DateTimeOffset RequestedAt, DateTimeOffset? ConnectedAt, DateTimeOffset? EndedAt, SessionParty? EndedBy,
    ConsumerDeflection? Deflection, bool IsVirtualAgent, IReadOnlyList<string> Supervisors)
{
    /// <summary>Of a session.</summary>
    public static ConsumerView Of(SessionDetails s)
    {
        var status = s.Status switch
        {
            SessionStatus.Requested or SessionStatus.Offered or SessionStatus.Preparing => SessionStatus.Queued,
            SessionStatus.VirtualAgent => SessionStatus.Connected,
            SessionStatus.Outside => s.Participants.Any(p => p is { Party: SessionParty.Outside, LeftAt: null }) ? SessionStatus.Connected : SessionStatus.Held,
            _ => s.Status,
        };
        var agent = status is SessionStatus.Connected or SessionStatus.Held ? s.VirtualAgent ?? s.AgentName : null;
        return new ConsumerView(s.SessionId, s.Kind, status, s.QueuePath, agent, s.RequestedAt, s.ConnectedAt, s.EndedAt, s.EndedBy,
            s.Deflection is { } d ? new ConsumerDeflection(d.Route, d.Choice, d.PhoneNumber, d.Email, d.Message?.Text) : null, s.VirtualAgent is not null,
            [.. s.Participants.Where(p => p is { Party: SessionParty.Supervisor, LeftAt: null }).Select(p => p.Name ?? string.Empty)]);
    }

    /// <summary>Of a message: an agent's id is not the consumer's to know.</summary>
    public static TranscriptEntry Of(TranscriptEntry message) => message.From == SessionParty.Consumer ? message : message with { AuthorId = null };

    /// <summary>True for what changes this view.</summary>
    public static bool IsChangedBy(SessionEvent happened) =>
        happened is SessionQueued or SessionDeflected or SessionVoicemailStarted or SessionConnected or SessionHeld or SessionResumed
            or SessionTransferred or SessionReturned or SessionTakenOver or SupervisorJoined or SupervisorLeft or VirtualAgentJoined or VirtualAgentLeft
            or TransferredOutside or OutsideJoined or ConsultationCompleted or SessionEnded;
}

/// <summary>Where a consumer was pointed to outside the hours.</summary>
/// <param name="Route">Where the session went.</param>
/// <param name="Choice">What they chose of what was offered, or null.</param>
/// <param name="PhoneNumber">The number, or null.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="Text">What was said or written to them, or null.</param>
public sealed record ConsumerDeflection(Route Route, OptionKind? Choice, string? PhoneNumber, string? Email, string? Text);

/// <summary>A session as its consumer sees it.</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetConsumerView(Guid SessionId) : IQuery<VersionedView>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.OrConsumer(SessionId);
}

/// <summary>The view and what it is the view of.</summary>
/// <param name="Version">The stream's version: the <c>ETag</c>.</param>
/// <param name="View">The view.</param>
public sealed record VersionedView(long Version, ConsumerView View);

/// <summary>Handles <see cref="GetConsumerView"/>.</summary>
public sealed class GetConsumerViewHandler(SessionTeller sessions) : IRequestHandler<GetConsumerView, Result<VersionedView>>
{
    /// <inheritdoc/>
    public async Task<Result<VersionedView>> Handle(GetConsumerView request, CancellationToken cancellationToken) =>
        await sessions.TellAsync(request.SessionId, cancellationToken) is { } session
            ? new VersionedView(session.Version, ConsumerView.Of(session))
            : new NotFoundError("session.not_found", "There is no such session.");
}
