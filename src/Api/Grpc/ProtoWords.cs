using ContactCenter.Application.Agents;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.V1;
using Google.Protobuf.WellKnownTypes;
using Channel = ContactCenter.V1.Channel;
using CustomerFlags = ContactCenter.V1.CustomerFlags;
using DomainChannel = ContactCenter.Domain.Sessions.Channel;
using DomainKind = ContactCenter.Domain.Sessions.SessionKind;
using DomainPresence = ContactCenter.Domain.Agents.Presence;
using DomainStatus = ContactCenter.Domain.Sessions.SessionStatus;
using SessionKind = ContactCenter.V1.SessionKind;
using SessionStatus = ContactCenter.V1.SessionStatus;

namespace ContactCenter.Api.Grpc;

/// <summary>The domain's words on the gRPC wire and back.</summary>
internal static class ProtoWords
{
    public static SessionKind ToProto(this DomainKind kind) => kind == DomainKind.Call ? SessionKind.Call : SessionKind.Chat;

    public static Channel ToProto(this DomainChannel channel) => channel switch
    {
        DomainChannel.Ivr => Channel.Ivr,
        DomainChannel.Mobile => Channel.Mobile,
        DomainChannel.Web => Channel.Web,
        _ => Channel.Sms,
    };

    public static DomainChannel? ToDomain(Channel channel) => channel switch
    {
        Channel.Ivr => DomainChannel.Ivr,
        Channel.Mobile => DomainChannel.Mobile,
        Channel.Web => DomainChannel.Web,
        Channel.Sms => DomainChannel.Sms,
        _ => null,
    };

    public static DomainKind? ToDomain(SessionKind kind) => kind switch
    {
        SessionKind.Call => DomainKind.Call,
        SessionKind.Chat => DomainKind.Chat,
        _ => null,
    };

    public static DomainStatus? ToDomain(SessionStatus status) => status switch
    {
        SessionStatus.Requested => DomainStatus.Requested,
        SessionStatus.Queued => DomainStatus.Queued,
        SessionStatus.Offered => DomainStatus.Offered,
        SessionStatus.Preparing => DomainStatus.Preparing,
        SessionStatus.Connected => DomainStatus.Connected,
        SessionStatus.Held => DomainStatus.Held,
        SessionStatus.Ended => DomainStatus.Ended,
        SessionStatus.VirtualAgent => DomainStatus.VirtualAgent,
        SessionStatus.LeavingMessage => DomainStatus.LeavingMessage,
        SessionStatus.Outside => DomainStatus.Outside,
        _ => null,
    };

    public static SessionStatus ToProto(this DomainStatus status) => status switch
    {
        DomainStatus.Requested => SessionStatus.Requested,
        DomainStatus.Queued => SessionStatus.Queued,
        DomainStatus.Offered => SessionStatus.Offered,
        DomainStatus.Preparing => SessionStatus.Preparing,
        DomainStatus.Connected => SessionStatus.Connected,
        DomainStatus.Held => SessionStatus.Held,
        DomainStatus.Ended => SessionStatus.Ended,
        DomainStatus.VirtualAgent => SessionStatus.VirtualAgent,
        DomainStatus.LeavingMessage => SessionStatus.LeavingMessage,
        DomainStatus.Outside => SessionStatus.Outside,
        _ => SessionStatus.Unspecified,
    };

    public static CustomerFlags ToProto(this Domain.Sessions.CustomerFlags flags)
    {
        var proto = new CustomerFlags();
        if (flags.VerifiedCustomer is { } verified)
            proto.VerifiedCustomer = verified;
        if (flags.BadActor is { } bad)
            proto.BadActor = bad;
        if (flags.RepeatCustomer is { } repeat)
            proto.RepeatCustomer = repeat;
        return proto;
    }

