using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>What a session's events tell about its course (MON-4): how long what took, who was in it, where it went.</summary>
internal sealed class SessionStory
{
    private readonly double[] seconds = new double[4];
    private readonly List<SessionTransfer> transfers = [];
    private readonly List<SessionParticipant> participants = [];
    private Session state = Session.Initial;
    private Phase phase;
    private DateTimeOffset since;
    private long version;
    private SessionRequested? requested;
    private SessionEnded? ended;
    private IReadOnlyList<string> path = [];
    private string? ticketUrl;

    private enum Phase
    {
        Waiting,
        Talking,
        OnHold,
        WithVirtualAgent,
    }

    /// <summary>Everyone in it but the consumer.</summary>
    public IEnumerable<Guid> AgentIds => participants.Where(p => p.Party == SessionParty.Agent).Select(p => p.Id).Append(state.AgentId ?? Guid.Empty).Distinct();

    /// <summary>The version of the last event added.</summary>
    public long Version => version;

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => ended is not null;

    /// <summary>Who asked.</summary>
    public Guid ConsumerId => state.ConsumerId;

    /// <summary>One more event, in order.</summary>
    public void Add(StoredEvent stored)
    {
        var happened = (SessionEvent)stored.Data;
        switch (happened)
        {
            case SessionRequested e:
                requested = e;
                path = e.QueuePath ?? [];
                since = e.RequestedAt;
                participants.Add(new SessionParticipant(SessionParty.Consumer, e.ConsumerId, Name: null, e.RequestedAt, LeftAt: null));
                break;
            case SessionQueued e:
                path = e.QueuePath;
                // The contact center rang; nobody waited.
                since = SessionDecider.IsRinging(state) ? e.QueuedAt : since;
                break;
            case SessionConnected e:
                Enter(Phase.Talking, e.ConnectedAt);
                participants.Add(new SessionParticipant(SessionParty.Agent, e.AgentId, Name: null, e.ConnectedAt, LeftAt: null));
                Settle("completed");
                break;
            case VirtualAgentJoined e:
                path = e.QueuePath;
                Enter(Phase.WithVirtualAgent, e.JoinedAt);
                participants.Add(new SessionParticipant(SessionParty.VirtualAgent, e.VirtualAgentId, e.Name, e.JoinedAt, LeftAt: null));
                Settle("completed");
                break;
            case VirtualAgentLeft e:
                Enter(Phase.Waiting, e.LeftAt);
                Leave(p => p.Party == SessionParty.VirtualAgent, e.LeftAt);
                break;
            case SessionHeld e:
                Enter(Phase.OnHold, e.HeldAt);
                break;
            case SessionResumed e:
                Enter(Phase.Talking, e.ResumedAt);
                break;
            case SessionTransferred e:
                Enter(Phase.Waiting, e.TransferredAt);
                Leave(p => p.Party == SessionParty.Agent, e.TransferredAt);
                transfers.Add(new SessionTransfer(e.FromAgentId, state.QueueId, e.ToQueueId, e.TransferredAt, "waiting"));
                break;
            case SessionReturned e:
                Enter(Phase.Waiting, e.ReturnedAt);
                Leave(p => p.Party == SessionParty.Agent, e.ReturnedAt);
                break;
            case SessionTakenOver e:
                Leave(p => p.Party == SessionParty.Agent, e.TakenOverAt);
                participants.Add(new SessionParticipant(SessionParty.Agent, e.AgentId, Name: null, e.TakenOverAt, LeftAt: null));
                break;
            case TransferredOutside e:
                Enter(Phase.OnHold, e.TransferredAt);
                Leave(p => p.Party == SessionParty.Agent, e.TransferredAt);
                transfers.Add(SessionTransfer.Of(e, state.QueueId));
                break;
            case OutsideJoined e:
                Enter(Phase.Talking, e.JoinedAt);
                participants.Add(new SessionParticipant(SessionParty.Outside, e.PartyId, Name: null, e.JoinedAt, LeftAt: null));
                Settle("completed");
                break;
            case OutsideFailed:
                Settle("unreached");
                break;
            case ConsultationCompleted e:
                Enter(Phase.Talking, e.CompletedAt);
                Leave(p => p.Party == SessionParty.Agent, e.CompletedAt);
                participants.Add(SessionParticipant.Of(e));
                transfers.Add(SessionTransfer.Of(e, state.QueueId));
                break;
            case SupervisorJoined e:
                participants.Add(new SessionParticipant(SessionParty.Supervisor, e.UserId, e.Name, e.JoinedAt, LeftAt: null));
                break;
            case SupervisorLeft e:
                Leave(p => p.Party == SessionParty.Supervisor && p.Id == e.UserId, e.LeftAt);
                break;
            case TicketLinked e:
                ticketUrl = e.TicketUrl;
                break;
            case SessionEnded e:
                ended = e;
                Enter(phase, e.EndedAt);
                Leave(_ => true, e.EndedAt);
                Settle("abandoned");
                break;
        }

        (state, version) = (state.Apply(happened), stored.Version);
    }

