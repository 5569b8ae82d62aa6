using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Operations;

/// <summary>Brings the keys of all recordings under the current master key, so that a retired one can go (REC-5).</summary>
public sealed record RewrapRecordingKeys : ICommand<RewrappedKeys>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsWrite, Target.Everything);
}

/// <summary>What <see cref="RewrapRecordingKeys"/> did.</summary>
/// <param name="Done">Whether all are under the current master key now, so that retired ones can go.</param>
/// <param name="Rewrapped">Keys that were rewritten; the others were under the current master key already, or failed.</param>
/// <param name="Failed">How many could not be rewrapped.</param>
/// <param name="FailedRecordings">The recordings of these keys, a hundred at most; the log says why of each.</param>
public sealed record RewrappedKeys(bool Done, int Rewrapped, int Failed, IReadOnlyList<Guid> FailedRecordings);

/// <summary>The keys of recordings were brought under the current master key, for the audit trail. Stream <c>operation-{command id}</c>.</summary>
/// <param name="Rewrapped">How many.</param>
/// <param name="Failed">How many could not be.</param>
/// <param name="At">When.</param>
[EventType("recording_keys.rewrapped.v2")]
public sealed record RecordingKeysRewrapped(int Rewrapped, int Failed, DateTimeOffset At) : IDomainEvent;

/// <summary>Carries out <see cref="RewrapRecordingKeys"/>.</summary>
public sealed class RewrapRecordingKeysHandler(
    IRecordingKeyRotation keys, UnitOfWork work, CurrentCall call, ILogger<RewrapRecordingKeysHandler> logger)
    : IRequestHandler<RewrapRecordingKeys, Result<RewrappedKeys>>
{
    private const int MostNamed = 100;

    /// <inheritdoc/>
    public async Task<Result<RewrappedKeys>> Handle(RewrapRecordingKeys request, CancellationToken cancellationToken)
    {
        call.Subject = "recording-keys";
        var (rewrapped, failed) = await keys.RewrapAsync(cancellationToken);
        foreach (var (recordingId, why) in failed.Take(MostNamed))
            logger.LogError(why, "The key of recording {RecordingId} is not under the current master key", recordingId);
        var answer = new RewrappedKeys(failed.Count == 0, rewrapped, failed.Count, [.. failed.Keys.Take(MostNamed)]);
        // A node that starts and changes nothing has nothing to tell.
        if (rewrapped == 0 && call.Context.Caller.Actor.Kind == ActorKind.System)
            return answer;
        // It is done, whoever hangs up now: it must be in the trail.
        var operation = new Versioned<ProjectionOperation>(ProjectionOperation.Type.Stream(call.Context.CommandId), ProjectionOperation.Type.Initial, Version: 0);
        work.Append(ProjectionOperation.Type, operation, [new RecordingKeysRewrapped(rewrapped, failed.Count, call.Now)]);
        var written = await work.CommitAsync(operation, CancellationToken.None);
        return written.IsOk ? answer : written.Error;
    }
}
