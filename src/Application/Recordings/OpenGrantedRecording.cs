using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>Somebody comes with a grant: the recording's bytes, once (REC-10).</summary>
/// <param name="AccessRequestId">The request that was granted.</param>
/// <param name="Secret">The grant.</param>
public sealed record OpenGrantedRecording(Guid AccessRequestId, string Secret) : ICommand<OpenedRecording>
{
    /// <summary>The grant is what opens it.</summary>
    public Requirement Requirement => Requirement.None;

    /// <summary>Never the grant, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(OpenGrantedRecording)}({AccessRequestId})";
}

/// <summary>A recording as one WAV file; whoever gets it closes it.</summary>
/// <param name="FileName">As shown.</param>
/// <param name="Content">Its bytes, decrypted as they are read.</param>
/// <param name="Until">Nothing is read after this: what a grant opens does not stay open (REC-10), and at its limit it is destroyed (REC-9).</param>
public sealed record OpenedRecording(string FileName, Stream Content, DateTimeOffset Until);

/// <summary>Handles <see cref="OpenGrantedRecording"/>: the use is in the log before the first byte goes out.</summary>
public sealed class OpenGrantedRecordingHandler(UnitOfWork work, CurrentCall call, RecordingParts parts) : IRequestHandler<OpenGrantedRecording, Result<OpenedRecording>>
{
    /// <summary>How much longer than the recording plays its bytes may be read with one grant.</summary>
    public static readonly TimeSpan Longer = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<Result<OpenedRecording>> Handle(OpenGrantedRecording request, CancellationToken cancellationToken)
    {
        // Whatever another node wrote this moment counts: a key that is revoked or locked opens nothing any more.
        work.StartOver();
        call.Subject = Aggregates.RecordingAccess.Stream(request.AccessRequestId).Value;
        var access = await work.LoadAsync(Aggregates.RecordingAccess, request.AccessRequestId, cancellationToken);
        var recording = (await work.LoadAsync(Aggregates.Recording, access.State.Request?.RecordingId ?? Guid.Empty, cancellationToken)).State;
        var key = (await work.LoadAsync(Aggregates.CrmKey, access.State.Grant?.CrmKeyId ?? Guid.Empty, cancellationToken)).State;
        var isSecret = access.State.Grant is { } grant && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(RecordingGrant.Hash(request.Secret)), Encoding.ASCII.GetBytes(grant.SecretHash));
        if (work.Append(Aggregates.RecordingAccess, access, RecordingAccessDecider.Use(access.State, isSecret, key, recording, call.Now)) is { } refusal)
            return refusal;
        var played = await parts.PlayAsync(recording, AudioRange.All, () => work.CommitAsync(access, cancellationToken), cancellationToken);
        return played.IsOk ? new OpenedRecording(played.Value.FileName, played.Value.Content, Until(recording, call.Now)) : played.Error;
    }

    private static DateTimeOffset Until(Recording recording, DateTimeOffset now)
    {
        var heard = now + TimeSpan.FromSeconds(recording.RecordedSeconds) + Longer;
        return recording.PurgeBy is { } limit && limit < heard ? limit : heard;
    }
}
