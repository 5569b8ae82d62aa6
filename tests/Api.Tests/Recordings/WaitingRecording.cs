using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>A recording that waits for the CRM, and which nobody uploads; or one that stays here.</summary>
internal sealed record WaitingRecording(Guid Id, Guid SessionId, byte[] Audio)
{
    public static Task<WaitingRecording> WriteAsync(TestApi api, Guid? queueId = null, bool isWhole = true, int seconds = 3) => WriteAsync(
        api, queueId, RetentionPolicy.Crm, isPublic: false, age: TimeSpan.Zero,
        (id, session, now) => isWhole ? [new SegmentCompleted(id, 2, seconds * 4_000, "", now), new RecordingReady(id, session, seconds, now, now + Recording.Limit)] : [], seconds: seconds);

    /// <summary>One whose seven days are over.</summary>
    public static Task<WaitingRecording> OverdueAsync(TestApi api) => WriteAsync(
        api, queueId: null, RetentionPolicy.Crm, isPublic: false, age: Recording.Limit,
        (id, session, now) => [new SegmentCompleted(id, 2, 12_000, "", now), new RecordingReady(id, session, 3, now, now + Recording.Limit)]);

    /// <summary>One that stays here.</summary>
    public static Task<WaitingRecording> KeepAsync(TestApi api, bool isPublic, TimeSpan age = default, Guid? sessionId = null) => WriteAsync(
        api, queueId: null, RetentionPolicy.Hosted, isPublic, age,
        (id, session, now) => [new SegmentCompleted(id, 2, 12_000, "", now), new RecordingKept(id, session, 3, now)], sessionId);

    private static async Task<WaitingRecording> WriteAsync(
        TestApi api, Guid? queueId, RetentionPolicy policy, bool isPublic, TimeSpan age, Func<Guid, Guid, DateTimeOffset, IDomainEvent[]> end,
        Guid? sessionId = null, int seconds = 3)
    {
        var now = TimeProvider.System.GetUtcNow() - age;
        var session = sessionId ?? Guid.CreateVersion7(now);
        var id = RecordingId.Of(session);
        var audio = new byte[seconds * 16_000];
        new Random(5).NextBytes(audio);
        for (var segment = 1; segment <= 2; segment++)
        {
            await using var writer = await api.Get<IRecordingStorage>().CreateAsync(id, RecordingObjects.Segment(segment), default);
            await writer.WriteAsync(audio.AsMemory((segment - 1) * seconds * 8_000, seconds * 8_000), default);
            await writer.CompleteAsync(default);
        }

        IDomainEvent[] facts =
        [
            new RecordingStarted(id, session, Guid.CreateVersion7(now), queueId ?? Guid.CreateVersion7(now), now, now, Policy: policy, IsPublic: isPublic),
            new RecordingPaused(id, session, 1, PauseReason.Hold, now),
            new RecordingResumed(id, session, 2, now),
            new RecordingStopped(id, session, 60, now),
            new SegmentCompleted(id, 1, seconds * 4_000, "", now),
            .. end(id, session, now),
        ];
        var metadata = new EventMetadata(Guid.CreateVersion7(now), "tests", Actor.System("tests"), Source: null);
        var write = new StreamWrite(Aggregates.Recording.Stream(id), 0, [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(now), f))]);
        (await api.Get<IEventStore>().AppendAsync(new Append([write], metadata), default)).ShouldBeOfType<Appended>();
        return new WaitingRecording(id, session, audio);
    }
}
