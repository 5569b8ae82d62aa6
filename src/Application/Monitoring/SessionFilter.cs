using ContactCenter.Application.Projections;
using ContactCenter.Domain.Sessions;
using FluentValidation;

namespace ContactCenter.Application.Monitoring;

/// <summary>Which sessions of a page to show; null for all (MON-6).</summary>
/// <param name="QueueId">In this queue.</param>
/// <param name="AgentId">With this agent.</param>
/// <param name="TeamId">In a queue of this team.</param>
/// <param name="Channel">By this channel.</param>
/// <param name="Language">In this language.</param>
/// <param name="Flag"><c>verified_customer</c>, <c>bad_actor</c> or <c>repeat_customer</c>: with this flag set to true.</param>
/// <param name="Stuck">Only those that are stuck, or only those that are not (END-4).</param>
/// <param name="Search">With this in id, consumer id, menu path, ticket, or the names of queue and agent as they are now: what a line shows.</param>
public sealed record SessionFilter(
    Guid? QueueId = null,
    Guid? AgentId = null,
    Guid? TeamId = null,
    Channel? Channel = null,
    string? Language = null,
    string? Flag = null,
    bool? Stuck = null,
    string? Search = null)
{
    /// <summary>The flags one can filter by.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["verified_customer", "bad_actor", "repeat_customer"];
}

/// <summary>What a caller sees of the sessions: a filter, narrowed to the queues within reach. Says the same in SQL and in memory.</summary>
/// <param name="Kind">Calls, chats, or null for both.</param>
/// <param name="Stage">Queued, connected, or null for both.</param>
/// <param name="Filter">What was asked for.</param>
/// <param name="Queues">The queues within reach and asked for; null for all.</param>
/// <param name="Stuck">What is stuck, with since when it waits or is connected; null if it was not asked for.</param>
/// <param name="Named">The queues and agents whose names have the text that is searched for; null if none is.</param>
internal sealed record SessionView(
    SessionKind? Kind, SessionStage? Stage, SessionFilter Filter, IReadOnlySet<Guid>? Queues, IReadOnlyDictionary<Guid, DateTimeOffset>? Stuck, IReadOnlySet<Guid>? Named)
{
    /// <summary>What the view stands on beside the sessions, and may change without one of them; null if nothing can.</summary>
    public IReadOnlySet<Guid>? Basis => Stuck is null && Named is null
        ? Queues
        : new HashSet<Guid>([.. Stuck?.Keys ?? [], .. Queues ?? new HashSet<Guid>(), .. Named ?? new HashSet<Guid>()]);

    /// <summary>As filters of the read model.</summary>
    public IReadOnlyList<Filter> ToFilters()
    {
        var filters = new List<Filter>();
        Is("stage", Stage);
        if (Stage is null)
            filters.Add(new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) }));
        Is("kind", Kind);
        Is("queue_id", Filter.QueueId);
        Is("agent_id", Filter.AgentId);
        Is("channel", Filter.Channel);
        Is("language", Filter.Language);
        if (Queues is not null)
            filters.Add(new("queue_id", FilterOperator.AnyOf, Queues.ToList(), Moves: true));
        if (Filter.Flag is { } flag)
            filters.Add(new(flag, FilterOperator.Is, Value: true));
        if (Stuck is not null)
            filters.Add(new("session_id", Filter.Stuck == true ? FilterOperator.AnyOf : FilterOperator.NoneOf, Stuck.Keys.ToList(), Moves: true));
        if (Filter.Search is { Length: > 0 } search)
            filters.Add(new("search", FilterOperator.Contains, search) { Or = InNames("queue_id", InNames("agent_id", null)) });
        return filters;

        Filter InNames(string column, Filter? or) => new(column, FilterOperator.AnyOf, (Named ?? new HashSet<Guid>()).ToList(), Moves: true) { Or = or };

        void Is(string column, object? value)
        {
            if (value is not null)
                filters.Add(new(column, FilterOperator.Is, value));
        }
    }

    /// <summary>Whether a session is in it.</summary>
    public bool Shows(MonitoredSession session) =>
        session.Stage != SessionStage.Ended
        && (Stage is null || session.Stage == Stage)
        && (Kind is null || session.Kind == Kind)
        && (Queues?.Contains(session.QueueId) ?? true)
        && (Filter.QueueId is null || session.QueueId == Filter.QueueId)
        && (Filter.AgentId is null || session.AgentId == Filter.AgentId)
        && (Filter.Channel is null || session.Channel == Filter.Channel)
        && (Filter.Language is null || session.Language == Filter.Language)
        && (Filter.Flag is null || IsFlagged(session.Flags, Filter.Flag))
        && (Stuck is null || (Stuck.TryGetValue(session.SessionId, out var since) && since == session.StageSince) == Filter.Stuck)
        && (Filter.Search is not { Length: > 0 } search || SessionsProjection.SearchText(session).Contains(search, StringComparison.OrdinalIgnoreCase)
            || Named!.Contains(session.QueueId) || (session.AgentId is { } agent && Named.Contains(agent)));

    private static bool IsFlagged(CustomerFlags flags, string flag) => flag switch
    {
        "verified_customer" => flags.VerifiedCustomer == true,
        "bad_actor" => flags.BadActor == true,
        _ => flags.RepeatCustomer == true,
    };
}

/// <summary>The shape of <see cref="SessionFilter"/>.</summary>
internal static class SessionFilterRules
{
    public static void FilterRules<T>(this AbstractValidator<T> validator, Func<T, SessionFilter> filter)
    {
        validator.RuleFor(r => filter(r).Search).MaximumLength(100).OverridePropertyName("search");
        validator.RuleFor(r => filter(r).Language).MaximumLength(35).OverridePropertyName("language");
        validator.RuleFor(r => filter(r).Channel).IsInEnum().OverridePropertyName("channel");
        validator.RuleFor(r => filter(r).Flag).Must(f => f is null || SessionFilter.Flags.Contains(f)).OverridePropertyName("flag")
            .WithMessage($"Must be one of {string.Join(", ", SessionFilter.Flags)}.");
    }
}
