using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>Folds sessions for the monitoring pages.</summary>
public sealed class SessionsProjection : Projection<MonitoredSession>
{
    /// <inheritdoc/>
    public override string Name => "sessions";

    /// <inheritdoc/>
    public override int Version => 4;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<MonitoredSession>> Columns { get; } =
    [
        new("session_id", ColumnType.Id, s => s.SessionId, Required: true),
        new("stage", ColumnType.Text, s => s.Stage, Indexed: true, Required: true),
        new("stage_since", ColumnType.Instant, s => s.StageSince, Required: true),
        new("kind", ColumnType.Text, s => s.Kind, Required: true),
        new("channel", ColumnType.Text, s => s.Channel, Required: true),
        new("status", ColumnType.Text, s => s.Status, Required: true),
        new("queue_id", ColumnType.Id, s => s.QueueId, Required: true),
        new("agent_id", ColumnType.Id, s => s.AgentId),
        new("consumer_id", ColumnType.Id, s => s.ConsumerId, Indexed: true, Required: true),
        new("language", ColumnType.Text, s => s.Language, Required: true),
        new("verified_customer", ColumnType.Flag, s => s.Flags.VerifiedCustomer),
        new("bad_actor", ColumnType.Flag, s => s.Flags.BadActor),
        new("repeat_customer", ColumnType.Flag, s => s.Flags.RepeatCustomer),
        new("requested_at", ColumnType.Instant, s => s.RequestedAt, Required: true),
        new("search", ColumnType.Text, SearchText, Required: true),
    ];

    /// <summary>What <see cref="SessionFilter.Search"/> looks in.</summary>
    public static string SearchText(MonitoredSession session) =>
        $"{session.SessionId} {session.ConsumerId} {string.Join(" > ", session.QueuePath)} {session.TicketId} {session.VirtualAgent}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Session.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) =>
        happened.Data is SessionEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override MonitoredSession? Evolve(MonitoredSession? view, StoredEvent happened) => happened.Data switch
    {
        SessionRequested e => new MonitoredSession
        {
            SessionId = e.SessionId,
            Version = happened.Version,
            Kind = e.Kind,
            Channel = e.Channel,
            Status = SessionStatus.Requested,
            ConsumerId = e.ConsumerId,
            QueueId = e.QueueId,
            QueuePath = e.QueuePath ?? [],
            Language = e.Language,
            RequestedAt = e.RequestedAt,
            Participants = [new SessionParticipant(SessionParty.Consumer, e.ConsumerId, Name: null, e.RequestedAt, LeftAt: null)],
        },
        SessionEvent e when view is not null => After(view, e) with { Version = happened.Version },
        _ => view,
    };