    /// <summary>The details with the names of today, or null if nothing ever happened.</summary>
    public async Task<SessionDetails?> TellAsync(AggregateReader reader, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (requested is null)
            return null;
        var consumer = (await reader.LoadAsync(Aggregates.Consumer, ConsumerId, cancellationToken)).State;
        Dictionary<Guid, string> names = [];
        foreach (var agentId in AgentIds)
            names[agentId] = (await reader.LoadAsync(Aggregates.User, agentId, cancellationToken)).State.Name;
        return Tell(consumer.Name.Value, names, now);
    }

    /// <summary>The details, or null if nothing ever happened. More may be added afterwards.</summary>
    /// <param name="consumerName">The consumer's name, or null.</param>
    /// <param name="agentNames">Names of agents.</param>
    /// <param name="now">Up to when what still runs is counted.</param>
    public SessionDetails? Tell(string? consumerName, IReadOnlyDictionary<Guid, string> agentNames, DateTimeOffset now)
    {
        if (requested is null)
            return null;
        double[] spent = [.. seconds];
        if (ended is null)
            spent[(int)phase] += Math.Max(0, (now - since).TotalSeconds);
        return new SessionDetails(
            state.Id, version, state.Kind, state.Channel, state.Status, state.ConsumerId, consumerName, state.QueueId, path,
            state.AgentId, state.AgentId is { } agentId ? agentNames.GetValueOrDefault(agentId) : null,
            requested.Language, state.Consent, requested.Data.ToDictionary(d => d.Key, d => d.Value.Value, StringComparer.Ordinal), state.Flags, state.TicketId, ticketUrl,
            requested.RequestedAt, state.ConnectedAt, state.EndedAt, ended?.By, ended?.ReasonForReaders(),
            new SessionMetrics(spent[(int)Phase.Waiting], spent[(int)Phase.Talking], spent[(int)Phase.OnHold], spent.Sum(), spent[(int)Phase.WithVirtualAgent]),
            transfers,
            [.. participants.Select(Named)],
            SessionDeflection.Of(state.Deflection), state.ScheduledCallId, state.VirtualAgent?.Name, state.TakenThoughClosed);

        SessionParticipant Named(SessionParticipant p) => p.Party switch
        {
            SessionParty.Consumer => p with { Name = consumerName },
            SessionParty.VirtualAgent or SessionParty.Supervisor or SessionParty.Outside => p,
            _ => p with { Name = agentNames.GetValueOrDefault(p.Id) },
        };
    }

    private void Enter(Phase next, DateTimeOffset at)
    {
        seconds[(int)phase] += Math.Max(0, (at - since).TotalSeconds);
        (phase, since) = (next, at);
    }

    private void Leave(Func<SessionParticipant, bool> who, DateTimeOffset at)
    {
        for (var i = 0; i < participants.Count; i++)
        {
            if (participants[i].LeftAt is null && who(participants[i]))
                participants[i] = participants[i] with { LeftAt = at };
        }
    }

    private void Settle(string outcome)
    {
        if (transfers.Count > 0 && transfers[^1].Outcome == "waiting")
            transfers[^1] = transfers[^1] with { Outcome = outcome };
    }
}
