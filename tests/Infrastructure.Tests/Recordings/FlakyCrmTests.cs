using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>Many recordings at once and a CRM on a bad day.</summary>
public sealed class FlakyCrmTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Count = 60;
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private FlakyCrm crm = null!;
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock, services =>
        {
            services.AddSingleton(all => ActivatorUtilities.CreateInstance<RecordingParts>(all, 20_000L));
            services.AddSingleton<ICrm>(all => crm = new FlakyCrm(all.GetRequiredService<BuiltInCrm>(), clock, seed: 11, callsPerSecond: 15));
        });
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task All_are_attached_once_in_order_and_all_are_purged()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => RecordedCall.WriteAsync(node, folder, 16_000, 14_000)));
        var due = node.Get<DueMessages>();
        await Eventually.TrueAsync(async () =>
        {
            await due.SendAsync(OutboxKinds.RecordingUpload, 4, m => new UploadRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);
            clock.Skip(TimeSpan.FromMinutes(1));
            return await node.OutboxAsync(OutboxKinds.RecordingUpload) == 0;
        }, TimeSpan.FromMinutes(2));

        (crm.Failures, crm.Limited, crm.Lost).ShouldSatisfyAllConditions(c => c.Failures.ShouldBeGreaterThan(40), c => c.Limited.ShouldBePositive(), c => c.Lost.ShouldBePositive());
        foreach (var call in calls)
        {
            var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
            var told = events.OfType<RecordingPartAttached>().ToList();
            told.Select(p => p.Part).ShouldBe([1, 2]);
            events[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Confirmed);
            var ticket = (await node.Tickets.FindBySubjectAsync(call.SessionId, default)).ShouldNotBeNull();
            var attached = await node.Tickets.AttachmentsAsync(ticket.Id, default);
            attached.Select(a => a.Id.ToString("D")).ShouldBe(told.Select(p => p.AttachmentId));
            (await Attached.PcmAsync(node.Tickets, attached)).SequenceEqual(call.Audio).ShouldBeTrue();
            (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        }
    }
}
