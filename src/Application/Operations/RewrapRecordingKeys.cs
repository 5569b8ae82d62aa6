using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Operations;

/// <summary>Brings the keys of all recordings under the current master key, so that a retired one can go (REC-5).</summary>
public sealed record RewrapRecordingKeys : ICommand<RewrappedKeys>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsWrite, Target.Everything);
}

/// <summary>What <see cref="RewrapRecordingKeys"/> did.</summary>
/// <param name="Rewrapped">Keys that were rewritten; the others were under the current master key already.</param>
public sealed record RewrappedKeys(int Rewrapped);

/// <summary>The keys of recordings were brought under the current master key, for the audit trail. Stream <c>operation-{command id}</c>.</summary>
/// <param name="Rewrapped">How many.</param>
/// <param name="At">When.</param>
[EventType("recording_keys.rewrapped.v1")]
public sealed record RecordingKeysRewrapped(int Rewrapped, DateTimeOffset At) : IDomainEvent;

/// <summary>Carries out <see cref="RewrapRecordingKeys"/>.</summary>
public sealed class RewrapRecordingKeysHandler(IRecordingKeyRotation keys, UnitOfWork work, CurrentCall call)
    : IRequestHandler<RewrapRecordingKeys, Result<RewrappedKeys>>
{
    /// <inheritdoc/>
    public async Task<Result<RewrappedKeys>> Handle(RewrapRecordingKeys request, CancellationToken cancellationToken)
    {
        call.Subject = "recording-keys";
        var rewrapped = await keys.RewrapAsync(cancellationToken);
        // A node that starts and finds all as it should be has nothing to tell.
        if (rewrapped == 0 && call.Context.Caller.Actor.Kind == ActorKind.System)
            return new RewrappedKeys(0);
        // It is done, whoever hangs up now: it must be in the trail.
        var operation = new Versioned<ProjectionOperation>(ProjectionOperation.Type.Stream(call.Context.CommandId), ProjectionOperation.Type.Initial, Version: 0);
        work.Append(ProjectionOperation.Type, operation, [new RecordingKeysRewrapped(rewrapped, call.Now)]);
        var written = await work.CommitAsync(operation, CancellationToken.None);
        return written.IsOk ? new RewrappedKeys(rewrapped) : written.Error;
    }
}
