using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The queues to which the agent in a session may transfer it now (AHD-7).</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetTransferTargets(Guid SessionId) : IQuery<IReadOnlyList<TransferTarget>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AgentIn(SessionId);
}

/// <summary>A queue to which a session may be transferred.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">Names from the root to this one.</param>
/// <param name="IsOpen">Whether it is inside the hours that apply to it.</param>
public sealed record TransferTarget(Guid QueueId, string Name, IReadOnlyList<string> Path, bool IsOpen);

/// <summary>Answers <see cref="GetTransferTargets"/>. Who is signed in comes from this node's live board; the transfer itself looks again.</summary>
public sealed class GetTransferTargetsHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration, AgentBoard agents)
    : IRequestHandler<GetTransferTargets, Result<IReadOnlyList<TransferTarget>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<TransferTarget>>> Handle(GetTransferTargets request, CancellationToken cancellationToken)
    {
        var session = (await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken)).State;
        if (SessionDecider.WhyNotLive(session) is { } refusal)
            return refusal;
        var center = await configuration.ReadAsync(cancellationToken);
        var signedIn = agents.Rows.Where(a => a.Presence != Presence.Offline).Select(a => a.AgentId).ToHashSet();
        var contact = new Contact(session.Kind, session.Channel, session.QueueId, session.Language);
        return center.Queues.Values
            .Where(q => TransferTargets.IsShown(q, contact, center, signedIn.Overlaps(q.Members), call.Now))
            .OrderBy(q => string.Join(" > ", q.Path), StringComparer.OrdinalIgnoreCase).ThenBy(q => q.Id)
            .Select(q => new TransferTarget(q.Id, q.Name, q.Path, Deflector.IsOpen(q, center, session.Language, call.Now)))
            .ToList();
    }
}
