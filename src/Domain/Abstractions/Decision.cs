namespace ContactCenter.Domain.Abstractions;

/// <summary>
/// What a decider answers: the events that happen, none if the command repeats something done, or a refusal.
/// </summary>
/// <typeparam name="TEvent">The aggregate's closed event type.</typeparam>
public readonly record struct Decision<TEvent>
    where TEvent : IDomainEvent
{
    private readonly IReadOnlyList<TEvent>? events;

    private Decision(IReadOnlyList<TEvent>? events, DomainError? rejection)
    {
        this.events = events;
        Rejection = rejection;
    }

    /// <summary>The events to append; empty for a repeat and for a refusal.</summary>
    public IReadOnlyList<TEvent> Events => events ?? [];

    /// <summary>Why nothing happens, or null.</summary>
    public DomainError? Rejection { get; }

    /// <summary>True if the command is refused.</summary>
    public bool IsRejected => Rejection is not null;

    /// <summary>These events happen, in this order.</summary>
    public static Decision<TEvent> Happens(params TEvent[] events) => new(events, rejection: null);

    /// <summary>These events happen, in this order.</summary>
    public static Decision<TEvent> Happens(IReadOnlyList<TEvent> events) => new(events, rejection: null);

    /// <summary>The command repeats what is done already: accepted, and nothing happens.</summary>
    public static Decision<TEvent> Nothing { get; } = new([], rejection: null);

    /// <summary>The command is refused.</summary>
    public static Decision<TEvent> Rejected(DomainError rejection) => new(events: null, rejection);

    /// <summary>The command is refused.</summary>
    public static implicit operator Decision<TEvent>(DomainError rejection) => Rejected(rejection);

    /// <summary>One event happens.</summary>
    public static implicit operator Decision<TEvent>(TEvent happened) => Happens(happened);
}
