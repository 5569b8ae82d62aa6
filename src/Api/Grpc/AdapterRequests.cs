using ContactCenter.Application.Agents;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.V1;
using MediatR;
using DomainChannel = ContactCenter.Domain.Sessions.Channel;

namespace ContactCenter.Api.Grpc;

/// <summary>Which use case each adapter event is; a malformed one is refused naming the field.</summary>
public static class AdapterRequests
{
    private static readonly DomainChannel[] AllChannels = Enum.GetValues<DomainChannel>();

    /// <summary>The command of an event, or why it is none.</summary>
    public static Result<IRequest<Result<Receipt>>> Read(Guid agentId, AdapterEvent sent)
    {
        try
        {
            return Result<IRequest<Result<Receipt>>>.Ok(Map(agentId, sent));
        }
        catch (FieldException e)
        {
            return Result<IRequest<Result<Receipt>>>.Refused(ValidationError.Field(e.Field, e.Message));
        }
    }

    /// <summary>The name of the command that an event asks for, or null if it asks for none.</summary>
    public static string? CommandOf(AdapterEvent sent) => sent.EventCase switch
    {
        AdapterEvent.EventOneofCase.SignIn => nameof(SignInAgent),
        AdapterEvent.EventOneofCase.SignOut => nameof(SignOutAgent),
        AdapterEvent.EventOneofCase.SetStatus => sent.SetStatus.Available ? nameof(MakeAgentAvailable) : nameof(PauseAgent),
        AdapterEvent.EventOneofCase.AcceptOffer => nameof(AcceptOffer),
        AdapterEvent.EventOneofCase.DeclineOffer => nameof(DeclineOffer),
        AdapterEvent.EventOneofCase.Hold => nameof(HoldSession),
        AdapterEvent.EventOneofCase.ResumeFromHold => nameof(ResumeSession),
        AdapterEvent.EventOneofCase.Transfer => nameof(TransferSession),
        AdapterEvent.EventOneofCase.End => nameof(EndOwnSession),
        AdapterEvent.EventOneofCase.WrapUp => nameof(FinishWrapUp),
        AdapterEvent.EventOneofCase.SendMessage => nameof(SendAgentMessage),
        AdapterEvent.EventOneofCase.PauseRecording => nameof(PauseRecording),
        AdapterEvent.EventOneofCase.PreparationPlayed => nameof(ReportPreparation),
        AdapterEvent.EventOneofCase.ResumeRecording => nameof(ResumeRecording),
        AdapterEvent.EventOneofCase.TransferOutside => nameof(TransferOutside),
        AdapterEvent.EventOneofCase.StartConsultation => nameof(StartConsultation),
        AdapterEvent.EventOneofCase.HandOver => nameof(CompleteConsultation),
        AdapterEvent.EventOneofCase.CancelConsultation => nameof(CancelConsultation),
        AdapterEvent.EventOneofCase.SetForwarding => sent.SetForwarding.PhoneNumber.Length > 0 ? nameof(SetForwarding) : nameof(ClearForwarding),
        _ => null,
    };

    /// <summary>True for what changes nothing and so is in no audit trail.</summary>
    public static bool IsQuery(AdapterEvent sent) => sent.EventCase is AdapterEvent.EventOneofCase.Typing or AdapterEvent.EventOneofCase.ListTransferTargets;

