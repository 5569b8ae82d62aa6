using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>A recording that waits for the CRM, and which nobody uploads.</summary>
internal sealed record WaitingRecording(Guid Id, Guid SessionId, byte[] Audio)
{
    public static async Task<WaitingRecording> WriteAsync(TestApi api, Guid? queueId = null, bool isWhole = true)
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = Guid.CreateVersion7(now);
        var id = RecordingId.Of(session);
        var audio = new byte[50_000];
        new Random(5).NextBytes(audio);
        for (var segment = 1; segment <= 2; segment++)
        {
            await using var writer = await api.Get<IRecordingStorage>().CreateAsync(id, RecordingObjects.Segment(segment), default);
            await writer.WriteAsync(audio.AsMemory((segment - 1) * 25_000, 25_000), default);
            await writer.CompleteAsync(default);
        }

        IDomainEvent[] facts =
        [
            new RecordingStarted(id, session, Guid.CreateVersion7(now), queueId ?? Guid.CreateVersion7(now), now, now),
            new RecordingPaused(id, session, 1, PauseReason.Hold, now),
            new RecordingResumed(id, session, 2, now),
            new RecordingStopped(id, session, 60, now),
            new SegmentCompleted(id, 1, 12_500, "", now),
            .. isWhole ? [new SegmentCompleted(id, 2, 12_500, "", now), new RecordingReady(id, session, 3.125, now, now + Recording.Limit)] : Array.Empty<IDomainEvent>(),
        ];
        var metadata = new EventMetadata(Guid.CreateVersion7(now), "tests", Actor.System("tests"), Source: null);
        var write = new StreamWrite(Aggregates.Recording.Stream(id), 0, [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(now), f))]);
        (await api.Get<IEventStore>().AppendAsync(new Append([write], metadata), default)).ShouldBeOfType<Appended>();
        return new WaitingRecording(id, session, audio);
    }
}
