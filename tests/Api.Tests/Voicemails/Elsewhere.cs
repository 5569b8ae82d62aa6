using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Api.Tests.Voicemails;

/// <summary>A message as it is in the log of a center whose tickets are in another CRM than the built-in one.</summary>
internal static class Elsewhere
{
    public static async Task<Guid> WriteAsync(TestApi api, string ticketUrl)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (id, consumer, queue) = (Guid.CreateVersion7(now), Guid.CreateVersion7(now), await api.QueueAsync("ivr"));
        var recording = RecordingId.Of(id);
        var words = new VoicemailWords(Greeting: null, NumberBlocked: null, AskNumber: null, NumberEntered: null);
        IDomainEvent[] session =
        [
            new SessionRequested(id, SessionKind.Call, Channel.Ivr, consumer, queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionVoicemailStarted(id, queue, now),
            new TicketLinked(id, "77", ticketUrl, now),
            new SessionEnded(id, SessionKind.Call, AgentId: null, OfferId: null, SessionParty.Consumer, consumer, "voicemail", Answered: false, now),
        ];
        IDomainEvent[] voicemail =
        [
            new VoicemailStarted(id, consumer, queue, ["Billing"], FromDeflection: true, CrmOnly: false, words, now),
            new VoicemailGreeted(id, [], now),
            new VoicemailRecordingBegun(id, now, now.AddMinutes(3)),
            new VoicemailLeft(id, 4, now),
            new VoicemailAssigned(id, queue, now),
        ];
        IDomainEvent[] recorded =
        [
            new RecordingStarted(recording, id, AgentId: null, queue, now, now, RecordedSpace.Voicemail),
            new RecordingStopped(recording, id, 4, now),
            new SegmentCompleted(recording, 1, 32_000, "aa", now),
            new RecordingReady(recording, id, 4, now, now.AddDays(7), IsVoicemail: true),
            new RecordingPartAttached(recording, 1, 1, "77", "4711", 64_044, now),
            new RecordingUploadConfirmed(recording, "77", now),
        ];
        StreamWrite[] writes =
        [
            Write(Aggregates.Session.Stream(id), session), Write(Aggregates.Voicemail.Stream(id), voicemail), Write(Aggregates.Recording.Stream(recording), recorded),
        ];
        var metadata = new EventMetadata(Guid.CreateVersion7(now), "tests", Actor.System("tests"), Source: null);
        (await api.Get<IEventStore>().AppendAsync(new Append(writes, metadata), CancellationToken.None)).ShouldBeOfType<Appended>();
        return id;

        StreamWrite Write(StreamId stream, IDomainEvent[] facts) => new(stream, 0, [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(now), f))]);
    }
}