    private static MonitoredSession After(MonitoredSession view, SessionEvent happened) => happened switch
    {
        SessionQueued e => view with { Status = SessionStatus.Queued, QueueId = e.QueueId, QueuePath = e.QueuePath, QueuedAt = e.QueuedAt },
        SessionVoicemailStarted => view with { Status = SessionStatus.LeavingMessage },
        SessionOffered e => view with { Status = SessionStatus.Offered, AgentId = e.AgentId, OfferedAt = e.OfferedAt },
        OfferAccepted => view with { Status = SessionStatus.Preparing },
        OfferFailed => view with { Status = SessionStatus.Queued, AgentId = null, OfferedAt = null },
        SessionConnected e => view with
        {
            Status = SessionStatus.Connected,
            ConnectedAt = e.ConnectedAt,
            WaitSeconds = view.WaitSeconds + (e.ConnectedAt - view.StageSince).TotalSeconds,
            Participants = [.. view.Participants, new SessionParticipant(SessionParty.Agent, e.AgentId, Name: null, e.ConnectedAt, LeftAt: null)],
            Transfers = Decided(view.Transfers, "completed"),
        },
        VirtualAgentJoined e => view with
        {
            Status = SessionStatus.VirtualAgent,
            QueueId = e.QueueId,
            QueuePath = e.QueuePath,
            VirtualAgent = e.Name,
            ConnectedAt = e.JoinedAt,
            WaitSeconds = view.WaitSeconds + (e.JoinedAt - view.StageSince).TotalSeconds,
            Participants = [.. view.Participants, new SessionParticipant(SessionParty.VirtualAgent, e.VirtualAgentId, e.Name, e.JoinedAt, LeftAt: null)],
            Transfers = Decided(view.Transfers, "completed"),
        },
        VirtualAgentLeft e => WithoutAgent(view, e.LeftAt) with { Status = SessionStatus.Requested, VirtualAgent = null, QueuedAt = e.LeftAt },
        SessionHeld e => view with { Status = SessionStatus.Held, HoldSince = e.HeldAt },
        SessionResumed e => OffHold(view, e.ResumedAt) with { Status = SessionStatus.Connected },
        SessionTransferred e => WithoutAgent(view, e.TransferredAt) with
        {
            Status = SessionStatus.Requested,
            QueueId = e.ToQueueId,
            QueuedAt = e.TransferredAt,
            Transfers = [.. view.Transfers, new SessionTransfer(e.FromAgentId, view.QueueId, e.ToQueueId, e.TransferredAt, "waiting")],
        },
        // On the page it waits from now on; the time before, with the agent, was no waiting.
        SessionReturned e => WithoutAgent(view, e.ReturnedAt) with { Status = SessionStatus.Queued, QueuedAt = e.ReturnedAt },
        SessionTakenOver e => view with
        {
            AgentId = e.AgentId,
            ConnectedAt = e.TakenOverAt,
            Participants =
            [
                .. view.Participants.Select(p => p is { Party: SessionParty.Agent, LeftAt: null } ? p with { LeftAt = e.TakenOverAt } : p),
                new SessionParticipant(SessionParty.Agent, e.AgentId, Name: null, e.TakenOverAt, LeftAt: null),
            ],
        },
        TransferredOutside e => WithoutAgent(view, e.TransferredAt) with
        {
            Status = SessionStatus.Outside,
            ConnectedAt = e.TransferredAt,
            HoldSince = e.TransferredAt,
            Transfers = [.. view.Transfers, SessionTransfer.Of(e, view.QueueId)],
        },
        OutsideJoined e => OffHold(view, e.JoinedAt) with
        {
            Participants = [.. view.Participants, new SessionParticipant(SessionParty.Outside, e.PartyId, Name: null, e.JoinedAt, LeftAt: null)],
            Transfers = Decided(view.Transfers, "completed"),
        },
        OutsideFailed => view with { Transfers = Decided(view.Transfers, "unreached") },
        ConsultationCompleted e => HandedOver(view, e),
        SupervisorJoined e => view with
        {
            Participants = [.. view.Participants, new SessionParticipant(SessionParty.Supervisor, e.UserId, e.Name, e.JoinedAt, LeftAt: null)],
        },
        SupervisorLeft e => view with
        {
            Participants = [.. view.Participants.Select(p => p.Party == SessionParty.Supervisor && p.Id == e.UserId && p.LeftAt is null ? p with { LeftAt = e.LeftAt } : p)],
        },
        MessageSent => view with { Messages = view.Messages + 1 },
        SessionFlagged e => view with { Flags = view.Flags.With(e) },
        TicketLinked e => view with { TicketId = e.TicketId, TicketUrl = e.TicketUrl },
        SessionEnded e => Ended(view, e),
        _ => view,
    };

    private static MonitoredSession Ended(MonitoredSession view, SessionEnded e)
    {
        var waited = view.Stage == SessionStage.Queued ? (e.EndedAt - view.StageSince).TotalSeconds : 0;
        var left = OffHold(view, e.EndedAt);
        return left with
        {
            Status = SessionStatus.Ended,
            EndedAt = e.EndedAt,
            EndedBy = e.By,
            EndReason = e.Reason,
            WaitSeconds = view.WaitSeconds + waited,
            Participants = [.. left.Participants.Select(p => p.LeftAt is null ? p with { LeftAt = e.EndedAt } : p)],
            Transfers = Decided(view.Transfers, "abandoned"),
        };
    }

    private static MonitoredSession WithoutAgent(MonitoredSession view, DateTimeOffset at) => OffHold(view, at) with
    {
        AgentId = null,
        OfferedAt = null,
        ConnectedAt = null,
        Participants = [.. view.Participants.Select(p => p is { Party: SessionParty.Agent or SessionParty.VirtualAgent, LeftAt: null } ? p with { LeftAt = at } : p)],
    };

    private static MonitoredSession HandedOver(MonitoredSession view, ConsultationCompleted e)
    {
        var left = WithoutAgent(view, e.CompletedAt);
        return left with
        {
            Status = e.AgentId is null ? SessionStatus.Outside : SessionStatus.Connected,
            AgentId = e.AgentId,
            ConnectedAt = e.CompletedAt,
            Participants = [.. left.Participants, SessionParticipant.Of(e)],
            Transfers = [.. view.Transfers, SessionTransfer.Of(e, view.QueueId)],
        };
    }

    private static MonitoredSession OffHold(MonitoredSession view, DateTimeOffset at) => view.HoldSince is { } since
        ? view with { HoldSince = null, HoldSeconds = view.HoldSeconds + (at - since).TotalSeconds }
        : view;

    private static IReadOnlyList<SessionTransfer> Decided(IReadOnlyList<SessionTransfer> transfers, string outcome) =>
        transfers is [.., { Outcome: "waiting" } last] ? [.. transfers.SkipLast(1), last with { Outcome = outcome }] : transfers;
}
