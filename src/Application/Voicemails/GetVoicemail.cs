using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>One voicemail with the number to call back.</summary>
/// <param name="VoicemailId">The voicemail.</param>
public sealed record GetVoicemail(Guid VoicemailId) : IQuery<VoicemailDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => VoicemailAccess.To(VoicemailId);
}

/// <summary>All there is to know about one voicemail. Never its audio.</summary>
/// <param name="VoicemailId">The voicemail, and its session.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ConsumerId">Who called.</param>
/// <param name="ConsumerName">As shown to agents, or null once forgotten.</param>
/// <param name="Number">The number to call back, or null.</param>
/// <param name="QueueId">The queue whose agents get it.</param>
/// <param name="QueuePath">Its menu path at the time.</param>
/// <param name="FromDeflection">Whether the caller was deflected outside the hours.</param>
/// <param name="CrmOnly">Whether it is in the CRM and nowhere else.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="IsReady">Whether it can be played: over <c>…/content</c>, or in the CRM itself if that is another than the built-in one.</param>
/// <param name="Transcript">What was said, or null.</param>
/// <param name="LeftAt">When it was left, or null.</param>
/// <param name="ReadBy">Who took care of it, or null.</param>
/// <param name="ReadAt">When, or null.</param>
/// <param name="TicketUrl">Where a person sees the ticket, or null.</param>
public sealed record VoicemailDetails(
    Guid VoicemailId,
    long Version,
    VoicemailStatus Status,
    Guid ConsumerId,
    string? ConsumerName,
    string? Number,
    Guid QueueId,
    IReadOnlyList<string> QueuePath,
    bool FromDeflection,
    bool CrmOnly,
    double Seconds,
    bool IsReady,
    string? Transcript,
    DateTimeOffset? LeftAt,
    Guid? ReadBy,
    DateTimeOffset? ReadAt,
    string? TicketUrl);

/// <summary>Handles <see cref="GetVoicemail"/>.</summary>
public sealed class GetVoicemailHandler(UnitOfWork work, IEventStore log) : IRequestHandler<GetVoicemail, Result<VoicemailDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<VoicemailDetails>> Handle(GetVoicemail request, CancellationToken cancellationToken)
    {
        var (_, v, version) = await work.LoadAsync(Aggregates.Voicemail, request.VoicemailId, cancellationToken);
        if (version == 0)
            return new NotFoundError("voicemail.not_found", "There is no such voicemail.");
        var consumer = (await work.LoadAsync(Aggregates.Consumer, v.ConsumerId, cancellationToken)).State;
        var session = (await work.LoadAsync(Aggregates.Session, v.Id, cancellationToken)).State;
        var recording = (await work.LoadAsync(Aggregates.Recording, RecordingId.Of(v.Id), cancellationToken)).State;
        var text = await VoicemailText.ReadAsync(log, v.Id, cancellationToken);
        return new VoicemailDetails(
            v.Id, version, v.Status, v.ConsumerId, consumer.Name.Value, text.Number?.Value, v.QueueId, v.QueuePath, v.FromDeflection, v.CrmOnly, v.Seconds,
            v.IsLeft && (recording.IsAttached || recording.Status == RecordingStatus.Kept), text.Transcript?.Value, v.LeftAt, v.ReadBy, v.ReadAt,
            session.TicketUrl);
    }
}
