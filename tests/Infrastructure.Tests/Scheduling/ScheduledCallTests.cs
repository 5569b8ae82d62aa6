using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>Booked calls on several nodes, of which some die (AHD-11).</summary>
public sealed class ScheduledCallTests : IAsyncLifetime
{
    private const string Number = "+4930123456";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly ConcurrentBag<PlaceLeg> called = [];
    private readonly Guid queue = Sample.NewId();
    private string database = null!;
    private AppNode first = null!;
    private AppNode second = null!;

    public async Task InitializeAsync()
    {
        database = await PostgresFixture.CreateDatabaseAsync();
        (first, second) = (await StartAsync(), await StartAsync());
        await first.AppendAsync(Aggregates.Queue, queue, new QueueCreated(queue, "Billing", Channel.Web, ["Billing"], ParentId: null, [], clock.GetUtcNow()));
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Two_nodes_on_which_each_timer_fires_call_everybody_once()
    {
        var slot = clock.GetUtcNow().AddHours(1);
        var bookings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BookAsync(slot)));
        clock.Skip(TimeSpan.FromHours(1));
        await Task.WhenAll(first.StartJobsAsync(), second.StartJobsAsync());
        // Beside the jobs, each node is told of every timer once more.
        await Task.WhenAll(bookings.SelectMany(id => new[] { first, second }.Select(node => node.SendAsync(new PlaceScheduledCall(id, slot)))));
        await Eventually.TrueAsync(() => called.Count >= bookings.Length, Soon);
        await Eventually.TrueAsync(async () => await first.OutboxAsync(OutboxKinds.ScheduledCallTimer) + await first.OutboxAsync(MediaKinds.PlaceLeg) == 0, Soon);
        await Task.WhenAll(first.StopJobsAsync(), second.StopJobsAsync());

        called.Select(leg => leg.LegId).Order().ShouldBe(bookings.Select(ScheduledCallIds.SessionOf).Order());
        called.ShouldAllBe(leg => leg.PhoneNumber == Number);
        foreach (var id in bookings)
            (await first.EventsAsync(Aggregates.ScheduledCall, id)).OfType<ScheduledCallPlaced>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_node_that_dies_between_the_commit_and_the_call_leaves_it_to_the_next_which_calls_once()
    {
        var slot = clock.GetUtcNow();
        var id = await BookAsync(slot);
        // Without its jobs a node commits and does nothing more: as one that dies at that moment.
        await first.KnowConfigurationAsync();
        (await first.SendAsync(new PlaceScheduledCall(id, slot))).IsOk.ShouldBeTrue();
        await first.DisposeAsync();
        called.ShouldBeEmpty();

        await second.StartJobsAsync();
        await Eventually.TrueAsync(() => !called.IsEmpty, Soon);
        await Eventually.TrueAsync(async () => await second.OutboxAsync(OutboxKinds.ScheduledCallTimer) + await second.OutboxAsync(MediaKinds.PlaceLeg) == 0, Soon);
        await second.StopJobsAsync();
        called.ShouldHaveSingleItem().SessionId.ShouldBe(ScheduledCallIds.SessionOf(id));
        first = await StartAsync();
    }

    [Fact]
    public async Task After_a_standstill_calls_in_time_are_placed_and_missed_ones_are_tickets()
    {
        var now = clock.GetUtcNow();
        var (missed, inTime, moved) = (await BookAsync(now), await BookAsync(now.AddHours(1)), await BookAsync(now));
        await first.AppendAsync(Aggregates.ScheduledCall, moved, new ScheduledCallMoved(moved, now, now.AddHours(9), 15, now));
        clock.Skip(TimeSpan.FromMinutes(65));
        await second.StartJobsAsync();
        await Eventually.TrueAsync(() => !called.IsEmpty, Soon);
        await Eventually.TrueAsync(async () => await second.Tickets.FindBySubjectAsync(missed, default) is not null, Soon);
        await Eventually.TrueAsync(async () => await second.OutboxAsync(OutboxKinds.MissedCall) == 0, Soon);
        await second.StopJobsAsync();

        called.ShouldHaveSingleItem().SessionId.ShouldBe(ScheduledCallIds.SessionOf(inTime));
        (await second.EventsAsync(Aggregates.ScheduledCall, missed))[^1].ShouldBeOfType<ScheduledCallMissed>().Reason.ShouldBe("too_late");
        (await second.EventsAsync(Aggregates.ScheduledCall, moved))[^1].ShouldBeOfType<ScheduledCallMoved>();
        var ticket = (await second.Tickets.FindBySubjectAsync(missed, default)).ShouldNotBeNull();
        ticket.Subject.ShouldBe("Missed scheduled call: Billing");
        (await second.Tickets.CommentsAsync(ticket.Id, default)).ShouldHaveSingleItem().Body.ShouldBe($"Call {Number}.");
    }

    private Task<AppNode> StartAsync() => AppNode.StartAsync(
        database, folder.Storage, clock, services => services.AddSingleton<IMediaEngine>(new CountingEngine(called)));

    private async Task<Guid> BookAsync(DateTimeOffset slot)
    {
        var (id, consumer, number) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        await first.AppendAsync(Aggregates.ScheduledCall, id, new ScheduledCallBooked(
            id, queue, Channel.Web, consumer, "en", new PersonalText(Number), number, slot, 15, RecordingConsent.NotAsked,
            new Dictionary<string, PersonalText>(), CustomerFlags.None, Voice: null, clock.GetUtcNow()));
        return id;
    }

    /// <summary>Whom a real engine would have called, repeats included.</summary>
    private sealed class CountingEngine(ConcurrentBag<PlaceLeg> called) : IMediaEngine
    {
        public string Name => "counting";

        public bool Knows(Guid sessionId) => true;

        public Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken)
        {
            if (command is PlaceLeg leg)
                called.Add(leg);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<AudioFrame> ListenAsync(Guid sessionId, CancellationToken cancellationToken) => AsyncEnumerable.Empty<AudioFrame>();
    }
}
