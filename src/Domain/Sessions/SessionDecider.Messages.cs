using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>Who may write in a chat, and what.</content>
public static partial class SessionDecider
{
    /// <summary>The longest message, in characters.</summary>
    public const int MaxMessageLength = 4_000;

    /// <summary>
    /// A chat message: the consumer's while the chat lives, the agent's while connected to it, a supervisor's while they are
    /// seen in it. The same message id again
    /// is the same message, also after the end; with another text, or by somebody else, it is refused.
    /// </summary>
    public static Decision<SessionEvent> SendMessage(
        Session s, Guid messageId, SessionParty from, Guid authorId, string text, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (WhyNotAuthor(s, from, authorId) is { } notAuthor)
            return notAuthor;
        if (s.Kind != SessionKind.Chat)
            return SessionErrors.NotAChat;
        if (s.Messages.TryGetValue(messageId, out var before))
            return before.IsOf(authorId, text) ? Decision<SessionEvent>.Nothing : SessionErrors.MessageIdTaken;
        if (WhyNotWriting(s, from, authorId) is { } notWriting)
            return notWriting;
        if (string.IsNullOrWhiteSpace(text))
            return SessionErrors.MessageEmpty;
        if (text.Length > MaxMessageLength)
            return SessionErrors.MessageTooLong;

        return new MessageSent(s.Id, s.ConsumerId, messageId, s.Messages.Count + 1, from, authorId, new PersonalText(text), now, s.VirtualAgent?.Id);
    }

    private static ForbiddenError? WhyNotAuthor(Session s, SessionParty from, Guid authorId) => from switch
    {
        SessionParty.Consumer when authorId == s.ConsumerId => null,
        SessionParty.Agent => WhyNotInConversation(s, authorId) as ForbiddenError,
        SessionParty.Supervisor when s.Supervisors.ContainsValue(authorId) => null,
        _ => SessionErrors.NotAnAuthor,
    };

    private static DomainError? WhyNotWriting(Session s, SessionParty from, Guid authorId) =>
        from == SessionParty.Agent ? WhyNotInConversation(s, authorId) : WhyNotLive(s);
}
