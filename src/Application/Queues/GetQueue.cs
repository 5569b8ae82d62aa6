using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>One queue's configuration, as it is or as it was at an instant (ADM-5).</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="AsOf">Changes recorded later are left out; null for all.</param>
public sealed record GetQueue(Guid QueueId, DateTimeOffset? AsOf = null) : IQuery<QueueDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Queue(QueueId));
}

/// <summary>All there is to know about one queue.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">The stream's version: the <c>ETag</c>.</param>
/// <param name="Name">What the menu shows.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="Path">Names from the root to this one.</param>
/// <param name="ParentId">The node above, or null.</param>
/// <param name="TeamIds">The teams responsible.</param>
/// <param name="Members">Who takes its sessions.</param>
/// <param name="Handling">Offering and finishing.</param>
/// <param name="Whisper">What the agent hears first.</param>
/// <param name="IsArchived">Takes no new sessions.</param>
/// <param name="Hours">Hours of its own, or null (AHD-1).</param>
/// <param name="Deflection">Deflection of its own, or null (AHD-6).</param>
/// <param name="VirtualAgent">Who answers first, or null.</param>
/// <param name="ScheduledCalls">Calls booked for a time (AHD-11).</param>
/// <param name="Names">What the menu shows in other languages.</param>
public sealed record QueueDetails(
    Guid QueueId,
    long Version,
    string Name,
    Channel Channel,
    IReadOnlyList<string> Path,
    Guid? ParentId,
    IReadOnlyList<Guid> TeamIds,
    IReadOnlyList<Guid> Members,
    HandlingRules Handling,
    WhisperRules Whisper,
    bool IsArchived,
    HoursSchedule? Hours,
    QueueDeflection? Deflection,
    VirtualAgentAssignment? VirtualAgent,
    ScheduledCallRules ScheduledCalls,
    IReadOnlyList<LocalName> Names);

/// <summary>Handles <see cref="GetQueue"/>.</summary>
public sealed class GetQueueHandler(UnitOfWork work, IEventStore log) : IRequestHandler<GetQueue, Result<QueueDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<QueueDetails>> Handle(GetQueue request, CancellationToken cancellationToken)
    {
        var queue = request.AsOf is { } asOf
            ? await log.ReadAsOfAsync(Aggregates.Queue, request.QueueId, asOf, cancellationToken)
            : await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var state = queue.State;
        return state.Exists
            ? new QueueDetails(
                state.Id, queue.Version, state.Name, state.Channel, state.Path, state.ParentId, state.TeamIds, [.. state.Members.Order()],
                state.Handling, state.Whisper, state.IsArchived, state.Hours, state.Deflection, state.VirtualAgent, state.ScheduledCalls,
                state.Names)
            : new NotFoundError("queue.not_found", request.AsOf is null ? "There is no such queue." : "There is no such queue, or it was not there yet.");
    }
}
