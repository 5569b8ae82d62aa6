namespace ContactCenter.Domain.Sessions;

/// <summary>What a session is.</summary>
public enum SessionKind
{
    /// <summary>Voice.</summary>
    Call,

    /// <summary>Text.</summary>
    Chat,
}

/// <summary>How a session entered. Calls: ivr, mobile, web; chats: mobile, web, sms.</summary>
public enum Channel
{
    /// <summary>Telephone menu.</summary>
    Ivr,

    /// <summary>Mobile SDK.</summary>
    Mobile,

    /// <summary>Web SDK.</summary>
    Web,

    /// <summary>Text messages.</summary>
    Sms,
}

/// <summary>What was said about being recorded before the agent joined (REC-3).</summary>
public enum RecordingConsent
{
    /// <summary>Nobody asked.</summary>
    NotAsked,

    /// <summary>The consumer agreed.</summary>
    Granted,

    /// <summary>The consumer refused: from then on nothing of this session is recorded.</summary>
    Denied,

    /// <summary>They were asked, and have not answered.</summary>
    Asked,
}

/// <summary>Which side of a session acts or speaks.</summary>
public enum SessionParty
{
    /// <summary>The consumer.</summary>
    Consumer,

    /// <summary>The agent.</summary>
    Agent,

    /// <summary>A supervisor with the permission for it.</summary>
    Supervisor,

    /// <summary>This software.</summary>
    System,

    /// <summary>A virtual agent.</summary>
    VirtualAgent,

    /// <summary>Somebody on a telephone number outside.</summary>
    Outside,
}

/// <summary>Why an offer came to nothing.</summary>
public enum OfferOutcome
{
    /// <summary>The agent said no.</summary>
    Declined,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The agent's adapter or leg is gone, the agent was signed out, or never got ready after accepting.</summary>
    AgentLost,

    /// <summary>The session ended or went elsewhere meanwhile.</summary>
    Withdrawn,
}

/// <summary>How a virtual agent's part ended.</summary>
public enum VirtualAgentOutcome
{
    /// <summary>It passed the consumer on to people.</summary>
    Escalated,

    /// <summary>The session ended with it, whoever ended it.</summary>
    Ended,

    /// <summary>It did not answer, or nonsense; people take over.</summary>
    Failed,
}
