using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

public sealed class WholeWayTests
{
    [Fact]
    public async Task A_call_goes_from_arrival_to_a_recording_that_waits_for_the_crm()
    {
        await using var center = await Center.OpenAsync();
        var (host, agent) = (center.Host, TestHost.Agent(center.AgentId));
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        await host.DoAsync(agent, new AcceptOffer(center.AgentId, sessionId, offerId));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Preparing);

        var facts = host.Get<IMediaFacts>();
        var whisper = MediaEffects.LastPromptOf(offerId, (await center.SessionAsync(sessionId)).Preparation)!.Value;
        await facts.ReportAsync(new PromptFinished(host.NewId(), sessionId, host.NewId()), CancellationToken.None);
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Preparing, "another prompt's end connects nobody");
        await facts.ReportAsync(new PromptFinished(host.NewId(), sessionId, whisper), CancellationToken.None);

        await host.DoAsync(agent, new HoldSession(center.AgentId, sessionId));
        await host.DoAsync(agent, new ResumeSession(center.AgentId, sessionId));
        await facts.ReportAsync(new LegEnded(host.NewId(), sessionId, sessionId, "hung_up"), CancellationToken.None);
        await host.DoAsync(agent, new FinishWrapUp(center.AgentId, sessionId, "solved"));
        var recordingId = RecordingId.Of(sessionId);
        await facts.ReportAsync(new SegmentClosed(host.NewId(), sessionId, recordingId, 1, 8000, "aa"), CancellationToken.None);
        await facts.ReportAsync(new SegmentClosed(host.NewId(), sessionId, recordingId, 2, 16000, "bb"), CancellationToken.None);

        host.TypesOf(Aggregates.Session, sessionId).ShouldBe([
            "session.requested.v2", "session.queued.v1", "session.recording_announced.v1", "session.offered.v1", "session.offer_accepted.v1", "session.connected.v1",
            "session.held.v1", "session.resumed.v1", "session.ended.v2", "session.wrapped_up.v2"]);
        host.TypesOf(Aggregates.Recording, recordingId).ShouldBe([
            "recording.started.v2", "recording.paused.v1", "recording.resumed.v2", "recording.stopped.v1",
            "recording.segment_completed.v1", "recording.segment_completed.v1", "recording.ready.v1"]);
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        Kinds(host, sessionId).ShouldBe([
            MediaKinds.PlaceLeg, OutboxKinds.OpenTicket, MediaKinds.Play, OutboxKinds.OfferTimer, MediaKinds.PlaceLeg, MediaKinds.Play, OutboxKinds.PreparationTimer,
            MediaKinds.MoveLeg, MediaKinds.MoveLeg, MediaKinds.Play, MediaKinds.StartSegment,
            MediaKinds.MoveLeg, MediaKinds.StopSegment, MediaKinds.MoveLeg, MediaKinds.StartSegment,
            MediaKinds.Release, OutboxKinds.WrapUpTimer, OutboxKinds.WrapUpNote]);
        host.Log.Outbox.ShouldContain(m => m.Kind == OutboxKinds.RecordingUpload && OutboxJson.Read<RecordingDue>(m.Payload).RecordingId == recordingId);

        var details = await host.DoAsync(TestHost.Admin, new GetRecording(recordingId));
        (details.Status, details.RecordedSeconds).ShouldBe((RecordingStatus.Ready, 3));
    }

    [Fact]
    public async Task A_call_whose_agent_never_gets_ready_goes_back_to_its_queue_when_the_timer_fires()
    {
        await using var center = await Center.OpenAsync();
        var host = center.Host;
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        await host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, sessionId, offerId));
        var timer = host.Log.Outbox.Single(m => m.Kind == OutboxKinds.PreparationTimer);
        (timer.DueAt - host.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
        var due = OutboxJson.Read<OfferDue>(timer.Payload);

        await host.DoAsSystemAsync(new ExpirePreparation(due.SessionId, due.OfferId));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Queued);
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        host.Log.Outbox.ShouldContain(m => m.Kind == MediaKinds.HangUp);

        var connected = await center.ConnectedAsync();
        await host.DoAsSystemAsync(new ExpirePreparation(connected, (await center.SessionAsync(connected)).OfferId!.Value));
        (await center.SessionAsync(connected)).Status.ShouldBe(SessionStatus.Connected);
    }

    [Fact]
    public async Task A_chat_goes_from_arrival_to_a_transcript_for_the_crm()
    {
        await using var center = await Center.OpenAsync();
        var (host, agent) = (center.Host, TestHost.Agent(center.AgentId));
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        await host.DoAsync(TestHost.Sdk, new SendConsumerMessage(sessionId, host.NewId(), "Where is my refund?"));
        await host.DoAsync(agent, new SendAgentMessage(center.AgentId, sessionId, host.NewId(), "On its way."));
        await host.DoAsync(agent, new EndOwnSession(center.AgentId, sessionId));
        await host.DoAsync(agent, new FinishWrapUp(center.AgentId, sessionId, Disposition: null));

        host.TypesOf(Aggregates.Session, sessionId).ShouldBe([
            "session.requested.v2", "session.queued.v1", "session.offered.v1", "session.offer_accepted.v1", "session.connected.v1",
            "session.message_sent.v1", "session.message_sent.v1", "session.ended.v2", "session.wrapped_up.v2"]);
        Kinds(host, sessionId).ShouldBe([OutboxKinds.OpenTicket, OutboxKinds.OfferTimer, OutboxKinds.Transcript, OutboxKinds.WrapUpTimer]);
        (await host.DoAsync(TestHost.Admin, new GetTranscript(sessionId))).Select(m => (m.From, m.Text))
            .ShouldBe([(SessionParty.Consumer, "Where is my refund?"), (SessionParty.Agent, "On its way.")]);
    }

    [Fact]
    public async Task Details_tell_the_course_of_a_transferred_call()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        var host = center.Host;
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.DoAsync(TestHost.Agent(center.AgentId), new HoldSession(center.AgentId, sessionId));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await host.DoAsync(TestHost.Agent(center.AgentId), new ResumeSession(center.AgentId, sessionId));
        var other = await center.NewQueueAsync();
        await host.DoAsync(TestHost.Agent(center.AgentId), new TransferSession(center.AgentId, sessionId, other));
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        await host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));

        var details = await host.DoAsync(TestHost.Admin, new GetSession(sessionId));
        details.Metrics.TalkSeconds.ShouldBe(60, tolerance: 30);
        details.Metrics.HoldSeconds.ShouldBe(120, tolerance: 30);
        details.Metrics.WaitSeconds.ShouldBe(180, tolerance: 30);
        details.Transfers.ShouldHaveSingleItem().Outcome.ShouldBe("abandoned");
        details.ConsumerName!.ShouldStartWith("Web User - ");
        details.Participants.Select(p => (p.Party, p.Name == "ann", p.LeftAt is not null))
            .ShouldBe([(SessionParty.Consumer, false, true), (SessionParty.Agent, true, true)]);
        (await host.DoAsync(TestHost.Admin, new GetSessionHistory(sessionId))).Events.Count.ShouldBe((int)details.Version);
    }

    [Fact]
    public async Task A_call_without_consent_leaves_no_recording()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(consent: RecordingConsent.Denied);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new HoldSession(center.AgentId, sessionId));
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        center.Host.Log.Events.ShouldNotContain(e => e.Data is RecordingEvent);
        center.Host.Log.Outbox.ShouldNotContain(m => m.Kind == MediaKinds.StartSegment);
    }

    [Fact]
    public async Task Media_commands_come_back_from_the_outbox_as_they_were()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        await center.ConnectedAsync();
        var engine = new ListeningEngine();
        var handler = new MediaOutboxHandler(engine, center.Host.Get<PartyNumbers>(), center.Host.Get<PromptAudios>(), center.Host.Get<IMediaFacts>());
        foreach (var message in center.Host.Log.Outbox.Where(m => m.Kind.StartsWith(MediaKinds.Prefix, StringComparison.Ordinal)))
        {
            await handler.HandleAsync(message, CancellationToken.None);
            engine.Heard[^1].Id.ShouldBe(message.Id);
            MediaKinds.Of(engine.Heard[^1]).ShouldBe(message.Kind);
        }

        engine.Heard.OfType<PlayPrompt>().Take(2).Select(p => p.Prompt)
            .ShouldBe([new(PromptKind.Message, "This call may be recorded."), new(PromptKind.Whisper, "Web call from Refunds")]);
    }

    private static string[] Kinds(TestHost host, Guid sessionId) => [.. host.Log.Outbox.Where(m => m.Key == sessionId.ToString()).Select(m => m.Kind)];

    private sealed class ListeningEngine : IMediaEngine
    {
        public List<MediaCommand> Heard { get; } = [];

        public string Name => "listening";

        public bool Knows(Guid sessionId) => true;

        public Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken)
        {
            Heard.Add(command);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<AudioFrame> ListenAsync(Guid sessionId, CancellationToken cancellationToken) => AsyncEnumerable.Empty<AudioFrame>();
    }
}
