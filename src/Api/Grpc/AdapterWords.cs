using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;
using ContactCenter.V1;
using Google.Protobuf.WellKnownTypes;
using OfferClosed = ContactCenter.Application.Agents.Adapter.OfferClosed;
using Offered = ContactCenter.Application.Agents.Adapter.Offered;

namespace ContactCenter.Api.Grpc;

/// <summary>What each update is on the adapter's wire.</summary>
internal static class AdapterWords
{
    public static AdapterCommand Welcome(Guid agentId, int graceSeconds, AdapterConnection connection)
    {
        var welcome = new AdapterCommand.Types.Welcome
        {
            AgentId = agentId.ToString("D"),
            GraceSeconds = graceSeconds,
            Sequence = connection.From.Value,
        };
        welcome.Sessions.AddRange(connection.Sessions.Select(s => Update(s, s.Status == Domain.Sessions.SessionStatus.Connected ? s.Transcript : [])));
        welcome.Voicemails.AddRange(connection.Voicemails.Select(Voicemail));
        return new AdapterCommand { Welcome = welcome };
    }

    public static AdapterCommand Ack(string requestId, DomainError? refusal) => new()
    {
        Ack = new AdapterCommand.Types.Ack
        {
            RequestId = requestId,
            Accepted = refusal is null,
            Code = refusal?.Code ?? string.Empty,
            Message = refusal?.Message ?? string.Empty,
        },
    };

    public static AdapterCommand Of(AdapterUpdate update)
    {
        var command = new AdapterCommand { Sequence = update.Sequence.Value, At = update.At.ToTimestamp() };
        switch (update)
        {
            case Offered e:
                command.Offer = Offer(e.Session);
                break;
            case OfferClosed e:
                command.OfferClosed = new() { SessionId = Text(e.SessionId), OfferId = Text(e.OfferId), Outcome = Outcome(e.Outcome) };
                break;
            case SessionChanged e:
                command.SessionUpdate = Update(e.Session, e.Transcript);
                break;
            case MessageArrived e:
                command.Message = new() { SessionId = Text(e.Message.SessionId), Message_ = e.Message.ToProto() };
                break;
            case PresenceChanged e:
                command.PresenceUpdate = new() { Presence = Presence(e.Presence), Reason = e.Reason ?? string.Empty };
                break;
            case WrapUpBegan e:
                command.WrapUpStarted = new() { SessionId = Text(e.SessionId), Until = e.Until.ToTimestamp() };
                break;
            case WorkDone e:
                command.WrapUpEnded = new() { SessionId = Text(e.SessionId) };
                break;
            case VoicemailWaiting e:
                command.Voicemail = Voicemail(e.Voicemail);
                break;
            case VoicemailGone { Voicemail: var e }:
                command.VoicemailTaken = new() { VoicemailId = Text(e.VoicemailId), QueueId = Text(e.QueueId), TakenBy = Text(e.TakenBy) };
                break;
            case RecordingChanged e:
                command.RecordingUpdate = new() { SessionId = Text(e.SessionId), State = e.State };
                break;
        }

        return command;
    }

    public static AdapterCommand Targets(Guid sessionId, IReadOnlyList<TransferTarget> targets)
    {
        var answer = new AdapterCommand.Types.TransferTargets { SessionId = Text(sessionId) };
        answer.Targets.AddRange(targets.Select(t => new AdapterCommand.Types.TransferTarget
        {
            QueueId = Text(t.QueueId),
            Name = t.Name,
            QueuePath = { t.Path },
            IsOpen = t.IsOpen,
        }));
        return new AdapterCommand { TransferTargets = answer };
    }

    private static AdapterCommand.Types.Voicemail Voicemail(VoicemailReceived e) => new()
    {
        VoicemailId = Text(e.VoicemailId),
        QueueId = Text(e.QueueId),
        FromDeflection = e.FromDeflection,
        Seconds = e.Seconds,
        LeftAt = e.ReceivedAt.ToTimestamp(),
    };

    private static AdapterCommand.Types.Offer Offer(SessionInHand session)
    {
        var offer = new AdapterCommand.Types.Offer
        {
            SessionId = Text(session.SessionId),
            OfferId = Text(session.OfferId),
            Kind = session.Kind.ToProto(),
            Channel = session.Channel.ToProto(),
            QueueId = Text(session.QueueId),
            ConsumerName = session.ConsumerName.Value ?? string.Empty,
            Language = session.Language,
            ScheduledCallId = session.ScheduledCallId is { } booked ? Text(booked) : string.Empty,
            Flags = session.Flags.ToProto(),
            WaitingSince = session.QueuedAt.ToTimestamp(),
            ExpiresAt = session.OfferExpiresAt.ToTimestamp(),
            Preparation = new()
            {
                WhisperText = session.Preparation.WhisperText ?? string.Empty,
                Speed = session.Preparation.Speed,
                Countdown = session.Preparation.Countdown,
            },
        };
        offer.QueuePath.AddRange(session.QueuePath);
        if (session.IsConsulted)
            offer.Consultation = Consultation(session.Consultation!);
        return offer;
    }

    private static AdapterCommand.Types.Consultation Consultation(ConsultationInHand consultation) => new()
    {
        ConsultationId = Text(consultation.Id),
        ByAgentId = Text(consultation.ByAgentId),
        AgentId = consultation.AgentId is { } agentId ? Text(agentId) : string.Empty,
        State = consultation.State,
        Reason = consultation.Reason ?? string.Empty,
        Until = consultation.Until.ToTimestamp(),
    };

    private static AdapterCommand.Types.SessionUpdate Update(SessionInHand session, IReadOnlyList<MessageSent> transcript)
    {
        var update = new AdapterCommand.Types.SessionUpdate
        {
            SessionId = Text(session.SessionId),
            OfferId = Text(session.OfferId),
            Kind = session.Kind.ToProto(),
            Channel = session.Channel.ToProto(),
            Status = session.Status.ToProto(),
            ConsumerName = session.ConsumerName.Value ?? string.Empty,
            Flags = session.Flags.ToProto(),
            TicketUrl = session.TicketUrl ?? string.Empty,
            EndReason = session.EndReason ?? string.Empty,
        };
        update.QueuePath.AddRange(session.QueuePath);
        update.DeflectionPath.AddRange(session.DeflectionPath.Select(Text));
        update.Supervisors.AddRange(session.Supervisors.Values);
        if (session.Consultation is { } consultation)
            update.Consultation = Consultation(consultation);
        update.Transcript.AddRange(transcript.Select(m => m.ToProto()));
        return update;
    }

    private static string Text(Guid id) => id.ToString("D");

    private static string Outcome(OfferOutcome outcome) => outcome switch
    {
        OfferOutcome.Declined => "declined",
        OfferOutcome.Expired => "expired",
        OfferOutcome.AgentLost => "agent_lost",
        _ => "withdrawn",
    };

    private static string Presence(Presence presence) => presence switch
    {
        Domain.Agents.Presence.Available => "available",
        Domain.Agents.Presence.Paused => "paused",
        _ => "offline",
    };
}
