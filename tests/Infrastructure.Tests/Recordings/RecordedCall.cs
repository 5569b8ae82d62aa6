using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>A call that is over, with its recording in storage and in the log.</summary>
internal sealed record RecordedCall(Guid SessionId, Guid RecordingId, Guid ConsumerId, byte[][] Segments)
{
    public byte[] Audio => [.. Segments.SelectMany(s => s)];

    /// <summary>Writes one, ready for the CRM.</summary>
    /// <param name="node">Where.</param>
    /// <param name="folder">Its storage.</param>
    /// <param name="segmentBytes">Length of each segment; 0 for a lost one.</param>
    public static async Task<RecordedCall> WriteAsync(AppNode node, RecordingFolder folder, params int[] segmentBytes)
    {
        var call = await StopAsync(node, folder, segmentBytes);
        var now = node.Get<TimeProvider>().GetUtcNow();
        var stoppedAt = (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingStopped>().Single().StoppedAt;
        IDomainEvent[] closed =
        [
            .. call.Segments.Select((s, i) => new SegmentCompleted(call.RecordingId, i + 1, s.Length / 2, "", now)),
            new RecordingReady(call.RecordingId, call.SessionId, call.Audio.Length / 16000.0, now, stoppedAt + Recording.Limit),
        ];
        await node.AppendAsync(Aggregates.Recording, call.RecordingId, closed);
        return call;
    }

    /// <summary>Writes one whose segments are all still open in the log, and whose engine is gone.</summary>
    public static async Task<RecordedCall> StopAsync(AppNode node, RecordingFolder folder, params int[] segmentBytes)
    {
        var call = await StopWhileItsEngineLivesAsync(node, folder, segmentBytes);
        await node.CarriedOutAsync(call.SessionId);
        return call;
    }

    /// <summary>Writes one whose engine has not carried out yet what it is asked to.</summary>
    public static async Task<RecordedCall> StopWhileItsEngineLivesAsync(AppNode node, RecordingFolder folder, params int[] segmentBytes)
    {
        var now = node.Get<TimeProvider>().GetUtcNow();
        var (session, recording, consumer, queue, agent) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId());
        var segments = segmentBytes.Select((bytes, i) => RecordingFolder.Audio(bytes, seed: i)).ToArray();
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length > 0)
                await folder.WriteAsync(recording, RecordingObjects.Segment(i + 1), segments[i]);
        }

        await node.AppendAsync(
            Aggregates.Consumer, consumer, new ConsumerIdentified(consumer, IdentityKind.Visitor, new PersonalText("v-1"), new PersonalText("Ada Lovelace"), now));
        await node.AppendAsync(Aggregates.Queue, queue, new QueueCreated(queue, "Billing", Channel.Web, ["Support", "Billing"], ParentId: null, [], now));
        await node.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(
                session, SessionKind.Call, Channel.Web, consumer, queue, "en", RecordingConsent.Granted, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Call, queue, ["Support", "Billing"], now));
        IDomainEvent[] recorded =
        [
            new RecordingStarted(recording, session, agent, queue, now, now),
            .. Enumerable.Range(2, Math.Max(0, segments.Length - 1)).SelectMany<int, IDomainEvent>(
                n => [new RecordingPaused(recording, session, n - 1, PauseReason.Hold, now), new RecordingResumed(recording, session, n, now)]),
            new RecordingStopped(recording, session, 60, now),
        ];
        await node.AppendAsync(Aggregates.Recording, recording, recorded);
        return new RecordedCall(session, recording, consumer, segments);
    }
}
