using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class UploadRecordingTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int MaxPart = 20_000;
    private readonly PostgresFixture database;
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly Faults faults = new();
    private readonly CopyingProvider provider;
    private FaultyCrm crm = null!;
    private AppNode node = null!;

    public UploadRecordingTests(PostgresFixture database)
    {
        this.database = database;
        provider = new CopyingProvider(faults);
    }

    public async Task InitializeAsync()
    {
        node = await StartAsync();
        crm = (FaultyCrm)node.Get<ICrm>();
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_recording_goes_to_its_ticket_in_playable_parts_and_nothing_is_left_here()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000, 0, 14_000);
        provider.Keep(call.RecordingId);
        await UploadAsync(call);

        var ticket = (await node.Tickets.FindBySubjectAsync(call.SessionId, default)).ShouldNotBeNull();
        ticket.RequesterName.ShouldBe("Ada Lovelace");
        ticket.Subject.ShouldBe("Call: Support > Billing");
        var attachments = await node.Tickets.AttachmentsAsync(ticket.Id, default);
        attachments.Select(a => a.FileName).ShouldBe(
            [$"Call recording {call.SessionId} part 1 of 2.wav", $"Call recording {call.SessionId} part 2 of 2.wav"]);
        attachments.ShouldAllBe(a => a.Length <= MaxPart);
        (await Attached.PcmAsync(node.Tickets, attachments)).ShouldBe(call.Audio);
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        (await provider.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        await ShouldBeToldOnceAsync(call, parts: 2);
    }

    [Fact]
    public async Task The_crm_says_when_to_come_again_and_nobody_comes_before()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        faults.With = () => new CrmException(CrmFailure.ApiLimit, "Too many.", TimeSpan.FromMinutes(10));
        faults.Arm(0);
        var failedAt = clock.GetUtcNow();
        await UploadAsync(call);
        var failed = (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingUploadFailed>().ShouldHaveSingleItem();
        failed.Reason.ShouldBe(UploadFailure.ApiLimit);
        failed.RetryAt.ShouldBeGreaterThanOrEqualTo(failedAt + TimeSpan.FromMinutes(10));

        faults.Arm(0);
        await UploadAsync(call);
        faults.Happened.ShouldBeFalse();
        faults.At = null;
        clock.Skip(TimeSpan.FromMinutes(11));
        await UploadAsync(call);
        await ShouldBeToldOnceAsync(call, parts: 1);
    }

    [Fact]
    public async Task What_the_crm_tells_one_recording_holds_for_all_that_wait_and_costs_them_no_attempt()
    {
        var first = await RecordedCall.WriteAsync(node, folder, 16_000);
        var second = await RecordedCall.WriteAsync(node, folder, 14_000);
        faults.With = () => new CrmException(CrmFailure.ApiLimit, "Too many.", TimeSpan.FromMinutes(10));
        faults.Arm(0);
        await UploadAsync(first);
        faults.Arm(-1);
        await WorkOffAsync();
        faults.Places.ShouldBeEmpty();
        var (card, now) = (await CardAsync(second), clock.GetUtcNow());
        (card.Status, card.Attempts, card.LastFailure).ShouldBe((RecordingStatus.Ready, 0, UploadFailure.ApiLimit));
        card.RetryAt!.Value.ShouldBeInRange(now + TimeSpan.FromMinutes(8), now + TimeSpan.FromMinutes(10));

        clock.Skip(TimeSpan.FromMinutes(11));
        await WorkOffAsync();
        await ShouldBeToldOnceAsync(first, parts: 1);
        await ShouldBeToldOnceAsync(second, parts: 1);
        (await node.EventsAsync(Aggregates.Recording, second.RecordingId)).OfType<RecordingUploadFailed>().ShouldBeEmpty();
        (await CardAsync(second)).RetryAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_crm_that_asks_for_days_is_asked_again_within_the_hour()
    {
        var first = await RecordedCall.WriteAsync(node, folder, 16_000);
        var second = await RecordedCall.WriteAsync(node, folder, 14_000);
        faults.With = () => new CrmException(CrmFailure.ApiLimit, "Too many.", TimeSpan.FromSeconds(1_000_000));
        faults.Arm(0);
        await UploadAsync(first);
        faults.Arm(-1);
        await WorkOffAsync();
        clock.Skip(TimeSpan.FromMinutes(61));
        await WorkOffAsync();
        await ShouldBeToldOnceAsync(first, parts: 1);
        await ShouldBeToldOnceAsync(second, parts: 1);
    }

    [Fact]
    public async Task Two_nodes_that_upload_the_same_recording_attach_it_once()
    {
        await using var other = await StartAsync();
        var call = await RecordedCall.WriteAsync(node, folder, 16_000, 14_000);
        await Task.WhenAll(node.SendAsync(new UploadRecording(call.RecordingId)), other.SendAsync(new UploadRecording(call.RecordingId)));
        clock.Skip(TimeSpan.FromHours(2));
        await UploadAsync(call);
        await ShouldBeToldOnceAsync(call, parts: 2);
    }

    [Fact]
    public async Task A_recording_of_nothing_is_purged_without_an_upload()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 0);
        await UploadAsync(call);
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Empty);
        (await node.Tickets.FindBySubjectAsync(call.SessionId, default)).ShouldBeNull();
    }

    [Fact]
    public async Task After_seven_days_it_is_destroyed_whatever_happens_and_not_before()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        (await node.SendAsync(new PurgeRecording(call.RecordingId))).IsOk.ShouldBeTrue();
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeTrue();

        clock.Skip(TimeSpan.FromDays(7));
        for (var twice = 0; twice < 2; twice++)
            (await node.SendAsync(new PurgeRecording(call.RecordingId))).IsOk.ShouldBeTrue();
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Limit);
    }

    [Fact]
    public async Task Segments_that_an_engine_never_closed_are_completed_with_what_was_saved_or_as_lost()
    {
        var call = await RecordedCall.StopAsync(node, folder, 16_000, 0);
        (await node.SendAsync(new RecoverRecording(call.RecordingId))).IsOk.ShouldBeTrue();
        (await node.SendAsync(new RecoverRecording(call.RecordingId))).IsOk.ShouldBeTrue();
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        events.OfType<SegmentCompleted>().Select(s => s.Samples).ShouldBe([8_000, 0]);
        events[^1].ShouldBeOfType<RecordingReady>();
        await UploadAsync(call);
        await ShouldBeToldOnceAsync(call, parts: 1);
    }

    [Fact]
    public async Task What_an_engine_is_still_to_close_is_not_given_up_however_long_storage_fails()
    {
        // Storage failed until the end of the call, so that all of it is in the engine's memory.
        var call = await RecordedCall.StopWhileItsEngineLivesAsync(node, folder, 0);
        var due = node.Get<DueMessages>();
        foreach (var minutes in new[] { 1, 10, 600 })
        {
            clock.Skip(TimeSpan.FromMinutes(minutes));
            await due.SendAsync(RecordingRecoveryEffects.Kind, 1, m => new RecoverRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);
            (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).ShouldNotContain(e => e is SegmentCompleted);
        }

        await node.CarriedOutAsync(call.SessionId);
        clock.Skip(TimeSpan.FromMinutes(1));
        await due.SendAsync(RecordingRecoveryEffects.Kind, 1, m => new RecoverRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<SegmentCompleted>().ShouldHaveSingleItem().Samples.ShouldBe(0);
    }

    [Theory]
    [InlineData(CrmFailure.NotConfirmed, UploadFailure.NotConfirmed)]
    [InlineData(CrmFailure.ApiLimit, UploadFailure.ApiLimit)]
    [InlineData(CrmFailure.TooLarge, UploadFailure.TooLarge)]
    public async Task Whatever_the_reason_the_jobs_try_again_until_the_crm_has_it(CrmFailure failure, UploadFailure reason)
    {
        crm.Refuse(new CrmException(failure, "Not now.", TimeSpan.FromMinutes(3)));
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingUploadFailed);
        clock.Skip(TimeSpan.FromMinutes(4));
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingPurged);
        await node.StopJobsAsync();

        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingUploadFailed>().ShouldHaveSingleItem().Reason.ShouldBe(reason);
        await ShouldBeToldOnceAsync(call, parts: 1);
    }

    [Fact]
    public async Task An_attempt_that_runs_when_the_seven_days_are_over_ends_and_the_recording_goes()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        provider.Keep(call.RecordingId);
        crm.Hangs = true;
        var stoppedAt = (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingStopped>().Single().StoppedAt;
        clock.Skip(stoppedAt + Recording.Limit - clock.GetUtcNow() - TimeSpan.FromSeconds(3));
        await UploadAsync(call).WaitAsync(TimeSpan.FromSeconds(30));

        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).TakeLast(2).ShouldSatisfyAllConditions(
            e => e.First().ShouldBeOfType<RecordingUploadFailed>().Reason.ShouldBe(UploadFailure.NotConfirmed),
            e => e.Last().ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Limit));
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        (await provider.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_crm_does_not_hold_whole_is_not_gone_from_here()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        crm.Shortens = true;
        await UploadAsync(call);
        clock.Skip(TimeSpan.FromHours(1));
        await UploadAsync(call);
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingUploadFailed>().Select(f => f.Reason)
            .ShouldBe([UploadFailure.NotConfirmed, UploadFailure.NotConfirmed]);
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeTrue();

        crm.Shortens = false;
        clock.Skip(TimeSpan.FromHours(2));
        await UploadAsync(call);
        await ShouldBeToldOnceAsync(call, parts: 1);
    }

    [Fact]
    public async Task A_call_that_never_ends_keeps_no_recording_longer_than_seven_days()
    {
        var (recording, session, now) = (Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        await node.AppendAsync(Aggregates.Recording, recording, new RecordingStarted(recording, session, Sample.NewId(), Sample.NewId(), now, now));
        await folder.WriteAsync(recording, RecordingObjects.Segment(1), RecordingFolder.Audio(16_000));
        var due = node.Get<DueMessages>();
        foreach (var (days, isThere) in new[] { (6, true), (1, false) })
        {
            clock.Skip(TimeSpan.FromDays(days));
            await due.SendAsync(OutboxKinds.RecordingLimitTimer, 1, m => new PurgeRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);
            (await folder.Storage.ExistsAsync(recording, default)).ShouldBe(isThere);
        }

        (await node.EventsAsync(Aggregates.Recording, recording))[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Limit);
    }

    [Fact]
    public async Task A_purge_that_leaves_something_anywhere_is_not_told_as_done()
    {
        var call = await RecordedCall.WriteAsync(node, folder, 16_000);
        provider.Keep(call.RecordingId);
        provider.Refuses = true;
        await Should.ThrowAsync<IOException>(() => UploadAsync(call));
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1].ShouldBeOfType<RecordingUploadConfirmed>();

        provider.Refuses = false;
        await UploadAsync(call);
        await ShouldBeToldOnceAsync(call, parts: 1);
    }

    private Task<AppNode> StartAsync() => AppNode.StartAsync(database.ConnectionString, new FaultyStorage(folder.Storage, faults), clock, services =>
    {
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<RecordingParts>(all, (long)MaxPart));
        services.AddSingleton<ICrm>(all => new FaultyCrm(all.GetRequiredService<BuiltInCrm>(), faults));
        services.AddSingleton<IProviderRecordings>(provider);
    });

    private Task WorkOffAsync() => node.Get<DueMessages>().SendAsync(
        OutboxKinds.RecordingUpload, 4, m => new UploadRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), default);

    /// <summary>As lists see it.</summary>
    private async Task<RecordingCard> CardAsync(RecordedCall call)
    {
        RecordingCard? card = null;
        await foreach (var happened in node.Store.ReadAllAsync(Aggregates.Recording.Stream(call.RecordingId), default))
            card = new RecordingsProjection().Evolve(card, happened);
        return card.ShouldNotBeNull();
    }

    private async Task UploadAsync(RecordedCall call) => (await node.SendAsync(new UploadRecording(call.RecordingId))).Error.ShouldBeNull();

    private async Task ShouldBeToldOnceAsync(RecordedCall call, int parts)
    {
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        events.OfType<RecordingPartAttached>().Select(p => (p.Part, p.Parts)).ShouldBe(Enumerable.Range(1, parts).Select(n => (n, parts)));
        events.OfType<RecordingUploadConfirmed>().ShouldHaveSingleItem();
        events[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Confirmed);
    }
}
