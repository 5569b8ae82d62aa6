using ContactCenter.Application.Crm;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording that is ready goes to the CRM's ticket; once confirmed it is deleted here (REC-6).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record UploadRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>
/// Carries out <see cref="UploadRecording"/>, from wherever an earlier attempt was cut off: the state says which parts
/// are attached, the CRM is asked before anything is sent again, and what is confirmed is purged.
/// </summary>
public sealed class UploadRecordingHandler(
    RecordingSteps recordings,
    RecordingParts parts,
    SessionTickets tickets,
    ICrm crm,
    CrmPace pace,
    RecordingMetrics metrics,
    TimeProvider clock,
    ILogger<UploadRecordingHandler> logger)
    : IRequestHandler<UploadRecording, Result<Receipt>>
{
    /// <summary>How long one part may take; then the attempt has failed, in words, before whoever sent it gives it up.</summary>
    public static readonly TimeSpan LongestPart = TimeSpan.FromMinutes(9);

    /// <summary>When one that storage cannot give is looked at again.</summary>
    private static readonly TimeSpan NextLook = TimeSpan.FromMinutes(10);

    /// <summary>A timer may fire some milliseconds early; whoever is ended by the limit is to find it over.</summary>
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(UploadRecording request, CancellationToken cancellationToken)
    {
        var (_, recording, version) = await recordings.LoadAsync(request.RecordingId, cancellationToken);
        var step = RecordingDecider.NextStep(recording, clock.GetUtcNow());
        if (step == UploadStep.Attach)
        {
            if (pace.Wait is { } wait)
                return await HoldAsync(request.RecordingId, wait, cancellationToken);
            if (await UploadAsync(recording, cancellationToken) is { IsOk: false } refused)
                return refused;
            // An attempt that failed is in the log with the time of the next; that may be now already, and comes by itself.
            (_, recording, version) = await recordings.LoadAsync(request.RecordingId, cancellationToken);
            step = RecordingDecider.NextStep(recording, clock.GetUtcNow());
        }

        return step switch
        {
            UploadStep.Wait or UploadStep.Attach => new Receipt(request.RecordingId, version, "0"),
            UploadStep.PurgeEmpty => await recordings.PurgeAsync(request.RecordingId, PurgeReason.Empty, cancellationToken),
            UploadStep.PurgeAtLimit => await recordings.PurgeAsync(request.RecordingId, PurgeReason.Limit, cancellationToken),
            _ => await recordings.PurgeAsync(request.RecordingId, PurgeReason.Confirmed, cancellationToken),
        };
    }

    private async Task<Result<Receipt>> UploadAsync(Recording recording, CancellationToken cancellationToken)
    {
        // No attempt outlives its recording, on whichever node it runs: the limit waits for nobody (REC-9).
        using var limit = new CancellationTokenSource(TimeLeft(recording), clock);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await AttachAllAsync(recording, limit, attempt.Token);
        }
        catch (OperationCanceledException ended) when (limit.IsCancellationRequested)
        {
            return await FailAsync(recording.Id, UploadFailure.NotConfirmed, retryAfter: null, ended, cancellationToken);
        }
        catch (CrmException failure)
        {
            pace.Note(failure);
            return await FailAsync(recording.Id, ReasonOf(failure), failure.RetryAfter, failure, cancellationToken);
        }
        catch (RecordingCorruptException unreadable)
        {
            // No fault of the CRM's, and no attempt: a key that is brought back opens it again, until its limit.
            throw new RetryLaterException("The recording in storage cannot be read.", NextLook, unreadable);
        }
        catch (IOException failure)
        {
            return await FailAsync(recording.Id, UploadFailure.NotConfirmed, retryAfter: null, failure, cancellationToken);
        }
    }

    /// <summary>Says what it waits for, and has it come again then.</summary>
    private async Task<Result<Receipt>> HoldAsync(Guid recordingId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var held = await recordings.ApplyAsync(recordingId, (r, now) => RecordingDecider.HoldUpload(r, now + wait, now), cancellationToken);
        return held.IsOk ? throw new RetryLaterException("The CRM takes nothing more for now.", wait) : held;
    }

    private TimeSpan TimeLeft(Recording recording)
    {
        var left = recording.PurgeBy - clock.GetUtcNow();
        return left < LongestPart ? left > TimeSpan.Zero ? left.Value + TimerGrain : TimeSpan.Zero : LongestPart;
    }

    private async Task<Result<Receipt>> AttachAllAsync(Recording recording, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        var ticket = await tickets.OpenAsync(recording.SessionId, cancellationToken);
        if (!ticket.IsOk)
            return Result<Receipt>.Refused(ticket.Error);
        var plan = await parts.PlanAsync(recording, cancellationToken);
        foreach (var part in plan.Where(p => recording.Lacks(p.Number)))
        {
            limit.CancelAfter(TimeLeft(recording));
            var externalId = RecordingParts.ExternalId(recording.Id, part);
            var attached = await crm.FindAttachmentAsync(ticket.Value, externalId, cancellationToken)
                ?? await crm.AttachAsync(ticket.Value, await parts.FileAsync(recording, part, externalId, cancellationToken), cancellationToken);
            // Whatever the CRM says, what it does not hold whole is not gone from here.
            if (attached.Length != part.WavBytes)
                throw new CrmException(CrmFailure.NotConfirmed, $"The CRM has {attached.Length} of {part.WavBytes} bytes.");
            var written = await recordings.ApplyAsync(
                recording.Id, (r, now) => RecordingDecider.AttachPart(r, part.Number, part.Count, ticket.Value, attached.Id, attached.Length, now), cancellationToken);
            if (!written.IsOk)
                return written;
        }

        var confirmed = await recordings.ApplyAsync(
            recording.Id, (r, now) => RecordingDecider.ConfirmUpload(r, ticket.Value, plan.Count, now), cancellationToken);
        if (confirmed.IsOk)
            metrics.Uploaded(firstTry: recording.Attempts == 0);
        return confirmed;
    }

    private async Task<Result<Receipt>> FailAsync(
        Guid recordingId, UploadFailure reason, TimeSpan? retryAfter, Exception failure, CancellationToken cancellationToken)
    {
        logger.LogWarning(failure, "Recording {RecordingId} was not uploaded: {Reason}.", recordingId, reason);
        metrics.UploadFailed(reason);
#pragma warning disable CA5394 // spreads attempts, guards nothing
        var jitter = Random.Shared.NextDouble();
#pragma warning restore CA5394
        return await recordings.ApplyAsync(recordingId, (r, now) => RecordingDecider.FailUpload(r, reason, retryAfter, jitter, now), cancellationToken);
    }

    private static UploadFailure ReasonOf(CrmException failure) => failure.Failure switch
    {
        CrmFailure.ApiLimit => UploadFailure.ApiLimit,
        CrmFailure.TooLarge => UploadFailure.TooLarge,
        _ => UploadFailure.NotConfirmed,
    };
}
