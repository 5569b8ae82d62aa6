using ContactCenter.Api.Conventions;
using ContactCenter.Api.Live;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>The monitoring pages (MON-6): lists, and the same live.</summary>
public static class MonitoringEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapMonitoring(this IEndpointRouteBuilder v1)
    {
        var pages = v1.MapGroup("/monitoring").WithTags("monitoring");
        pages.MapSessions("/calls/connected", "ListConnectedCalls", SessionKind.Call, SessionStage.Connected, (f, p) => new ListConnectedCalls(f, p))
            .WithSummary("Calls with an agent.");
        pages.MapSessions("/calls/queued", "ListQueuedCalls", SessionKind.Call, SessionStage.Queued, (f, p) => new ListQueuedCalls(f, p))
            .WithSummary("Calls that wait.");
        pages.MapSessions("/chats/connected", "ListConnectedChats", SessionKind.Chat, SessionStage.Connected, (f, p) => new ListConnectedChats(f, p))
            .WithSummary("Chats with an agent.");
        pages.MapSessions("/chats/queued", "ListQueuedChats", SessionKind.Chat, SessionStage.Queued, (f, p) => new ListQueuedChats(f, p))
            .WithSummary("Chats that wait.");
        pages.MapGet("/agents", AgentsAsync).Watchable<Page<AgentRow>>("MonitorAgents").Sends(new ListAgents(new AgentFilter(), new PageRequest())).WithSummary("Agents: status, sessions in hand, time in status.");
        pages.MapGet("/queues", QueuesAsync).Watchable<Page<QueueRow>>("MonitorQueues").WithSummary("Queues: what waits in each, how the day went, and what its agents do.");
        v1.MapGet("/agents", AgentsAsync).Watchable<Page<AgentRow>>("ListAgents").WithTags("agents").WithSummary("Agents.");
        v1.MapGet("/queues", (Call call, [AsParameters] QueueQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListQueues(filter.Channel?.Value, filter.ParentId, filter.TeamId, filter.Archived, filter.Search, page.Request)))
            .Query<Page<ListedQueue>>("ListQueues").WithTags("queues").WithSummary("Queues; by path they read as the tree. What happens in them shows where the caller may watch it.");
    }

    private static RouteHandlerBuilder MapSessions(
        this RouteGroupBuilder pages, string path, string name, SessionKind kind, SessionStage stage, Func<SessionFilter, PageRequest, IQuery<Page<SessionRow>>> list) =>
        pages.MapGet(path, (Call call, [AsParameters] SessionQuery filter, [AsParameters] PageQuery page) => call.WantsStream
                ? call.LiveAsync(after => new WatchSessions(kind, stage, filter.Filter, after))
                : call.AskAsync(list(filter.Filter, page.Request)))
            .Watchable<Page<SessionRow>>(name);

    private static Task<IResult> AgentsAsync(Call call, [AsParameters] AgentQuery filter, [AsParameters] PageQuery page) => call.WantsStream
        ? call.LiveAsync(after => new WatchAgents(filter.Filter, after))
        : call.AskAsync(new ListAgents(filter.Filter, page.Request));

    private static Task<IResult> QueuesAsync(Call call, [AsParameters] QueueQuery filter, [AsParameters] PageQuery page) => call.WantsStream
        ? call.LiveAsync(after => new WatchQueues(filter.Channel?.Value, filter.ParentId, filter.TeamId, filter.Archived, filter.Search, after))
        : call.AskAsync(new MonitorQueues(filter.Channel?.Value, filter.ParentId, filter.TeamId, filter.Archived, filter.Search, page.Request));
}

/// <summary>Which sessions.</summary>
/// <param name="QueueId">In this queue.</param>
/// <param name="AgentId">With this agent.</param>
/// <param name="TeamId">In a queue of this team.</param>
/// <param name="Channel">By this channel.</param>
/// <param name="Language">In this language.</param>
/// <param name="Flag">With this flag.</param>
/// <param name="Stuck">Only stuck ones, or only others (END-4).</param>
/// <param name="Search">With this in id, consumer id, menu path, ticket, or the name of queue or agent.</param>
public sealed record SessionQuery(
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null,
    [property: FromQuery(Name = "agentId")] Guid? AgentId = null,
    [property: FromQuery(Name = "teamId")] Guid? TeamId = null,
    [property: FromQuery(Name = "channel")] Word<Channel>? Channel = null,
    [property: FromQuery(Name = "language")] string? Language = null,
    [property: FromQuery(Name = "flag")] string? Flag = null,
    [property: FromQuery(Name = "stuck")] bool? Stuck = null,
    [property: FromQuery(Name = "search")] string? Search = null)
{
    internal SessionFilter Filter => new(QueueId, AgentId, TeamId, Channel?.Value, Language, Flag, Stuck, Search);
}

/// <summary>Which agents.</summary>
/// <param name="Presence">In this presence.</param>
/// <param name="Status">In this status: <c>available</c>, <c>offline</c>, <c>break</c>, …</param>
/// <param name="TeamId">Of this team.</param>
/// <param name="QueueId">Who take sessions of this queue.</param>
/// <param name="Search">With this in name or status.</param>
public sealed record AgentQuery(
    [property: FromQuery(Name = "presence")] Word<Presence>? Presence = null,
    [property: FromQuery(Name = "status")] string? Status = null,
    [property: FromQuery(Name = "teamId")] Guid? TeamId = null,
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null,
    [property: FromQuery(Name = "search")] string? Search = null)
{
    internal AgentFilter Filter => new(Presence?.Value, Status, TeamId, QueueId, Search);
}

/// <summary>Which queues.</summary>
/// <param name="Channel">Of this channel's menu.</param>
/// <param name="ParentId">Directly below this one.</param>
/// <param name="TeamId">Of this team.</param>
/// <param name="Archived">Only archived ones, or only others.</param>
/// <param name="Search">With this in the menu path.</param>
public sealed record QueueQuery(
    [property: FromQuery(Name = "channel")] Word<Channel>? Channel = null,
    [property: FromQuery(Name = "parentId")] Guid? ParentId = null,
    [property: FromQuery(Name = "teamId")] Guid? TeamId = null,
    [property: FromQuery(Name = "archived")] bool? Archived = null,
    [property: FromQuery(Name = "search")] string? Search = null);
