using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>A node dies while a recording is silent: what takes over leaves it silent, and still notices that it is forgotten (REC-4).</summary>
public sealed class PausedNodeTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly RecordingFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_call_that_was_paused_when_its_node_died_is_paused_on_the_next()
    {
        var recording = await DieAsync(PauseReason.Agent);
        var engine = new HeardEngine();
        await using var next = await StartAsync(engine);
        await Eventually.TrueAsync(async () => (await next.EventsAsync(Aggregates.Recording, recording)).OfType<RecordingPauseForgotten>().Any(), TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => engine.Heard.OfType<StopSegment>().Any(s => s.RecordingId == recording), TimeSpan.FromSeconds(60));
        await next.StopJobsAsync();

        engine.Heard.OfType<StartSegment>().Where(s => s.RecordingId == recording).ShouldAllBe(s => s.Segment == 1);
        (await StateAsync(next, recording)).ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(RecordingStatus.Paused), r => r.PausedFor.Keys.ShouldBe([PauseReason.Agent]), r => r.Segments.ShouldBe(1));
    }

    [Fact]
    public async Task A_redaction_that_a_dead_node_left_ends_on_the_next()
    {
        var recording = await DieAsync(PauseReason.Redaction);
        await using var next = await StartAsync(new HeardEngine());
        await Eventually.TrueAsync(async () => (await StateAsync(next, recording)).Status == RecordingStatus.Recording, TimeSpan.FromSeconds(60));
        await next.StopJobsAsync();
        (await next.EventsAsync(Aggregates.Recording, recording)).OfType<RecordingPauseForgotten>().ShouldHaveSingleItem();
    }

    /// <summary>A node that begins a recording and a pause of it, and is gone before anything is done about either.</summary>
    private async Task<Guid> DieAsync(PauseReason reason)
    {
        await using var node = await AppNode.StartAsync(database.ConnectionString, folder.Storage);
        var (recording, session, now) = (Sample.NewId(), Sample.NewId(), TimeProvider.System.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Recording, recording,
            new RecordingStarted(recording, session, Sample.NewId(), Sample.NewId(), now, now),
            new RecordingPaused(recording, session, 1, reason, now, now));
        return recording;
    }

    private async Task<AppNode> StartAsync(HeardEngine engine)
    {
        var node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, change: services => services.AddSingleton<IMediaEngine>(engine));
        await node.StartJobsAsync();
        return node;
    }

    private static async Task<Recording> StateAsync(AppNode node, Guid recording) =>
        (await node.EventsAsync(Aggregates.Recording, recording)).Cast<RecordingEvent>().Aggregate(Recording.Initial, (r, e) => r.Apply(e));

    private sealed class HeardEngine : IMediaEngine
    {
        public ConcurrentQueue<MediaCommand> Heard { get; } = new();

        public string Name => "heard";

        public bool Knows(Guid sessionId) => true;

        public Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken)
        {
            Heard.Enqueue(command);
            return Task.CompletedTask;
        }

        public async IAsyncEnumerable<AudioFrame> ListenAsync(
            Guid sessionId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }
    }
}