    private static IRequest<Result<Receipt>> Map(Guid agentId, AdapterEvent sent) => sent.EventCase switch
    {
        AdapterEvent.EventOneofCase.SignIn => SignIn(agentId, sent.SignIn),
        AdapterEvent.EventOneofCase.SignOut => new SignOutAgent(agentId, "signed_out"),
        AdapterEvent.EventOneofCase.SetStatus => sent.SetStatus.Available
            ? new MakeAgentAvailable(agentId)
            : new PauseAgent(agentId, sent.SetStatus.Reason),
        AdapterEvent.EventOneofCase.AcceptOffer => new AcceptOffer(
            agentId, Id(sent.AcceptOffer.SessionId, "acceptOffer.sessionId"), Id(sent.AcceptOffer.OfferId, "acceptOffer.offerId")),
        AdapterEvent.EventOneofCase.DeclineOffer => new DeclineOffer(
            agentId, Id(sent.DeclineOffer.SessionId, "declineOffer.sessionId"), Id(sent.DeclineOffer.OfferId, "declineOffer.offerId"), Optional(sent.DeclineOffer.Reason)),
        AdapterEvent.EventOneofCase.Hold => new HoldSession(agentId, Id(sent.Hold.SessionId, "hold.sessionId")),
        AdapterEvent.EventOneofCase.ResumeFromHold => new ResumeSession(agentId, Id(sent.ResumeFromHold.SessionId, "resumeFromHold.sessionId")),
        AdapterEvent.EventOneofCase.Transfer => new TransferSession(
            agentId, Id(sent.Transfer.SessionId, "transfer.sessionId"), Id(sent.Transfer.QueueId, "transfer.queueId")),
        AdapterEvent.EventOneofCase.End => new EndOwnSession(agentId, Id(sent.End.SessionId, "end.sessionId")),
        AdapterEvent.EventOneofCase.WrapUp => new FinishWrapUp(agentId, Id(sent.WrapUp.SessionId, "wrapUp.sessionId"), Optional(sent.WrapUp.Disposition)),
        AdapterEvent.EventOneofCase.SendMessage => new SendAgentMessage(
            agentId, Id(sent.SendMessage.SessionId, "sendMessage.sessionId"), Id(sent.SendMessage.MessageId, "sendMessage.messageId"), sent.SendMessage.Text),
        AdapterEvent.EventOneofCase.Typing => new ReportTyping(Id(sent.Typing.SessionId, "typing.sessionId"), agentId),
        AdapterEvent.EventOneofCase.PauseRecording => new PauseRecording(agentId, Id(sent.PauseRecording.SessionId, "pauseRecording.sessionId")),
        AdapterEvent.EventOneofCase.PreparationPlayed => new ReportPreparation(
            agentId, Id(sent.PreparationPlayed.SessionId, "preparationPlayed.sessionId"), Id(sent.PreparationPlayed.OfferId, "preparationPlayed.offerId")),
        AdapterEvent.EventOneofCase.ResumeRecording => new ResumeRecording(agentId, Id(sent.ResumeRecording.SessionId, "resumeRecording.sessionId")),
        AdapterEvent.EventOneofCase.TransferOutside => new TransferOutside(
            agentId, Id(sent.TransferOutside.SessionId, "transferOutside.sessionId"), sent.TransferOutside.PhoneNumber, Optional(sent.TransferOutside.Voice)),
        AdapterEvent.EventOneofCase.StartConsultation => Consult(agentId, sent.StartConsultation),
        AdapterEvent.EventOneofCase.HandOver => new CompleteConsultation(agentId, Id(sent.HandOver.SessionId, "handOver.sessionId")),
        AdapterEvent.EventOneofCase.CancelConsultation => new CancelConsultation(agentId, Id(sent.CancelConsultation.SessionId, "cancelConsultation.sessionId")),
        AdapterEvent.EventOneofCase.SetForwarding => sent.SetForwarding.PhoneNumber.Length > 0
            ? new SetForwarding(agentId, sent.SetForwarding.PhoneNumber, Optional(sent.SetForwarding.Voice))
            : new ClearForwarding(agentId),
        _ => throw new FieldException("event", "Say what happened: one of the events must be set, and none that belongs at the start of a stream."),
    };

    private static SignInAgent SignIn(Guid agentId, AdapterEvent.Types.SignIn signIn) => new(
        agentId,
        new Capacity(signIn.Calls, signIn.Chats),
        signIn.Channels.Count == 0 ? AllChannels : [.. signIn.Channels.Select(c => ProtoWords.ToDomain(c) ?? throw new FieldException("signIn.channels", "Must be channels that exist."))]);

    private static StartConsultation Consult(Guid agentId, AdapterEvent.Types.StartConsultation asked) => new(
        agentId,
        Id(asked.SessionId, "startConsultation.sessionId"),
        asked.HasAgentId ? Id(asked.AgentId, "startConsultation.agentId") : null,
        asked.HasQueueId ? Id(asked.QueueId, "startConsultation.queueId") : null,
        asked.HasPhoneNumber ? asked.PhoneNumber : null,
        Optional(asked.Voice));

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    private static Guid Id(string text, string field) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new FieldException(field, "Must be a UUID.");

    private sealed class FieldException(string field, string message) : Exception(message)
    {
        public string Field { get; } = field;
    }
}
