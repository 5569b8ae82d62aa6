using ContactCenter.Api.Conventions;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Endpoints;

/// <summary>Queues: the menu's nodes, who takes their sessions, and how.</summary>
public static class QueueEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapQueues(this IEndpointRouteBuilder v1)
    {
        var queues = v1.MapGroup("/queues").WithTags("queues");
        queues.MapPost("/", (Call call, CreateQueueBody body) => call.CreateAsync(
                new CreateQueue(body.QueueId, body.Name, body.Channel, body.ParentId, body.TeamIds ?? []), "/v1/queues")).Creation("CreateQueue")
            .WithSummary("Creates a node of one channel's menu.");
        queues.MapGet("/{id}", (Call call, Guid id, Instant? asOf) => call.AskAsync(new GetQueue(id, asOf?.Value), q => q.Version)).Query<QueueDetails>("GetQueue")
            .WithSummary("One queue's configuration, now or as of an instant.");
        queues.MapPut("/{id}/name", (Call call, Guid id, RenameBody body) => call.DoAsync(new RenameQueue(id, body.Name))).Command("RenameQueue").NeedsVersion()
            .WithSummary("Gives the queue another name.");
        queues.MapPut("/{id}/names", (Call call, Guid id, NamesBody body) => call.DoAsync(new TranslateQueue(id, body.Names))).Command("TranslateQueue").NeedsVersion()
            .WithSummary("What the menu shows in other languages.");
        queues.MapPut("/{id}/teams", (Call call, Guid id, TeamsBody body) => call.DoAsync(new AssignQueueTeams(id, body.TeamIds))).Command("AssignQueueTeams").NeedsVersion()
            .WithSummary("Which teams are responsible for the queue.")
            .WithDescription("They are what the scope assigned_teams means by a queue: pages, lists, monitors and recordings of whoever has it follow, open ones within five seconds. Needs scope all.");
        queues.MapDelete("/{id}", (Call call, Guid id) => call.DoAsync(new ArchiveQueue(id))).Command("ArchiveQueue").NeedsVersion()
            .WithSummary("The queue takes no new sessions. 409 names what sends contacts to it, and how many calls of it are booked.");
        queues.MapPut("/{id}/members/{agentId}", (Call call, Guid id, Guid agentId) => call.DoAsync(new AddQueueMember(id, agentId))).Command("AddQueueMember")
            .WithSummary("The agent takes sessions of this queue.");
        queues.MapDelete("/{id}/members/{agentId}", (Call call, Guid id, Guid agentId) => call.DoAsync(new RemoveQueueMember(id, agentId))).Command("RemoveQueueMember")
            .WithSummary("The agent no longer takes sessions of this queue.");
        queues.MapPut("/{id}/handling", (Call call, Guid id, HandlingRules body) => call.DoAsync(new ConfigureQueueHandling(id, body))).Command("ConfigureQueueHandling").NeedsVersion()
            .WithSummary("How sessions are offered and finished.");
        queues.MapPut("/{id}/whisper", (Call call, Guid id, WhisperBody body) => call.DoAsync(new ConfigureQueueWhisper(id, body.Rules))).Command("ConfigureQueueWhisper").NeedsVersion()
            .WithSummary("What the agent hears before a call (NOT-3).");
        queues.MapPost("/{id}/move", (Call call, Guid id, MoveBody body) => call.DoAsync(new MoveQueue(id, body.ParentId))).Command("MoveQueue").NeedsVersion()
            .WithSummary("Puts the queue, and all below it, under another node of its channel's menu.")
            .WithDescription("Where a node above is named, reaching it too stands for scope all, which the root needs.");
        queues.MapAfterHours();
    }
}

/// <summary>A new queue.</summary>
/// <param name="Name">What the menu shows.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="ParentId">The node above, or null at the root.</param>
/// <param name="TeamIds">The teams responsible.</param>
/// <param name="QueueId">The new queue's id, or null to be given one.</param>
public sealed record CreateQueueBody(string Name, Channel Channel, Guid? ParentId = null, IReadOnlyList<Guid>? TeamIds = null, Guid? QueueId = null);

/// <summary>A new name.</summary>
/// <param name="Name">1 to 100 characters.</param>
public sealed record RenameBody(string Name);

/// <summary>Names in other languages.</summary>
/// <param name="Names">All of them, each language once.</param>
public sealed record NamesBody(IReadOnlyList<LocalName> Names);

/// <summary>The teams responsible for a queue.</summary>
/// <param name="TeamIds">All of them.</param>
public sealed record TeamsBody(IReadOnlyList<Guid> TeamIds);

/// <summary>Where a queue stands.</summary>
/// <param name="ParentId">The node above from now on, or null for the root.</param>
public sealed record MoveBody(Guid? ParentId);

/// <summary>What the agent hears first.</summary>
/// <param name="WhisperEnabled">Whether an announcement is played.</param>
/// <param name="WhisperText">What is said; null says the call type and the queue's name.</param>
/// <param name="Speed">1 is normal; 0.5 to 2.</param>
/// <param name="Countdown">Whether "3, 2, 1" follows.</param>
public sealed record WhisperBody(bool WhisperEnabled, string? WhisperText = null, double Speed = 1, bool Countdown = false)
{
    internal WhisperRules Rules => new(WhisperEnabled, WhisperText, Speed, Countdown);
}
