using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording that is kept here is destroyed, for good (REC-11). From the answer on nobody hears it.</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record DeleteRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.RecordingsDelete, Target.Recording(RecordingId));
}

/// <summary>The schedule has a recording destroyed, if it is old enough (REC-11).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record ExpireRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles both. What is ordered is carried out by <see cref="PurgeRecording"/>, whatever dies in between.</summary>
public sealed class DeleteRecordingHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration) :
    IRequestHandler<DeleteRecording, Result<Receipt>>,
    IRequestHandler<ExpireRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(DeleteRecording request, CancellationToken cancellationToken) =>
        OrderAsync(request.RecordingId, RecordingDecider.Delete, cancellationToken);

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ExpireRecording request, CancellationToken cancellationToken)
    {
        var retention = (await configuration.ReadAsync(cancellationToken)).Settings.Recording.Retention;
        return await OrderAsync(request.RecordingId, (r, now) => RecordingDecider.Expire(r, retention.KeptFor(), now), cancellationToken);
    }

    private async Task<Result<Receipt>> OrderAsync(
        Guid recordingId, Func<Recording, DateTimeOffset, Decision<RecordingEvent>> decide, CancellationToken cancellationToken)
    {
        var recording = await work.LoadAsync(Aggregates.Recording, recordingId, cancellationToken);
        return work.Append(Aggregates.Recording, recording, decide(recording.State, call.Now)) is { } refusal
            ? refusal
            : await work.CommitAsync(recording, cancellationToken);
    }
}

/// <summary>Has what is ordered to be destroyed destroyed at once.</summary>
public sealed class RecordingDeletionEffects : IEffects
{
    /// <summary>The outbox kind; its payload is <see cref="RecordingDue"/>.</summary>
    public const string Kind = "purge.recording";

    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now) => happened.Data is RecordingDeletionOrdered e
        ? [Effects.Now(happened, Kind, e.RecordingId, new RecordingDue(e.RecordingId), now)]
        : [];
}

/// <summary>Carries out <see cref="RecordingDeletionEffects.Kind"/>; what fails is tried again until it is done.</summary>
public sealed class RecordingDeletionOutboxHandler(Dispatcher dispatcher) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [RecordingDeletionEffects.Kind];

    /// <inheritdoc/>
    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var recordingId = OutboxJson.Read<RecordingDue>(message.Payload).RecordingId;
        var answer = await dispatcher.SendAsSystemAsync("recordings", new PurgeRecording(recordingId), cancellationToken);
        if (answer.Error is { } refusal)
            throw new RetryLaterException(refusal.Message);
    }
}
