using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Testing;

/// <summary>Whole lives of sessions, the same for the same number.</summary>
public static class SessionStories
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    public static Guid QueueId(int number) => Id(9, number);

    public static Guid AgentId(int number) => Id(8, number);

    public static Guid SessionId(int number) => Id(7, number);

    /// <summary>A session that waits.</summary>
    public static IReadOnlyList<IDomainEvent> Waiting(int number)
    {
        var at = Start.AddSeconds(number);
        var kind = number % 2 == 0 ? SessionKind.Call : SessionKind.Chat;
        return
        [
            new SessionRequested(
                SessionId(number), kind, number % 3 == 0 ? Channel.Mobile : Channel.Web, Id(6, number), QueueId(number % 5), number % 4 == 0 ? "de" : "en",
                RecordingConsent.Granted, new Dictionary<string, PersonalText>(), Voice: null, at),
            new SessionQueued(SessionId(number), kind, QueueId(number % 5), ["Support", $"Queue {number % 5}"], at),
        ];
    }

    /// <summary>What follows up to the connection.</summary>
    public static IReadOnlyList<IDomainEvent> Connecting(int number)
    {
        var at = Start.AddSeconds(number + 10);
        var (id, agent, offer) = (SessionId(number), AgentId(number % 7), Id(5, number));
        var kind = number % 2 == 0 ? SessionKind.Call : SessionKind.Chat;
        return
        [
            new SessionOffered(id, kind, offer, agent, QueueId(number % 5), Preparation.None, at, at.AddSeconds(30)),
            new OfferAccepted(id, kind, offer, agent, Preparation.None, at.AddSeconds(3)),
            new SessionConnected(id, kind, agent, offer, at.AddSeconds(3)),
        ];
    }

    /// <summary>What follows up to the end.</summary>
    public static IReadOnlyList<IDomainEvent> Ending(int number)
    {
        var at = Start.AddSeconds(number + 60);
        var (id, agent) = (SessionId(number), AgentId(number % 7));
        return
        [
            new SessionFlagged(id, VerifiedCustomer: true, BadActor: null, RepeatCustomer: null, "sdk", at),
            new SessionHeld(id, agent, at.AddSeconds(1)),
            new SessionResumed(id, agent, at.AddSeconds(11)),
            new TicketLinked(id, $"T-{number}", $"http://crm/{number}", at.AddSeconds(12)),
            new SessionEnded(
                id, number % 2 == 0 ? SessionKind.Call : SessionKind.Chat, agent, Id(5, number), SessionParty.Consumer, Id(6, number), "hung_up", Answered: true, at.AddSeconds(40)),
        ];
    }

    /// <summary>All of it: ten events.</summary>
    public static IReadOnlyList<IDomainEvent> Whole(int number) => [.. Waiting(number), .. Connecting(number), .. Ending(number)];

    public static StreamId Stream(int number) => StreamId.For("session", SessionId(number));

    public static NewEvent[] Events(IEnumerable<IDomainEvent> facts) => [.. facts.Select(f => new NewEvent(Sample.NewId(), f))];

    private static Guid Id(int kind, int number) => new(number, (short)kind, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)kind);
}
