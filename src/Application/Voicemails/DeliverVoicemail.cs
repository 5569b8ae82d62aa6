using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Voicemails;

/// <summary>A message is whole in storage, however its call ended: it goes to the queue's agents.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Seconds">How long it is.</param>
public sealed record DeliverVoicemail(Guid VoicemailId, double Seconds) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="DeliverVoicemail"/>.</summary>
public sealed class DeliverVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails) : IRequestHandler<DeliverVoicemail, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(DeliverVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var delivered = VoicemailDecider.Deliver(voicemail.State, request.Seconds, call.Now);
        return await voicemails.AppendAsync(voicemail, delivered, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(voicemail, cancellationToken);
    }
}

/// <summary>Has every message delivered whose recording is whole, also one that was saved from a crash.</summary>
public sealed class VoicemailEffects : IEffects
{
    /// <summary>The outbox kind; its payload is <see cref="VoicemailReadyDue"/>.</summary>
    public const string Kind = "voicemail.deliver";

    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now) => happened.Data switch
    {
        RecordingReady { IsVoicemail: true } e => [Due(happened, e.SessionId, e.RecordedSeconds, now)],
        RecordingKept { IsVoicemail: true } e => [Due(happened, e.SessionId, e.RecordedSeconds, now)],
        _ => [],
    };

    private static OutboxMessage Due(NewEvent happened, Guid voicemailId, double seconds, DateTimeOffset now) =>
        Effects.Now(happened, Kind, voicemailId, new VoicemailReadyDue(voicemailId, seconds), now);
}

/// <summary>Payload of <see cref="VoicemailEffects.Kind"/>.</summary>
public sealed record VoicemailReadyDue(Guid VoicemailId, double Seconds);

/// <summary>Carries out <see cref="VoicemailEffects.Kind"/>.</summary>
public sealed class VoicemailOutboxHandler(Dispatcher dispatcher, ILogger<VoicemailOutboxHandler> logger) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [VoicemailEffects.Kind];

    /// <inheritdoc/>
    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var due = OutboxJson.Read<VoicemailReadyDue>(message.Payload);
        var answer = await dispatcher.SendAsSystemAsync("voicemail", new DeliverVoicemail(due.VoicemailId, due.Seconds), cancellationToken);
        if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency } raced)
            throw new RetryLaterException(raced.Message);
        // The recording is whole, so that there should be a voicemail to it: nobody will be told of this message.
        if (answer.Error is { } refusal)
            logger.LogError("The message of voicemail {VoicemailId} was not delivered: {Code}.", due.VoicemailId, refusal.Code);
    }
}
