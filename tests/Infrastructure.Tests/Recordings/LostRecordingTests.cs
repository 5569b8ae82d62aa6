using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>The figures of what waits and of what is lost at seven days, whichever process lives or dies (REC-9, REC-14).</summary>
public sealed class LostRecordingTests : IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private string database = null!;

    public async Task InitializeAsync() => database = await PostgresFixture.CreateDatabaseAsync();

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_a_start_destroys_after_a_long_outage_is_told_by_every_node_also_once_that_one_is_gone()
    {
        List<RecordedCall> calls = [];
        await using (var node = await StartAsync())
        {
            (await node.Get<LostRecordings>().ReadAsync(default)).ShouldBeNull("no read model can tell it yet");
            calls.Add(await RecordedCall.WriteAsync(node, folder, 16_000));
            calls.Add(await RecordedCall.WriteAsync(node, folder, 16_000));
            // There is nothing in this one that could be lost.
            await RecordedCall.WriteAsync(node, folder, 0);
        }

        clock.Skip(Recording.Limit + TimeSpan.FromHours(1));
        List<DateTimeOffset> destroyed = [];
        await using (var node = await StartAsync())
        {
            await node.StartJobsAsync();
            await Eventually.TrueAsync(async () => await node.Get<LostRecordings>().ReadAsync(default) is { Count: 2 });
            await node.StopJobsAsync();
            foreach (var call in calls)
                destroyed.Add((await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingPurged>().Single().PurgedAt);
        }

        await using var next = await StartAsync();
        var lost = (await next.Get<LostRecordings>().ReadAsync(default)).ShouldNotBeNull();
        lost.Count.ShouldBe(2);
        lost.LastAt.ShouldNotBeNull().ShouldBe(destroyed.Max(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task What_waits_has_waited_since_its_call_ended_however_long_that_was()
    {
        await using var node = await StartAsync();
        var hour = await BeginAsync(node);
        clock.Skip(TimeSpan.FromMinutes(30));
        var minutes = await BeginAsync(node);
        clock.Skip(TimeSpan.FromMinutes(20));
        var stopped = await EndAsync(node, minutes);
        clock.Skip(TimeSpan.FromMinutes(10));
        await EndAsync(node, hour);
        (await node.Get<OutboxStore>().OldestWaitingRecordingAsync(default)).ShouldNotBeNull().ShouldBe(stopped, TimeSpan.FromMilliseconds(1));
    }

    private async Task<AppNode> StartAsync() => await AppNode.StartAsync(database, folder.Storage, clock);

    private async Task<Guid> BeginAsync(AppNode node)
    {
        var (id, now) = (Sample.NewId(), clock.GetUtcNow());
        await node.AppendAsync(Aggregates.Recording, id, new RecordingStarted(id, Sample.NewId(), Sample.NewId(), Sample.NewId(), now, now));
        return id;
    }

    private async Task<DateTimeOffset> EndAsync(AppNode node, Guid id)
    {
        var (session, now) = (Sample.NewId(), clock.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Recording,
            id,
            new RecordingStopped(id, session, 60, now),
            new SegmentCompleted(id, 1, 8_000, "", now),
            new RecordingReady(id, session, 1, now, now + Recording.Limit));
        return now;
    }
}
