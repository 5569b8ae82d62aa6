using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// The audio of a recording that is kept here: for whoever may see the call's ticket, and for its consumer if it is public
/// (REC-12). Each listening is a fact of its own.
/// </summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Asked">Which of its bytes.</param>
public sealed record PlayRecording(Guid RecordingId, AudioRange Asked) : ICommand<PlayedRecording>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.OfRecording(RecordingId, MayHear);

    private static Requirement MayHear(Recording r)
    {
        IReadOnlyList<Requirement> people = [Requirement.Permission(Permissions.TicketsRead, Target.Session(r.SessionId)), Requirement.AgentIn(r.SessionId)];
        return Requirement.AnyOf(r.IsPublic ? [.. people, Requirement.ConsumerAlone(r.SessionId)] : people);
    }
}

/// <summary>A recording as one WAV file, seekable; whoever gets it closes it.</summary>
/// <param name="FileName">As shown.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Tag">The same for the same bytes.</param>
/// <param name="At">Since when it is as it is.</param>
public sealed record PlayedRecording(string FileName, Stream Content, string Tag, DateTimeOffset At);

/// <summary>Handles <see cref="PlayRecording"/>: the listening is in the log before the first byte goes out.</summary>
public sealed class PlayRecordingHandler(UnitOfWork work, CurrentCall call, RecordingParts parts) : IRequestHandler<PlayRecording, Result<PlayedRecording>>
{
    /// <inheritdoc/>
    public async Task<Result<PlayedRecording>> Handle(PlayRecording request, CancellationToken cancellationToken)
    {
        var recording = await work.LoadAsync(Aggregates.Recording, request.RecordingId, cancellationToken);
        var by = call.Context.Caller.SessionId ?? call.Context.Caller.Id;
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.Play(recording.State, request.Asked.FromStart, by, call.Now)) is { } refusal)
            return refusal;
        return await parts.PlayAsync(recording.State, request.Asked, () => work.CommitAsync(recording, cancellationToken), cancellationToken);
    }
}
