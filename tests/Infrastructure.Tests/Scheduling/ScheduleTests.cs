using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Agents;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

public sealed class ScheduleTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private AppNode first = null!;
    private AppNode second = null!;

    public async Task InitializeAsync()
    {
        first = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock);
        second = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock);
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Two_nodes_fire_each_timer_once_and_one_goes_on_when_the_other_stops()
    {
        await Task.WhenAll(first.StartJobsAsync(), second.StartJobsAsync());
        var offers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => OfferAsync()));
        await Eventually.TrueAsync(async () => await first.OutboxAsync(OutboxKinds.OfferTimer) == 0, Soon);
        await first.StopJobsAsync();
        var later = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => OfferAsync()));
        await Eventually.TrueAsync(async () => await second.OutboxAsync(OutboxKinds.OfferTimer) == 0, Soon);
        await second.StopJobsAsync();

        foreach (var (session, agent) in offers.Concat(later))
        {
            (await second.EventsAsync(Aggregates.Session, session)).OfType<OfferFailed>().ShouldHaveSingleItem().Outcome.ShouldBe(OfferOutcome.Expired);
            (await second.EventsAsync(Aggregates.Agent, agent)).OfType<AgentReservationReleased>().ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task An_ended_call_is_in_its_ticket_and_gone_from_here_without_anybody_asking_and_its_wait_is_measured()
    {
        var outbox = first.Get<OutboxStore>();
        (await outbox.OldestWaitingRecordingAsync(default)).ShouldBeNull();
        var call = await RecordedCall.WriteAsync(first, folder, 16_000);
        var stopped = (await first.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingStopped>().Single().StoppedAt;
        (await outbox.OldestWaitingRecordingAsync(default)).ShouldNotBeNull().ShouldBe(stopped, TimeSpan.FromMilliseconds(1));
        await first.StartJobsAsync();
        await Eventually.TrueAsync(
            async () => (await first.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingPurged { Reason: PurgeReason.Confirmed }, Soon);
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse();
        var ticket = (await first.Tickets.FindBySubjectAsync(call.SessionId, default)).ShouldNotBeNull();
        (await first.Tickets.AttachmentsAsync(ticket.Id, default)).ShouldHaveSingleItem();
        await Eventually.TrueAsync(async () => (await first.EventsAsync(Aggregates.Session, call.SessionId)).OfType<TicketLinked>().Count() == 1, Soon);
        await Eventually.TrueAsync(async () => await outbox.OldestWaitingRecordingAsync(default) is null, Soon);
        await first.StopJobsAsync();
    }

    [Fact]
    public async Task A_recording_whose_engine_died_is_recovered()
    {
        var call = await RecordedCall.StopAsync(first, folder, 16_000);
        clock.Skip(RecordingRecoveryEffects.Patience + TimeSpan.FromSeconds(1));
        await first.StartJobsAsync();
        await Eventually.TrueAsync(
            async () => (await first.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingPurged { Reason: PurgeReason.Confirmed }, Soon);
        await first.StopJobsAsync();
    }

    [Fact]
    public async Task Every_job_says_when_it_ran_and_how_it_went()
    {
        await first.StartJobsAsync();
        var jobs = first.Get<IJobs>();
        await Eventually.TrueAsync(async () => (await jobs.ListAsync(default)).All(j => j.LastRunAt is not null && j.LastResult == "ok"), Soon);
        var all = await jobs.ListAsync(default);
        all.Select(j => j.Name).ShouldBe(
            [
                "end-lost-monitors", "end-overdue-calls", "end-stuck-sessions", "enforce-recording-limit", "expire-recordings", "finish-voicemails", "finish-wrap-ups", "maintain-log", "notice-pauses",
                "place-scheduled-calls", "reap-ghost-agents", "recover-recordings", "release-stale-offers", "sign-out-lost-agents", "sweep-message-audio", "upload-recordings",
            ]);
        all.ShouldAllBe(j => j.LastResult == "ok" && j.Failures == 0 && j.NextRunAt > j.LastRunAt);
        (TimeProvider.System.GetUtcNow() - all[0].LastRunAt!.Value).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
        await first.StopJobsAsync();

        var outcomes = first.Get<JobOutcomes>();
        await outcomes.FailedAsync("maintain-log", "IOException: no disk", default);
        (await jobs.ListAsync(default)).Single(j => j.Name == "maintain-log").ShouldSatisfyAllConditions(
            j => j.LastResult.ShouldBe("failed"), j => j.Failures.ShouldBe(1), j => j.LastError.ShouldBe("IOException: no disk"));
        await outcomes.SucceededAsync("maintain-log", default);
        (await jobs.ListAsync(default)).Single(j => j.Name == "maintain-log").LastResult.ShouldBe("ok");
    }

    [Fact]
    public async Task An_agent_whose_adapter_is_silent_too_long_is_signed_out_and_one_who_is_there_is_not()
    {
        var presence = first.Get<IAdapterPresence>();
        var (gone, here) = (Sample.NewId(), Sample.NewId());
        foreach (var agent in new[] { gone, here })
        {
            await presence.SeenAsync(agent, "connection", default);
            await SignInAsync(agent);
        }

        presence.Gone(gone, "connection");
        const string Age =
            """
            update adapter_presence set seen_at = seen_at - interval '16 seconds';
            insert into adapter_watch (since, looked_at) values (clock_timestamp() - interval '16 seconds', clock_timestamp())
            on conflict (singleton) do update set since = excluded.since, looked_at = excluded.looked_at
            """;
        await using (var age = database.DataSource.CreateCommand(Age))
            await age.ExecuteNonQueryAsync();
        await first.Get<AdapterPresence>().TellAsync(default);
        await first.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await first.EventsAsync(Aggregates.Agent, gone)).OfType<AgentSignedOut>().Any(), Soon);
        (await first.EventsAsync(Aggregates.Agent, here)).OfType<AgentSignedOut>().ShouldBeEmpty();
        await Eventually.TrueAsync(async () => (await presence.FindLostAsync(default)).Count == 0, Soon);
        await first.StopJobsAsync();
    }

    [Fact]
    public async Task A_call_whose_agent_does_not_get_ready_is_given_back_to_its_queue()
    {
        var (session, agent, offer, queue, now) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        var preparation = new Preparation("Web call from Support", Speed: 1, Countdown: true);
        await SignInAsync(agent);
        await first.AppendAsync(
            Aggregates.Agent, agent, new AgentReserved(agent, session, offer, SessionKind.Call, now), new AgentEngaged(agent, session, offer, SessionKind.Call, now));
        await first.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(
                session, SessionKind.Call, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Call, queue, ["Support"], now),
            new SessionOffered(session, SessionKind.Call, offer, agent, queue, preparation, now, now + TimeSpan.FromSeconds(30)),
            new OfferAccepted(session, SessionKind.Call, offer, agent, preparation, now));
        clock.Skip(preparation.TimeAllowed());
        await first.StartJobsAsync();
        await Eventually.TrueAsync(async () => await first.OutboxAsync(OutboxKinds.PreparationTimer) == 0, Soon);
        await first.StopJobsAsync();

        (await first.EventsAsync(Aggregates.Session, session))[^1].ShouldBeOfType<OfferFailed>().Outcome.ShouldBe(OfferOutcome.AgentLost);
        (await first.EventsAsync(Aggregates.Agent, agent))[^1].ShouldBeOfType<AgentReservationReleased>();
    }

    private Task SignInAsync(Guid agent) => first.AppendAsync(
        Aggregates.Agent, agent, new AgentSignedIn(agent, new Capacity(1, 3), [Channel.Web], clock.GetUtcNow()));

    private async Task<(Guid Session, Guid Agent)> OfferAsync()
    {
        var (session, agent, offer, queue, now) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        await SignInAsync(agent);
        await first.AppendAsync(Aggregates.Agent, agent, new AgentReserved(agent, session, offer, SessionKind.Chat, now));
        await first.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(
                session, SessionKind.Chat, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Chat, queue, ["Support"], now),
            new SessionOffered(session, SessionKind.Chat, offer, agent, queue, Preparation.None, now, now + TimeSpan.FromMilliseconds(200)));
        return (session, agent);
    }
}
