using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The holder of a CRM key asks to hear a recording that waits for the CRM (REC-10); a code has to follow.</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record RequestRecordingAccess(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.CrmKey;
}

/// <summary>Handles <see cref="RequestRecordingAccess"/>; its receipt names the access request.</summary>
public sealed class RequestRecordingAccessHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<RequestRecordingAccess, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RequestRecordingAccess request, CancellationToken cancellationToken)
    {
        call.Subject = Aggregates.Recording.Stream(request.RecordingId).Value;
        if (call.Context.Caller.CrmKeyId is not { } keyId)
            return new Domain.Abstractions.ForbiddenError(ErrorCodes.Forbidden, "You may not do this.");
        // Whatever another node wrote this moment counts: a key that is revoked or locked asks no more.
        work.StartOver();
        var key = (await work.LoadAsync(Aggregates.CrmKey, keyId, cancellationToken)).State;
        var recording = await work.LoadAsync(Aggregates.Recording, request.RecordingId, cancellationToken);
        var access = await work.LoadAsync(Aggregates.RecordingAccess, call.NewId(), cancellationToken);
        var asked = RecordingAccessDecider.Request(access.State, access.Stream.Id, recording.State, key, call.Now);
        if (work.Append(Aggregates.RecordingAccess, access, asked) is { } refusal)
            return refusal;
        return await work.CommitAsync(access, cancellationToken);
    }
}
