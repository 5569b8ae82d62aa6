using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>Which agents to show; null for all (MON-6).</summary>
/// <param name="Presence">In this presence.</param>
/// <param name="Status">In this status: <c>available</c>, <c>offline</c>, <c>break</c>, …</param>
/// <param name="TeamId">Of this team.</param>
/// <param name="QueueId">Who take sessions of this queue.</param>
/// <param name="Search">With this in name or status.</param>
public sealed record AgentFilter(Presence? Presence = null, string? Status = null, Guid? TeamId = null, Guid? QueueId = null, string? Search = null);

/// <summary>A page of agents, narrowed to those of the caller's teams or queues (MON-6, MON-9).</summary>
/// <param name="Filter">Which ones.</param>
/// <param name="Page">Which part; sorts by <c>name</c>, <c>since</c>, <c>presence</c>, <c>status</c>.</param>
public sealed record ListAgents(AgentFilter Filter, PageRequest Page) : IQuery<Page<AgentRow>>
{
    internal static readonly Sorting Sorting = new(("name", "name"), ("since", "since"), ("presence", "presence"), ("status", "status"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>A line of the agents page.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Version">The agent stream's version.</param>
/// <param name="Name">As in users.</param>
/// <param name="Status">What they are doing: <c>available</c>, <c>offline</c>, or the status chosen instead of taking sessions.</param>
/// <param name="Presence">Signed in, paused or not.</param>
/// <param name="Reason">Why paused or gone, or null.</param>
/// <param name="Since">In this presence since.</param>
/// <param name="Capacity">How many sessions at once.</param>
/// <param name="Channels">From which channels.</param>
/// <param name="TeamIds">Their teams.</param>
/// <param name="Work">The sessions in hand.</param>
public sealed record AgentRow(
    Guid AgentId,
    long Version,
    string Name,
    string Status,
    Presence Presence,
    string? Reason,
    DateTimeOffset Since,
    Capacity Capacity,
    IReadOnlyList<Channel> Channels,
    IReadOnlyList<Guid> TeamIds,
    IReadOnlyList<AgentWorkRow> Work);

/// <summary>A session in hand.</summary>
/// <param name="SessionId">Which; null where it is out of the caller's reach.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Phase">How far.</param>
public sealed record AgentWorkRow(Guid? SessionId, SessionKind Kind, WorkPhase Phase);

/// <summary>The agents page live: a snapshot, then changes (MON-6).</summary>
/// <param name="Filter">Which ones.</param>
/// <param name="ResumeAfter">The id of the last change seen, or null.</param>
public sealed record WatchAgents(AgentFilter Filter, LogPosition? ResumeAfter) : IQuery<IAsyncEnumerable<BoardChange<AgentRow>>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>The shape of <see cref="ListAgents"/>.</summary>
public sealed class ListAgentsValidator : AbstractValidator<ListAgents>
{
    /// <summary>Its rules.</summary>
    public ListAgentsValidator()
    {
        this.FilterRules(r => r.Filter);
        this.PageRules(r => r.Page, ListAgents.Sorting);
    }
}

/// <summary>The shape of <see cref="WatchAgents"/>.</summary>
public sealed class WatchAgentsValidator : AbstractValidator<WatchAgents>
{
    /// <summary>Its rules.</summary>
    public WatchAgentsValidator()
    {
        this.FilterRules(r => r.Filter);
    }
}

/// <summary>The shape of <see cref="AgentFilter"/>.</summary>
internal static class AgentFilterRules
{
    public static void FilterRules<T>(this AbstractValidator<T> validator, Func<T, AgentFilter> filter)
    {
        validator.RuleFor(r => filter(r).Search).MaximumLength(100).OverridePropertyName("search");
        validator.RuleFor(r => filter(r).Status).MaximumLength(50).OverridePropertyName("status");
        validator.RuleFor(r => filter(r).Presence).IsInEnum().OverridePropertyName("presence");
    }
}

/// <summary>Answers <see cref="ListAgents"/> and <see cref="WatchAgents"/>.</summary>
public sealed class ListAgentsHandler(
    IReadModel<AgentCard> agents, AgentBoard board, AgentReach reach, MonitoringScope scope, AgentRows rows, CurrentCall call, TimeProvider time) :
    IRequestHandler<ListAgents, Result<Page<AgentRow>>>,
    IRequestHandler<WatchAgents, Result<IAsyncEnumerable<BoardChange<AgentRow>>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<AgentRow>>> Handle(ListAgents request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var filters = new List<Filter> { new("is_agent", FilterOperator.Is, Value: true) };
        var asked = request.Filter;
        if (await WithinAsync(asked, caller, cancellationToken) is { } within)
            filters.Add(new("agent_id", FilterOperator.AnyOf, within.ToList(), Moves: true));
        if (asked.Presence is { } presence)
            filters.Add(new("presence", FilterOperator.Is, presence));
        if (asked.Status is { Length: > 0 } status)
            filters.Add(new("status", FilterOperator.Is, status));
        if (asked.TeamId is { } teamId)
            filters.Add(new("team_ids", FilterOperator.Is, teamId));
        if (asked.Search is { Length: > 0 } search)
            filters.Add(new("name", FilterOperator.Contains, search) { Or = new("status", FilterOperator.Contains, search) });
        var page = await agents.PageAsync(ListAgents.Sorting.Query(filters, request.Page), cancellationToken);
        return page.IsOk
            ? new Page<AgentRow>(await rows.OfAsync(page.Value.Items, caller, cancellationToken), page.Value.NextCursor)
            : page.Error;
    }

    /// <inheritdoc/>
    public Task<Result<IAsyncEnumerable<BoardChange<AgentRow>>>> Handle(WatchAgents request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var changes = ScopedBoard.WatchAsync<AgentCard>(
            board,
            async token =>
            {
                var within = await WithinAsync(request.Filter, caller, token);
                return (a => Shows(request.Filter, a) && (within?.Contains(a.AgentId) ?? true), within);
            },
            request.ResumeAfter,
            time,
            CancellationToken.None);
        return Task.FromResult(Result<IAsyncEnumerable<BoardChange<AgentRow>>>.Ok(RowsAsync(changes, caller, CancellationToken.None)));
    }

    /// <summary>Who is within reach and takes sessions of the queue asked for; null for all.</summary>
    private async ValueTask<IReadOnlySet<Guid>?> WithinAsync(AgentFilter asked, Caller caller, CancellationToken cancellationToken)
    {
        var within = await reach.AgentsAsync(caller, cancellationToken);
        if (asked.QueueId is not { } queueId)
            return within;
        var members = await scope.MembersAsync(q => q.Id == queueId, cancellationToken);
        return within is null ? members : members.Where(within.Contains).ToHashSet();
    }

    private static bool Shows(AgentFilter asked, AgentCard agent) =>
        agent.IsAgent
        && (asked.Presence is null || agent.Presence == asked.Presence)
        && (asked.Status is not { Length: > 0 } status || agent.Status == status)
        && (asked.TeamId is not { } team || agent.TeamIds.Contains(team))
        && (asked.Search is not { Length: > 0 } search || agent.Name.Contains(search, StringComparison.OrdinalIgnoreCase) || agent.Status.Contains(search, StringComparison.OrdinalIgnoreCase));

    private async IAsyncEnumerable<BoardChange<AgentRow>> RowsAsync(
        IAsyncEnumerable<BoardChange<AgentCard>> changes, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            yield return change switch
            {
                BoardSnapshot<AgentCard> s => new BoardSnapshot<AgentRow>(s.Position, await rows.OfAsync(s.Rows, caller, cancellationToken)),
                BoardRowChanged<AgentCard> c =>
                    new BoardRowChanged<AgentRow>(c.Position, c.Key, (await rows.OfAsync([c.Row], caller, cancellationToken))[0]),
                _ => new BoardRowRemoved<AgentRow>(change.Position, ((BoardRowRemoved<AgentCard>)change).Key),
            };
        }
    }
}
