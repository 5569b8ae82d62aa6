using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>
/// Whatever dies or fails between the last audio frame and the purge: one attachment per part, nothing left here or at
/// the voice provider, and the events tell it once. The steps are found by going the way once; each has a name, and in each
/// row the process dies or the CRM fails indeed.
/// </summary>
public sealed class CrashMatrixTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int MaxPart = 20_000;
    private static readonly int[] Segments = [16_000, 14_000];

    /// <summary>How a CRM fails a call, by name.</summary>
    private static readonly (string Name, Func<Exception> How, bool After)[] Ways =
    [
        ("is not reached", () => new CrmException(CrmFailure.NotConfirmed, "No answer."), false),
        ("does it and its answer is lost", () => new CrmException(CrmFailure.NotConfirmed, "No answer."), true),
        ("limits the rate", () => new CrmException(CrmFailure.ApiLimit, "Too many.", TimeSpan.FromMinutes(10)), false),
        ("takes no file of this size", () => new CrmException(CrmFailure.TooLarge, "Too large."), false),
        ("breaks the connection half way", () => new IOException("Connection reset."), true),
    ];

    private readonly PostgresFixture database;
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly Faults faults = new();
    private readonly CopyingProvider provider;
    private AppNode node = null!;

    public CrashMatrixTests(PostgresFixture database)
    {
        this.database = database;
        provider = new CopyingProvider(faults);
    }

    public async Task InitializeAsync() => node = await StartAsync();

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_process_that_dies_at_any_step_leaves_one_attachment_per_part_and_nothing_here()
    {
        var steps = await StepsAsync();
        steps.ShouldContain("before: audio is written");
        steps.ShouldContain("after: the log takes SegmentCompleted, RecordingReady");
        steps.ShouldContain("after: the CRM attaches part 2 of 2.wav");
        steps.ShouldContain("after: the key is destroyed");
        steps.ShouldContain("after: a first file is deleted");
        steps.ShouldContain("after: the provider's copy is deleted");
        steps.ShouldContain("after: the log takes RecordingPurged");
        steps.ShouldContain("before: the message is done");
        var whole = steps.ToList().IndexOf("after: a segment is sealed");
        for (var step = 0; step < steps.Count; step++)
            await SurvivesAsync($"the process dies {steps[step]} ({step})", () => CrashAtAsync(step), all: step >= whole);
    }

    [Fact]
    public async Task A_crm_that_fails_in_any_way_at_any_call_gets_one_attachment_per_part()
    {
        foreach (var (name, how, after) in Ways)
        {
            var calls = CrmCalls(await StepsAsync(), after);
            calls.Count.ShouldBeGreaterThanOrEqualTo(5);
            foreach (var (place, call) in calls)
                await SurvivesAsync($"the CRM {name} {call}", () => FailAtAsync(place, how));
        }
    }

    [Fact]
    public async Task A_crm_that_fails_and_a_process_that_dies_together_leave_one_attachment_per_part()
    {
        var steps = await StepsAsync();
        foreach (var (way, (name, how, after)) in Ways.Index())
        {
            var calls = CrmCalls(steps, after);
            var (place, call) = calls[way % calls.Count];
            var next = await NextStepsAsync(place, how);
            next.ShouldContain("after: the log takes RecordingPurged");
            for (var step = 0; step < next.Count; step++)
            {
                await SurvivesAsync($"the CRM {name} {call}, then the process dies {next[step]} ({step}) of the next attempt", async () =>
                {
                    var recording = await FailAtAsync(place, how);
                    await UntilNextAttemptAsync(recording);
                    await CrashAsync(step, UploadDueAsync);
                    return recording;
                });
            }
        }
    }

    [Fact]
    public async Task A_process_that_dies_at_any_step_of_a_recovery_leaves_one_attachment_per_part_and_nothing_here()
    {
        var first = await DieWhileRecordingAsync();
        faults.Arm(int.MaxValue);
        await RecoverDueAsync();
        var steps = faults.Places;
        await ArriveAsync(first);
        steps.ShouldContain("before: what a crash left is recovered");
        steps.ShouldContain("after: a segment is opened");
        steps.ShouldContain("after: the log takes SegmentCompleted");
        steps.ShouldContain("after: the log takes SegmentCompleted, RecordingReady");
        for (var step = 0; step < steps.Count; step++)
        {
            await SurvivesAsync($"the process dies {steps[step]} ({step})", async () =>
            {
                var call = await DieWhileRecordingAsync();
                await CrashAsync(step, RecoverDueAsync);
                return call;
            });
        }
    }

    [Fact]
    public async Task A_process_that_dies_at_any_step_of_a_deletion_that_was_ordered_leaves_nothing()
    {
        var first = await KeptAsync();
        faults.Arm(int.MaxValue);
        await DeleteAsync(first);
        var steps = faults.Places;
        await ShouldBeDeletedAsync(first);
        steps.ShouldContain("after: the log takes RecordingDeletionOrdered");
        steps.ShouldContain("after: the key is destroyed");
        steps.ShouldContain("before: the log takes RecordingPurged");
        for (var step = 0; step < steps.Count; step++)
        {
            var call = await KeptAsync();
            await CrashAsync(step, () => DeleteAsync(call));
            await ShouldBeDeletedAsync(call, $"the process dies {steps[step]} ({step})");
        }
    }

    private static List<(int Place, string Call)> CrmCalls(IReadOnlyList<string> steps, bool after) =>
        [.. steps.Index().Where(s => s.Item.StartsWith(after ? "after: the CRM" : "before: the CRM", StringComparison.Ordinal))];

    /// <summary>Goes the way once without a fault.</summary>
    private async Task<IReadOnlyList<string>> StepsAsync()
    {
        faults.Arm(int.MaxValue);
        var call = await GoAsync(await BeginAsync());
        var steps = faults.Places;
        await ArriveAsync(call);
        return steps;
    }

    private async Task SurvivesAsync(string what, Func<Task<RecordedCall>> happens, bool all = true)
    {
        try
        {
            var call = await happens();
            faults.At = null;
            await ArriveAsync(call, all);
        }
        catch (Exception failure)
        {
            throw new ShouldAssertException($"When {what}: {failure.Message}", failure);
        }
    }

    /// <summary>The steps of the attempt after one that failed so.</summary>
    private async Task<IReadOnlyList<string>> NextStepsAsync(int place, Func<Exception> how)
    {
        var call = await FailAtAsync(place, how);
        await UntilNextAttemptAsync(call);
        faults.Arm(int.MaxValue);
        await UploadDueAsync();
        var steps = faults.Places;
        await ArriveAsync(call);
        return steps;
    }

    private async Task<RecordedCall> CrashAtAsync(int step)
    {
        var call = await BeginAsync();
        await CrashAsync(step, () => GoAsync(call));
        return call;
    }

    /// <summary>The process ends at that step, and another begins.</summary>
    private async Task CrashAsync(int step, Func<Task> work)
    {
        faults.With = () => new CrashException();
        faults.Arm(step);
        (await Record.ExceptionAsync(work)).ShouldBeOfType<CrashException>();
        faults.Happened.ShouldBeTrue();
        await RestartAsync();
    }

    private async Task<RecordedCall> FailAtAsync(int place, Func<Exception> how)
    {
        var call = await BeginAsync();
        faults.With = how;
        faults.Arm(place);
        await GoAsync(call);
        faults.Happened.ShouldBeTrue();
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingUploadFailed>().ShouldHaveSingleItem();
        return call;
    }

    private async Task UntilNextAttemptAsync(RecordedCall call)
    {
        faults.At = null;
        var failed = (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingUploadFailed>().Single();
        clock.Skip(failed.RetryAt - clock.GetUtcNow() + TimeSpan.FromSeconds(1));
    }

    /// <summary>A call of which all audio but its last second's is in storage, and whose engine died.</summary>
    private async Task<RecordedCall> DieWhileRecordingAsync()
    {
        var call = await RecordedCall.StopAsync(node, folder, [Segments[0], 0]);
        provider.Keep(call.RecordingId);
        var audio = RecordingFolder.Audio(3 * RecordingFolder.Chunk, seed: 9);
        await using (var writer = await folder.Storage.CreateAsync(call.RecordingId, RecordingObjects.Segment(2), default))
            await writer.WriteAsync(audio, default);
        clock.Skip(RecordingRecoveryEffects.Patience + TimeSpan.FromSeconds(1));
        return call with { Segments = [call.Segments[0], audio] };
    }

    /// <summary>A call whose recording stays here.</summary>
    private async Task<RecordedCall> KeptAsync()
    {
        var call = await RecordedCall.StopAsync(node, folder, Segments);
        provider.Keep(call.RecordingId);
        var now = clock.GetUtcNow();
        await node.AppendAsync(
            Aggregates.Recording,
            call.RecordingId,
            [
                .. call.Segments.Select((s, i) => new SegmentCompleted(call.RecordingId, i + 1, s.Length / 2, "", now)),
                new RecordingKept(call.RecordingId, call.SessionId, call.Audio.Length / 16000.0, now),
            ]);
        return call;
    }

    private async Task<RecordedCall> BeginAsync()
    {
        var call = await RecordedCall.StopAsync(node, folder, [Segments[0], 0]);
        provider.Keep(call.RecordingId);
        return call with { Segments = [call.Segments[0], RecordingFolder.Audio(Segments[1], seed: 9)] };
    }

    /// <summary>The last segment's audio comes, the engine reports, and what is due is done; as long as the process lives.</summary>
    private async Task<RecordedCall> GoAsync(RecordedCall call)
    {
        await using (var writer = await node.Get<IRecordingStorage>().CreateAsync(call.RecordingId, RecordingObjects.Segment(2), default))
        {
            await writer.WriteAsync(call.Segments[1], default);
            await writer.CompleteAsync(default);
        }

        for (var segment = 1; segment <= call.Segments.Length; segment++)
            (await node.SendAsync(new CompleteSegment(call.RecordingId, segment, call.Segments[segment - 1].Length / 2, ""))).IsOk.ShouldBeTrue();
        await UploadDueAsync();
        return call;
    }

    private Task UploadDueAsync() => WorkAsync(
        OutboxKinds.RecordingUpload, async m => (await node.SendAsync(new UploadRecording(RecordingOf(m)))).Error.ShouldBeNull());

    private Task RecoverDueAsync() => WorkAsync(
        RecordingRecoveryEffects.Kind, async m => (await node.SendAsync(new RecoverRecording(RecordingOf(m)))).Error.ShouldBeNull());

    private async Task DeleteAsync(RecordedCall call)
    {
        (await node.SendAsync(new DeleteRecording(call.RecordingId))).Error.ShouldBeNull();
        await PurgeDueAsync();
    }

    private Task PurgeDueAsync() => WorkAsync(
        RecordingDeletionEffects.Kind, m => new RecordingDeletionOutboxHandler(node.Get<Dispatcher>()).HandleAsync(m, default));

    /// <summary>What the jobs do with what is due, but for their care for failures: whoever dies has none.</summary>
    private async Task WorkAsync(string kind, Func<OutboxMessage, Task> work)
    {
        var outbox = node.Get<OutboxStore>();
        foreach (var claimed in await outbox.ClaimDueAsync(kind, 10, default))
        {
            await work(claimed.Message);
            await faults.TouchAsync("the message is done", () => outbox.CompleteAsync(claimed, default));
        }
    }

    /// <summary>Whoever ordered it and got no answer orders it again; what is ordered is carried out, by whichever process.</summary>
    private async Task ShouldBeDeletedAsync(RecordedCall call, string when = "nothing happens")
    {
        faults.At = null;
        if (!(await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingDeletionOrdered>().Any())
            (await node.SendAsync(new DeleteRecording(call.RecordingId))).Error.ShouldBeNull(when);
        await Eventually.TrueAsync(async () =>
        {
            await PurgeDueAsync();
            return await node.OutboxAsync(RecordingDeletionEffects.Kind) == 0;
        });
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        events.OfType<RecordingDeletionOrdered>().ShouldHaveSingleItem(when).Reason.ShouldBe(PurgeReason.Deleted, when);
        events.OfType<RecordingPurged>().ShouldHaveSingleItem(when).Reason.ShouldBe(PurgeReason.Deleted, when);
        events[^1].ShouldBeOfType<RecordingPurged>(when);
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse(when);
        (await provider.ExistsAsync(call.RecordingId, default)).ShouldBeFalse(when);
    }

    /// <summary>A node works off what is due, as the jobs do, until the recording is gone.</summary>
    private async Task ArriveAsync(RecordedCall call, bool all = true)
    {
        var due = node.Get<DueMessages>();
        await Eventually.TrueAsync(async () =>
        {
            clock.Skip(TimeSpan.FromMinutes(30));
            await due.SendAsync(RecordingRecoveryEffects.Kind, 1, m => new RecoverRecording(RecordingOf(m)), default);
            await due.SendAsync(OutboxKinds.RecordingUpload, 1, m => new UploadRecording(RecordingOf(m)), default);
            return (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingPurged
                && await node.OutboxAsync(OutboxKinds.RecordingUpload) == 0 && await node.OutboxAsync(RecordingRecoveryEffects.Kind) == 0;
        });
        await ShouldBeTheWholeStoryAsync(call, all);
    }

    private async Task ShouldBeTheWholeStoryAsync(RecordedCall call, bool all)
    {
        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        var told = events.OfType<RecordingPartAttached>().ToList();
        told.Select(p => p.Part).ShouldBe(Enumerable.Range(1, told.Count));
        told.ShouldAllBe(p => p.Parts == told.Count);
        events.OfType<RecordingReady>().ShouldHaveSingleItem();
        events.OfType<RecordingUploadConfirmed>().ShouldHaveSingleItem();
        events.OfType<RecordingPurged>().ShouldHaveSingleItem().Reason.ShouldBe(PurgeReason.Confirmed);

        var ticket = (await node.Tickets.FindBySubjectAsync(call.SessionId, default)).ShouldNotBeNull();
        var attached = await node.Tickets.AttachmentsAsync(ticket.Id, default);
        attached.Select(a => a.Id.ToString("D")).ShouldBe(told.Select(p => p.AttachmentId));
        var title = $"Call recording {call.SessionId}";
        attached.Select(a => a.FileName).ShouldBe(told.Count == 1 ? [$"{title}.wav"] : told.Select(p => $"{title} part {p.Part} of {told.Count}.wav"));
        var audio = await Attached.PcmAsync(node.Tickets, attached);
        // The second that a process dies in is lost with it (ADR 0009); nothing before that is.
        audio.Length.ShouldBeGreaterThanOrEqualTo(all ? call.Audio.Length : Segments[0]);
        call.Audio.AsSpan().StartsWith(audio).ShouldBeTrue();

        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        (await provider.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
    }

    private static Guid RecordingOf(OutboxMessage message) => OutboxJson.Read<RecordingDue>(message.Payload).RecordingId;

    private Task<AppNode> StartAsync() => AppNode.StartAsync(database.ConnectionString, new FaultyStorage(folder.Storage, faults, folder.DirectoryOf), clock, services =>
    {
        services.AddSingleton(all => ActivatorUtilities.CreateInstance<RecordingParts>(all, (long)MaxPart));
        services.AddSingleton<ICrm>(all => new FaultyCrm(all.GetRequiredService<BuiltInCrm>(), faults));
        services.AddSingleton<IProviderRecordings>(provider);
        services.AddSingleton<IEventStore>(all => new FaultyLog(all.GetRequiredService<Infrastructure.EventStore.PostgresEventStore>(), faults));
        // Whoever died holds its messages no longer than this.
        services.AddSingleton(new OutboxOptions { Lease = TimeSpan.FromMilliseconds(150) });
    });

    private async Task RestartAsync()
    {
        faults.At = null;
        await node.DisposeAsync();
        node = await StartAsync();
    }
}
