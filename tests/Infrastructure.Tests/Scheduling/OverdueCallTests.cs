using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>Calls that only their consumer is in, on an engine that never says that anything is over: timers end them (AHD-4, AHD-10, AHD-11).</summary>
public sealed class OverdueCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly VoicemailWords Words = new(new Message("Speak."), NumberBlocked: null, new Message("Your number?"), NumberEntered: null);
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly Guid queue = Sample.NewId();
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        node = await AppNode.StartAsync(await PostgresFixture.CreateDatabaseAsync(), folder.Storage, clock);
        await node.AppendAsync(Aggregates.Queue, queue, new QueueCreated(queue, "Billing", Channel.Ivr, ["Billing"], ParentId: null, [], clock.GetUtcNow()));
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Whatever_hangs_outside_a_queue_ends_with_a_reason_and_what_went_on_goes_on()
    {
        var now = clock.GetUtcNow();
        var message = await CallAsync(s => [Deflected(s, Route.MessageOnly)]);
        var redirected = await CallAsync(s => [Deflected(s, Route.PhoneNumber), new SessionRedirected(s, queue, "+4930123456", now)]);
        var greeted = await CallAsync(s => [new SessionVoicemailStarted(s, queue, now)]);
        await node.AppendAsync(Aggregates.Voicemail, greeted, Started(greeted), new VoicemailGreeted(greeted, [], now));
        var asked = await CallAsync(s => [new SessionVoicemailStarted(s, queue, now)]);
        await node.AppendAsync(Aggregates.Voicemail, asked, Started(asked), new VoicemailNumberAsked(asked, 1, [], now));
        var (booking, ringing) = await RingAsync();
        var (answered, talking) = await RingAsync();
        await node.AppendAsync(Aggregates.Session, talking, new SessionQueued(talking, SessionKind.Call, queue, ["Billing"], now));
        await node.AppendAsync(Aggregates.ScheduledCall, answered, new ScheduledCallReached(answered, talking, now));

        clock.Skip(TimeSpan.FromMinutes(16));
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => await node.OutboxAsync(OutboxKinds.OverdueTimer) == 0, Soon);
        await node.StopJobsAsync();

        foreach (var call in new[] { message, redirected, greeted, asked })
            (await EndOfAsync(call)).ShouldBe((SessionParty.System, "timed_out"));
        foreach (var voicemail in new[] { greeted, asked })
            (await node.EventsAsync(Aggregates.Voicemail, voicemail))[^1].ShouldBeOfType<VoicemailDiscarded>();
        (await EndOfAsync(ringing)).ShouldBe((SessionParty.System, "no_answer"));
        (await node.EventsAsync(Aggregates.ScheduledCall, booking))[^1].ShouldBeOfType<ScheduledCallNotReached>().Reason.ShouldBe("no_answer");
        (await node.EventsAsync(Aggregates.Session, talking)).ShouldNotContain(e => e is SessionEnded);
    }

    [Fact]
    public async Task A_message_as_long_as_it_may_be_ends_and_is_delivered_with_what_was_said()
    {
        var now = clock.GetUtcNow();
        var call = await CallAsync(s => [new SessionVoicemailStarted(s, queue, now)]);
        var recording = RecordingId.Of(call);
        await node.AppendAsync(
            Aggregates.Voicemail, call, Started(call), new VoicemailGreeted(call, [], now), new VoicemailRecordingBegun(call, now, now + Voicemail.MaxLength));
        await node.AppendAsync(Aggregates.Recording, recording, new RecordingStarted(recording, call, AgentId: null, queue, now, now, RecordedSpace.Voicemail));
        await folder.WriteAsync(recording, RecordingObjects.Segment(1), RecordingFolder.Audio(32_000));

        clock.Skip(Voicemail.MaxLength);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, call)).Any(e => e is SessionEnded), Soon);
        (await EndOfAsync(call)).ShouldBe((SessionParty.System, SessionDecider.LeftMessage));
        // Its engine never closes the segment: what storage has of it is looked for after a while.
        clock.Skip(RecordingRecoveryEffects.Patience);
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Voicemail, call))[^1] is VoicemailAssigned, Soon);
        (await node.EventsAsync(Aggregates.Voicemail, call)).OfType<VoicemailLeft>().ShouldHaveSingleItem().Seconds.ShouldBe(2);
        await node.StopJobsAsync();
    }

    [Fact]
    public async Task A_message_whose_recording_is_destroyed_before_it_is_whole_waits_for_nothing_any_more()
    {
        var now = clock.GetUtcNow();
        var call = await CallAsync(s => [new SessionVoicemailStarted(s, queue, now)]);
        var recording = RecordingId.Of(call);
        await node.AppendAsync(
            Aggregates.Voicemail, call, Started(call), new VoicemailGreeted(call, [], now), new VoicemailRecordingBegun(call, now, now + Voicemail.MaxLength));
        await node.AppendAsync(
            Aggregates.Recording, recording,
            new RecordingStarted(recording, call, AgentId: null, queue, now, now, RecordedSpace.Voicemail), new RecordingStopped(recording, call, 5, now));
        clock.Skip(Recording.Limit);
        (await node.SendAsync(new PurgeRecording(recording))).IsOk.ShouldBeTrue();

        (await node.EventsAsync(Aggregates.Recording, recording))[^1].ShouldBeOfType<RecordingPurged>();
        (await node.EventsAsync(Aggregates.Voicemail, call))[^1].ShouldBeOfType<VoicemailDiscarded>();
    }

    private async Task<(SessionParty By, string Reason)> EndOfAsync(Guid call)
    {
        var ended = (await node.EventsAsync(Aggregates.Session, call)).OfType<SessionEnded>().ShouldHaveSingleItem();
        return (ended.By, ended.Reason);
    }

    private async Task<Guid> CallAsync(Func<Guid, SessionEvent[]> after, Guid? scheduledCallId = null, Guid? id = null)
    {
        var call = id ?? Sample.NewId();
        var requested = new SessionRequested(
            call, SessionKind.Call, Channel.Ivr, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null,
            clock.GetUtcNow(), Choice: null, scheduledCallId);
        await node.AppendAsync(Aggregates.Session, call, [requested, .. after(call)]);
        return call;
    }

    private async Task<(Guid Booking, Guid Session)> RingAsync()
    {
        var (booking, now) = (Sample.NewId(), clock.GetUtcNow());
        var session = ScheduledCallIds.SessionOf(booking);
        await CallAsync(_ => [], booking, session);
        await node.AppendAsync(
            Aggregates.ScheduledCall, booking,
            new ScheduledCallBooked(
                booking, queue, Channel.Ivr, Sample.NewId(), "en", new PersonalText("+4930123456"), Sample.NewId(), now, 15, RecordingConsent.NotAsked,
                new Dictionary<string, PersonalText>(), CustomerFlags.None, Voice: null, now),
            new ScheduledCallPlaced(booking, session, now, now));
        return (booking, session);
    }

    private SessionDeflected Deflected(Guid call, Route route) => new(
        call, SessionKind.Call, route, queue, [queue], [], Choice: null, PhoneNumber: null, Email: null, new Message("Closed."), [], clock.GetUtcNow());

    private VoicemailStarted Started(Guid call) =>
        new(call, Sample.NewId(), queue, ["Billing"], FromDeflection: true, CrmOnly: false, Words, clock.GetUtcNow());
}
