using ContactCenter.Application.Sessions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using Route = ContactCenter.Domain.AfterHours.Route;

namespace ContactCenter.Api.Live;

/// <summary>A session as its consumer sees it: nothing of who was asked, or why somebody ended it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Status"><c>queued</c>, <c>connected</c>, <c>held</c>, <c>leaving_message</c> or <c>ended</c>.</param>
/// <param name="QueuePath">The menu path.</param>
/// <param name="AgentName">Who answers, or null.</param>
/// <param name="RequestedAt">When it came.</param>
/// <param name="ConnectedAt">When an agent first connected, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="EndedBy">Which side ended it, or null.</param>
/// <param name="Deflection">Where they were pointed to outside the hours, or null.</param>
public sealed record ConsumerView(
    Guid SessionId, SessionKind Kind, SessionStatus Status, IReadOnlyList<string> QueuePath, string? AgentName,
    DateTimeOffset RequestedAt, DateTimeOffset? ConnectedAt, DateTimeOffset? EndedAt, SessionParty? EndedBy,
    ConsumerDeflection? Deflection = null)
{
    /// <summary>Of a session.</summary>
    public static ConsumerView Of(SessionDetails s)
    {
        var status = s.Status is SessionStatus.Requested or SessionStatus.Offered or SessionStatus.Preparing ? SessionStatus.Queued : s.Status;
        var agent = status is SessionStatus.Connected or SessionStatus.Held ? s.AgentName : null;
        return new ConsumerView(s.SessionId, s.Kind, status, s.QueuePath, agent, s.RequestedAt, s.ConnectedAt, s.EndedAt, s.EndedBy,
            s.Deflection is { } d ? new ConsumerDeflection(d.Route, d.Choice, d.PhoneNumber, d.Email, d.Message?.Text) : null);
    }

    /// <summary>True for what changes this view.</summary>
    public static bool IsChangedBy(SessionEvent happened) =>
        happened is SessionQueued or SessionDeflected or SessionVoicemailStarted or SessionConnected or SessionHeld or SessionResumed
            or SessionTransferred or SessionReturned or SessionEnded;
}

/// <summary>Where a consumer was pointed to outside the hours.</summary>
/// <param name="Route">Where the session went.</param>
/// <param name="Choice">What they chose of what was offered, or null.</param>
/// <param name="PhoneNumber">The number, or null.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="Text">What was said or written to them, or null.</param>
public sealed record ConsumerDeflection(Route Route, OptionKind? Choice, string? PhoneNumber, string? Email, string? Text);
