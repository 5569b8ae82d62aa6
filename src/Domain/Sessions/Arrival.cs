using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.Sessions;

/// <summary>Where hours and deflection send a session that arrives at a queue.</summary>
/// <param name="Decision">What was decided (<see cref="Deflector"/>).</param>
/// <param name="Queue">The queue it ends up at.</param>
/// <param name="MessageId">The id of a message that is written into a chat, if one is.</param>
/// <param name="VirtualAgent">The virtual agent that answers there now, or null: then the session waits for an agent.</param>
public sealed record Arrival(DeflectionDecision Decision, Queue Queue, Guid MessageId, VirtualAgentSeat? VirtualAgent = null)
{
    /// <summary>It waits in this queue.</summary>
    public static Arrival At(Queue queue) => new(
        new DeflectionDecision(Route.Queue, queue.Id, [queue.Id], [], PhoneNumber: null, Email: null, Message: null, []), queue, MessageId: Guid.Empty);

    /// <summary>
    /// The same for a session that an agent hands on. Nobody in a conversation can be shown a menu or is to be cut off
    /// without a word: they wait in the queue whose deflection cannot be carried out.
    /// </summary>
    public Arrival InMidConversation(SessionKind kind) => (kind, Decision) switch
    {
        (_, { Route: Route.Queue }) => this,
        (SessionKind.Call, { Route: Route.PhoneNumber }) => this,
        (SessionKind.Call, { Route: Route.MessageOnly, Message: not null }) => this,
        (SessionKind.Chat, { Route: Route.EmailInChat or Route.TextMessage } written) when SessionDecider.TextOf(written).Length > 0 => this,
        _ => this with { Decision = Decision with { Route = Route.Queue, Options = [], PhoneNumber = null, Email = null, Message = null } },
    };

    /// <summary>
    /// The same for a session that a virtual agent passes on to people who are not there. Nobody chooses here, so of a menu's
    /// options they get the one that leads furthest: they leave a message, are sent on, or are shown the address. Who cannot
    /// leave one, having been recorded with an agent before or refused to be, and who would be offered a time alone, waits.
    /// </summary>
    public Arrival PassedOn(Session s)
    {
        var canSpeak = s.Kind == SessionKind.Call && s.ConnectedAt is null && s.Consent != RecordingConsent.Denied;
        if (canSpeak && (Decision.Route == Route.Voicemail || ValueOf(OptionKind.Voicemail) is not null))
            return this with { Decision = Decision with { Route = Route.Voicemail, Options = [] } };
        return (s.Kind, ValueOf(OptionKind.PhoneNumber), ValueOf(OptionKind.Email)) switch
        {
            (SessionKind.Call, { Value: { } number }, _) => this with { Decision = Decision with { Route = Route.PhoneNumber, Options = [], PhoneNumber = number } },
            (SessionKind.Chat, _, { Value: { } address }) => this with { Decision = Decision with { Route = Route.EmailInChat, Options = [], Email = address } },
            _ => InMidConversation(s.Kind),
        };
    }

    private DeflectionOption? ValueOf(OptionKind kind)
    {
        foreach (var option in Decision.Options)
        {
            if (option.Kind == kind)
                return option;
        }

        return null;
    }
}