    public static V1.MonitoredSession ToProto(this SessionRow row)
    {
        var session = row.Session;
        var proto = new V1.MonitoredSession
        {
            SessionId = session.SessionId.ToString("D"),
            Kind = session.Kind.ToProto(),
            Channel = session.Channel.ToProto(),
            Status = session.Status.ToProto(),
            QueueId = session.QueueId.ToString("D"),
            AgentId = session.AgentId?.ToString("D") ?? string.Empty,
            AgentName = row.AgentName ?? string.Empty,
            VirtualAgent = session.VirtualAgent ?? string.Empty,
            Flags = session.Flags.ToProto(),
            RequestedAt = session.RequestedAt.ToTimestamp(),
            QueuedAt = session.QueuedAt?.ToTimestamp(),
            ConnectedAt = session.ConnectedAt?.ToTimestamp(),
            EndedAt = session.EndedAt?.ToTimestamp(),
            TicketUrl = session.TicketUrl ?? string.Empty,
            Version = session.Version,
            QueueName = row.QueueName,
            Language = session.Language,
            StageSince = session.StageSince.ToTimestamp(),
            HoldSince = session.HoldSince?.ToTimestamp(),
            WaitSeconds = session.WaitSeconds,
            HoldSeconds = session.HoldSeconds,
            StuckAt = row.StuckAt.ToTimestamp(),
        };
        proto.QueuePath.AddRange(session.QueuePath);
        return proto;
    }

    public static MonitoredAgent ToProto(this AgentRow row)
    {
        var proto = new MonitoredAgent
        {
            AgentId = row.AgentId.ToString("D"),
            Name = row.Name,
            Presence = row.Presence switch
            {
                DomainPresence.Available => MonitoredAgent.Types.Presence.Available,
                DomainPresence.Paused => MonitoredAgent.Types.Presence.Paused,
                _ => MonitoredAgent.Types.Presence.Offline,
            },
            Reason = row.Reason ?? string.Empty,
            Status = row.Status,
            Version = row.Version,
            Since = row.Since.ToTimestamp(),
            Calls = row.Capacity.Calls,
            Chats = row.Capacity.Chats,
        };
        proto.Channels.AddRange(row.Channels.Select(c => c.ToProto()));
        proto.TeamIds.AddRange(row.TeamIds.Select(t => t.ToString("D")));
        proto.Work.AddRange(row.Work.Select(ToProto));
        return proto;
    }

    public static MonitoredQueue ToProto(this QueueRow row)
    {
        var proto = new MonitoredQueue
        {
            QueueId = row.Queue.QueueId.ToString("D"),
            Name = row.Queue.Name,
            Channel = row.Queue.Channel.ToProto(),
            Archived = row.Queue.IsArchived,
            Waiting = row.Waiting,
            Connected = row.Connected,
            LongestWaitingSince = row.LongestWaitingSince?.ToTimestamp(),
            TodaySince = row.Today.Since.ToTimestamp(),
            Answered = row.Today.Answered,
            Abandoned = row.Today.Abandoned,
            ServiceLevelSeconds = row.Today.ServiceLevel.TargetSeconds,
            AgentsFree = row.Agents.Free,
        };
        if (row.Today.ServiceLevel.OfAnswered is { } ofAnswered)
            proto.ServiceLevelOfAnswered = ofAnswered;
        if (row.Today.ServiceLevel.OfOffered is { } ofOffered)
            proto.ServiceLevelOfOffered = ofOffered;
        foreach (var (status, agents) in row.Agents.ByStatus)
            proto.AgentsByStatus.Add(status, agents);
        proto.Path.AddRange(row.Queue.Path);
        return proto;
    }

    private static MonitoredAgent.Types.Work ToProto(AgentWorkRow work) => new()
    {
        SessionId = work.SessionId?.ToString("D") ?? string.Empty,
        Kind = work.Kind.ToProto(),
        Phase = work.Phase switch
        {
            WorkPhase.Reserved => MonitoredAgent.Types.Phase.Reserved,
            WorkPhase.Engaged => MonitoredAgent.Types.Phase.Engaged,
            _ => MonitoredAgent.Types.Phase.WrapUp,
        },
    };

    public static ChatMessage ToProto(this MessageSent message) => TranscriptEntry.Of(message).ToProto();

    public static ChatMessage ToProto(this TranscriptEntry message) => new()
    {
        MessageId = message.MessageId.ToString("D"),
        Number = message.Number,
        Author = message.From switch
        {
            SessionParty.Consumer => ChatMessage.Types.Author.Consumer,
            SessionParty.Agent => ChatMessage.Types.Author.Agent,
            SessionParty.Supervisor => ChatMessage.Types.Author.Supervisor,
            SessionParty.VirtualAgent => ChatMessage.Types.Author.VirtualAgent,
            _ => ChatMessage.Types.Author.System,
        },
        Text = message.Text ?? string.Empty,
        Forgotten = message.Text is null,
        SentAt = message.SentAt.ToTimestamp(),
    };
}
