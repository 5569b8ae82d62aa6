using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>A page of live sessions, narrowed to what the caller may see (MON-6, MON-9).</summary>
/// <param name="Filter">Which ones.</param>
/// <param name="Page">Which part; sorts by <c>since</c>, <c>requestedAt</c>, <c>channel</c>, <c>language</c>, <c>status</c>.</param>
public abstract record ListSessions(SessionFilter Filter, PageRequest Page) : IQuery<Page<SessionRow>>
{
    internal static readonly Sorting Sorting = new(
        ("since", "stage_since"), ("requestedAt", "requested_at"), ("channel", "channel"), ("language", "language"), ("status", "status"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>Calls with an agent.</summary>
/// <inheritdoc/>
public sealed record ListConnectedCalls(SessionFilter Filter, PageRequest Page) : ListSessions(Filter, Page);

/// <summary>Calls that wait.</summary>
/// <inheritdoc/>
public sealed record ListQueuedCalls(SessionFilter Filter, PageRequest Page) : ListSessions(Filter, Page);

/// <summary>Chats with an agent.</summary>
/// <inheritdoc/>
public sealed record ListConnectedChats(SessionFilter Filter, PageRequest Page) : ListSessions(Filter, Page);

/// <summary>Chats that wait.</summary>
/// <inheritdoc/>
public sealed record ListQueuedChats(SessionFilter Filter, PageRequest Page) : ListSessions(Filter, Page);

/// <summary>The shape of all four.</summary>
public abstract class ListSessionsValidator<T> : AbstractValidator<T>
    where T : ListSessions
{
    /// <summary>Its rules.</summary>
    protected ListSessionsValidator()
    {
        this.FilterRules(r => r.Filter);
        this.PageRules(r => r.Page, ListSessions.Sorting);
    }
}

/// <inheritdoc/>
public sealed class ListConnectedCallsValidator : ListSessionsValidator<ListConnectedCalls>;

/// <inheritdoc/>
public sealed class ListQueuedCallsValidator : ListSessionsValidator<ListQueuedCalls>;

/// <inheritdoc/>
public sealed class ListConnectedChatsValidator : ListSessionsValidator<ListConnectedChats>;

/// <inheritdoc/>
public sealed class ListQueuedChatsValidator : ListSessionsValidator<ListQueuedChats>;

/// <summary>Answers all four.</summary>
public sealed class ListSessionsHandler(IReadModel<MonitoredSession> sessions, SessionViews views, SessionRows rows, CurrentCall call) :
    IRequestHandler<ListConnectedCalls, Result<Page<SessionRow>>>,
    IRequestHandler<ListQueuedCalls, Result<Page<SessionRow>>>,
    IRequestHandler<ListConnectedChats, Result<Page<SessionRow>>>,
    IRequestHandler<ListQueuedChats, Result<Page<SessionRow>>>
{
    /// <inheritdoc/>
    public Task<Result<Page<SessionRow>>> Handle(ListConnectedCalls request, CancellationToken cancellationToken) =>
        ListAsync(request, SessionKind.Call, SessionStage.Connected, cancellationToken);

    /// <inheritdoc/>
    public Task<Result<Page<SessionRow>>> Handle(ListQueuedCalls request, CancellationToken cancellationToken) =>
        ListAsync(request, SessionKind.Call, SessionStage.Queued, cancellationToken);

    /// <inheritdoc/>
    public Task<Result<Page<SessionRow>>> Handle(ListConnectedChats request, CancellationToken cancellationToken) =>
        ListAsync(request, SessionKind.Chat, SessionStage.Connected, cancellationToken);

    /// <inheritdoc/>
    public Task<Result<Page<SessionRow>>> Handle(ListQueuedChats request, CancellationToken cancellationToken) =>
        ListAsync(request, SessionKind.Chat, SessionStage.Queued, cancellationToken);

    private async Task<Result<Page<SessionRow>>> ListAsync(ListSessions request, SessionKind kind, SessionStage stage, CancellationToken cancellationToken)
    {
        var now = call.Context.Now;
        var view = await views.OfAsync(call.Context.Caller, kind, stage, request.Filter, now, cancellationToken);
        var page = await sessions.PageAsync(ListSessions.Sorting.Query(view.ToFilters(), request.Page), cancellationToken);
        return page.IsOk
            ? new Page<SessionRow>(await rows.OfAsync(page.Value.Items, now, cancellationToken), page.Value.NextCursor)
            : page.Error;
    }
}

/// <summary>Makes views: what was asked for, narrowed to what is within reach.</summary>
public sealed class SessionViews(MonitoringScope scope, SessionBoard board, AgentBoard agents, ICenterConfiguration configuration)
{
    /// <summary>The view of one caller.</summary>
    internal async ValueTask<SessionView> OfAsync(
        Caller caller, SessionKind? kind, SessionStage? stage, SessionFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var queues = await scope.QueuesAsync(caller, Permissions.MonitoringRead, cancellationToken);
        if (filter.TeamId is { } teamId)
        {
            var ofTeam = await scope.OfTeamAsync(teamId, cancellationToken);
            queues = queues is null ? ofTeam : ofTeam.Where(queues.Contains).ToHashSet();
        }

        var stuck = filter.Stuck is null ? null : await StuckAsync(now, cancellationToken);
        return new SessionView(kind, stage, filter, queues, stuck, filter.Search is { Length: > 0 } search ? await NamedAsync(search, cancellationToken) : null);
    }

    /// <summary>Queues and agents with a text in their names: rows show the names of now, and not those of when they changed.</summary>
    private async ValueTask<IReadOnlySet<Guid>> NamedAsync(string search, CancellationToken cancellationToken)
    {
        var queues = (await configuration.AtLeastAsync(0, cancellationToken)).Queues.Values.Where(q => q.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        var people = agents.Rows.Where(a => a.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return new HashSet<Guid>([.. queues.Select(q => q.Id), .. people.Select(a => a.AgentId)]);
    }

    /// <summary>What is stuck now, out of all that lives (END-4).</summary>
    private async ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> StuckAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(0, cancellationToken);
        return board.Rows.Where(s => SessionDecider.IsStuck(s.StageSince, center.StuckAfter(s.QueueId), now)).ToDictionary(s => s.SessionId, s => s.StageSince);
    }
}
