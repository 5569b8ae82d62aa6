using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Media;

/// <summary>
/// Where the legs are of those who are reached on a telephone number, and of an agent and whom they consult. No number is in a
/// command: it is looked up when that goes out.
/// </summary>
internal static class PartyMedia
{
    /// <summary>What one event asks of the media engine.</summary>
    public static IEnumerable<MediaCommand> CommandsOf(OutsideEvent happened, Func<string, Guid> id) => happened switch
    {
        // Whisper and countdown are played once it is answered.
        AgentCalled e =>
            [new PlaceLeg(id("agent"), e.SessionId, e.OfferId, Party.Agent, SpaceKind.Preparation, Voice: null) { ForwardedAgentId = e.AgentId }],
        TransferredOutside e =>
        [
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Hold),
            new HangUpLeg(id("agent"), e.SessionId, e.FromOfferId),
            new PlaceLeg(id("outside"), e.SessionId, e.PartyId, Party.Outside, SpaceKind.Conversation, e.Voice),
        ],
        OutsideJoined e => [new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Conversation)],
        _ => [],
    };

    /// <summary>What one event asks of the media engine.</summary>
    public static IEnumerable<MediaCommand> CommandsOf(ConsultationEvent happened, Func<string, Guid> id) => happened switch
    {
        ConsultationStarted e => Start(e, id),
        ConsultationAccepted e =>
        [
            new PlaceLeg(id("consulted"), e.SessionId, e.ConsultationId, Party.Agent, SpaceKind.Consultation, Voice: null)
            {
                ForwardedAgentId = e.OnNumber ? e.AgentId : null,
            },
        ],
        ConsultationEnded e =>
        [
            new HangUpLeg(id("consulted"), e.SessionId, e.ConsultationId),
            new MoveLeg(id("agent"), e.SessionId, e.ByOfferId, SpaceKind.Conversation),
        ],
        ConsultationCompleted e =>
        [
            new HangUpLeg(id("agent"), e.SessionId, e.FromOfferId),
            new MoveLeg(id("consulted"), e.SessionId, e.ConsultationId, SpaceKind.Conversation),
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Conversation),
        ],
        _ => [],
    };

    private static IEnumerable<MediaCommand> Start(ConsultationStarted e, Func<string, Guid> id)
    {
        yield return new MoveLeg(id("agent"), e.SessionId, e.ByOfferId, SpaceKind.Consultation);
        if (e.PhoneNumber is not null)
            yield return new PlaceLeg(id("consulted"), e.SessionId, e.ConsultationId, Party.Outside, SpaceKind.Consultation, e.Voice);
    }
}
