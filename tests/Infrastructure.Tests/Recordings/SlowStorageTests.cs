using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Infrastructure.Tests.Media;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>Storage stands still: calls go on, and nothing that waits for it is given up (REC-1, REC-5).</summary>
public sealed class SlowStorageTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly RecordingFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Hold_and_resume_go_on_while_storage_stands_still_and_the_segment_is_not_given_up_meanwhile()
    {
        var storage = new TroubledStorage(folder.Storage);
        await using var node = await AppNode.StartAsync(database.ConnectionString, storage, change: services => services.AddSingleton<IMediaEngine>(s =>
            new SimulatedMediaEngine(storage, s.GetRequiredService<IMediaFacts>(), TimeProvider.System, NullLogger<SimulatedMediaEngine>.Instance)));
        await node.StartJobsAsync();
        var engine = (SimulatedMediaEngine)node.Get<IMediaEngine>();
        var (session, recording, agent) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        await TalkAsync(node, session, recording, agent);
        await DoneAsync(node, MediaKinds.StartSegment);
        Pass(engine, 60);

        storage.StandStill();
        var now = TimeProvider.System.GetUtcNow();
        await node.AppendAsync(Aggregates.Recording, recording, new RecordingPaused(recording, session, 1, PauseReason.Hold, now));
        await node.AppendAsync(Aggregates.Session, session, new SessionHeld(session, agent, now));
        await DoneAsync(node, MediaKinds.StopSegment);
        await DoneAsync(node, MediaKinds.MoveLeg);
        Pass(engine, 60);
        await node.AppendAsync(Aggregates.Session, session, new SessionResumed(session, agent, now));
        await DoneAsync(node, MediaKinds.MoveLeg);

        await node.AppendAsync(Aggregates.Recording, recording, new RecordingStopped(recording, session, 60, now, EngineLost: true));
        await Should.ThrowAsync<RetryLaterException>(() => node.SendAsync(new RecoverRecording(recording)));
        (await node.OutboxAsync(MediaKinds.StoreSegment)).ShouldBe(1);
        (await node.EventsAsync(Aggregates.Recording, recording)).ShouldNotContain(e => e is SegmentCompleted);

        storage.GoOn();
        await ContactCenter.Testing.Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Recording, recording)).OfType<SegmentCompleted>().Any(), Soon);
        (await node.EventsAsync(Aggregates.Recording, recording)).OfType<SegmentCompleted>().ShouldHaveSingleItem().Samples.ShouldBe(60 * 160);
        await node.StopJobsAsync();
        engine.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_segment_on_a_dead_nodes_disk_is_waited_for_for_an_hour_and_then_told_as_lost(bool comesBack)
    {
        var clock = new SkippingClock();
        await using var node = await AppNode.StartAsync(database.ConnectionString, new LateStorage(folder.Storage), clock);
        var call = await RecordedCall.StopAsync(node, folder, 16_000, 0);
        for (var looks = 0; looks < 2; looks++)
        {
            await Should.ThrowAsync<RetryLaterException>(() => node.SendAsync(new RecoverRecording(call.RecordingId)));
            clock.Skip(TimeSpan.FromMinutes(29));
        }

        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<SegmentCompleted>().ShouldHaveSingleItem().Segment.ShouldBe(1);
        if (comesBack)
            await folder.WriteAsync(call.RecordingId, RecordingObjects.Segment(2), RecordingFolder.Audio(32_000));
        else
            clock.Skip(TimeSpan.FromMinutes(5));

        (await node.SendAsync(new RecoverRecording(call.RecordingId))).Error.ShouldBeNull();
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        events.OfType<SegmentCompleted>().Select(s => s.Samples).ShouldBe([8_000, comesBack ? 16_000 : 0]);
        events[^1].ShouldBeOfType<RecordingReady>();
        node.Get<RecordingMetrics>().SegmentsLost.ShouldBe(comesBack ? 0 : 1);
    }

    /// <summary>Two talk, and it is recorded.</summary>
    private static async Task TalkAsync(AppNode node, Guid session, Guid recording, Guid agent)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (consumer, queue) = (Sample.NewId(), Sample.NewId());
        await node.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(
                session, SessionKind.Call, Channel.Web, consumer, queue, "en", RecordingConsent.Granted, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Call, queue, ["Support"], now),
            new SessionConnected(session, SessionKind.Call, agent, Sample.NewId(), now));
        await node.AppendAsync(Aggregates.Recording, recording, new RecordingStarted(recording, session, agent, queue, now, now));
    }

    private static Task DoneAsync(AppNode node, string kind) => ContactCenter.Testing.Eventually.TrueAsync(async () => await node.OutboxAsync(kind) == 0, Soon);

    private static void Pass(SimulatedMediaEngine engine, int frames)
    {
        for (; frames > 0; frames--)
            engine.Tick();
    }

    /// <summary>As each node has its own disk: what another wrote comes when that is back.</summary>
    private sealed class LateStorage(IRecordingStorage storage) : IRecordingStorage
    {
        public TimeSpan MayComeLate => TimeSpan.FromHours(1);

        public Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken) => storage.CreateAsync(recordingId, name, cancellationToken);

        public Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken) => storage.OpenAsync(recordingId, name, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ListAsync(recordingId, cancellationToken);

        public Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken) => storage.RecoverAsync(recordingId, cancellationToken);

        public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => storage.PurgeAsync(recordingId, cancellationToken);

        public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ExistsAsync(recordingId, cancellationToken);
    }
}
