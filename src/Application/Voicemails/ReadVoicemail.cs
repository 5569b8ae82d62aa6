using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// Somebody takes care of a message; for the others it is read. That is for the team of the queue it was left for, not for
/// all who may open its ticket.
/// </summary>
/// <param name="VoicemailId">The voicemail.</param>
public sealed record ReadVoicemail(Guid VoicemailId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => VoicemailAccess.To(VoicemailId);
}

/// <summary>Handles <see cref="ReadVoicemail"/>.</summary>
public sealed class ReadVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails, Authorizer authorizer) : IRequestHandler<ReadVoicemail, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ReadVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var read = VoicemailDecider.Read(voicemail.State, call.Context.Caller.Id, call.Now);
        if (read.Rejection is null && await authorizer.RefusalAsync(call.Context.Caller, VoicemailAccess.OfTeam(request.VoicemailId), cancellationToken) is not null)
            return new ForbiddenError(ErrorCodes.Forbidden, "The message is for the team of another queue.");
        return await voicemails.AppendAsync(voicemail, read, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(voicemail, cancellationToken);
    }
}

/// <summary>Who comes to a voicemail: members of its queue, and who may open its ticket (AHD-10, REC-12).</summary>
internal static class VoicemailAccess
{
    public static Requirement To(Guid voicemailId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.TicketsRead, Target.Voicemail(voicemailId)),
        Requirement.Permission(Permissions.TicketsRead, Target.Session(voicemailId)));

    public static Requirement OfTeam(Guid voicemailId) => Requirement.Permission(Permissions.TicketsRead, Target.Voicemail(voicemailId));
}
