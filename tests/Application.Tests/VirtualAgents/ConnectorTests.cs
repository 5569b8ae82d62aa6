using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Application.Tests.VirtualAgents;

/// <summary>A virtual agent's connector that answers, is slow, fails, or answers twice; it is outside, so it is told here what to do.</summary>
public sealed class ConnectorTests
{
    [Fact]
    public async Task It_is_asked_once_it_joined_and_for_each_message_with_ids_that_stay_the_same()
    {
        await using var center = await OpenAsync();
        var outside = new Outside(turn => new VirtualAgentReaction([turn.Said is null ? "Hello" : $"You said {turn.Said}"]));
        var chat = await ChatAsync(center);
        await center.Host.DoAsync(TestHost.Sdk, new SendConsumerMessage(chat, center.Host.NewId(), "refund"));
        await DeliverAsync(center, chat, outside);
        await DeliverAsync(center, chat, outside);

        (await WrittenAsync(center, chat)).ShouldBe([(SessionParty.Consumer, "refund"), (SessionParty.VirtualAgent, "Hello"), (SessionParty.VirtualAgent, "You said refund")]);
        outside.Asked.Select(t => t.Id).Distinct().Count().ShouldBe(2);
        outside.Asked.Count.ShouldBe(4);
        TurnsOf(center, chat).ShouldAllBe(m => !m.Payload.Contains("refund", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SessionKind.Call)]
    [InlineData(SessionKind.Chat)]
    public async Task One_that_fails_gives_the_consumer_to_people(SessionKind kind)
    {
        await using var center = await OpenAsync();
        var id = await AskAsync(center, kind);
        await DeliverAsync(center, id, new Outside(_ => throw new InvalidOperationException("down")));

        (await center.SessionAsync(id)).Status.ShouldBe(SessionStatus.Queued);
        LeftOf(center, id).ShouldBe((VirtualAgentOutcome.Failed, "connector_failed"));
    }

    [Fact]
    public async Task What_the_consumer_wrote_is_not_logged_where_the_failure_repeats_it()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        var log = new CollectedLog<VirtualAgentOutboxHandler>();
        await center.Host.DoAsync(TestHost.Sdk, new SendConsumerMessage(chat, center.Host.NewId(), "my card is 4711"));
        var outside = new Outside(turn => turn.Said is null ? new VirtualAgentReaction([]) : throw new FormatException($"Cannot read {turn.Said}."));
        foreach (var turn in TurnsOf(center, chat).ToList())
            await HandlerOn(center.Host, outside, log: log).HandleAsync(turn, CancellationToken.None);

        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("FormatException");
        line.ShouldContain(chat.ToString());
        line.ShouldNotContain("4711");
    }

    [Fact]
    public async Task One_that_hangs_without_listening_to_anybody_is_not_waited_for_longer_than_the_time_out()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        await DeliverAsync(center, chat, new Outside(_ => null), new VirtualAgentOptions(TimeSpan.FromMilliseconds(200)));

        LeftOf(center, chat).ShouldBe((VirtualAgentOutcome.Failed, "timed_out"));
        (await center.SessionAsync(chat)).Status.ShouldBe(SessionStatus.Queued);
    }

    [Fact]
    public async Task A_turn_that_waited_too_long_behind_others_is_not_asked_at_all()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        center.Host.Clock.Advance(TimeSpan.FromSeconds(11));
        var outside = new Outside(_ => new VirtualAgentReaction(["Hello"]));
        await DeliverAsync(center, chat, outside);

        outside.Asked.ShouldBeEmpty();
        LeftOf(center, chat).Reason.ShouldBe("timed_out");
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_of_a_turn_leaves_it_to_the_next_which_asks_the_same_once_more()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        using var dies = new CancellationTokenSource();
        var first = new Outside(_ =>
        {
            dies.Cancel();
            return null;
        });
        await Should.ThrowAsync<OperationCanceledException>(DeliverAsync(center, chat, first, node: dies.Token).WaitAsync(TimeSpan.FromSeconds(30)));
        (await center.SessionAsync(chat)).Status.ShouldBe(SessionStatus.VirtualAgent);
        (await WrittenAsync(center, chat)).ShouldBeEmpty();

        await using var other = new TestHost(center.Host);
        var second = new Outside(_ => new VirtualAgentReaction(["Hello"]));
        await DeliverAsync(center, chat, second, on: other);
        second.Asked.ShouldHaveSingleItem().Id.ShouldBe(first.Asked.ShouldHaveSingleItem().Id);
        (await WrittenAsync(center, chat)).ShouldBe([(SessionParty.VirtualAgent, "Hello")]);
    }

    [Fact]
    public async Task The_hundredth_turn_of_a_chat_reads_no_more_than_the_first()
    {
        await using var center = await OpenAsync();
        var asked = center.Ask(SessionKind.Chat) with { Data = new Dictionary<string, string> { ["order"] = "17" } };
        var chat = (await center.Host.DoAsync(TestHost.Sdk, asked)).Id;
        var outside = new Outside(turn => new VirtualAgentReaction([$"You said {turn.Said}"]));
        for (var i = 0; i < 100; i++)
            await center.Host.DoAsync(TestHost.Sdk, new SendConsumerMessage(chat, center.Host.NewId(), $"message {i}"));
        var (turns, before) = (TurnsOf(center, chat).ToList(), 0);
        foreach (var turn in turns)
        {
            before = center.Host.Store.EventsRead;
            await DeliverAsync(center, turn, outside);
        }

        outside.Asked[^1].Said.ShouldBe("message 99");
        outside.Asked[50].Said.ShouldBe("message 49");
        outside.Asked[0].Data.ShouldBe(new Dictionary<string, string> { ["order"] = "17" });
        (center.Host.Store.EventsRead - before).ShouldBeLessThan(300);
        turns = [.. TurnsOf(center, chat)];
        await center.Host.DoAsync(TestHost.Sdk, new SendConsumerMessage(chat, center.Host.NewId(), "the last"));
        before = center.Host.Store.EventsRead;
        await DeliverAsync(center, TurnsOf(center, chat).Except(turns).Single(), outside);
        outside.Asked[^1].Said.ShouldBe("the last");
        (center.Host.Store.EventsRead - before).ShouldBeLessThan(60);
    }

    [Theory]
    [InlineData(IdentityKind.Phone, "+4930123456", VoicemailStatus.Greeting)]
    [InlineData(IdentityKind.Visitor, "somebody", VoicemailStatus.AskingNumber)]
    public async Task Whom_it_passes_on_from_a_closed_queue_leaves_a_message_for_its_agents(IdentityKind kind, string identity, VoicemailStatus status)
    {
        await using var center = await OpenAsync();
        var host = center.Host;
        foreach (var key in Enum.GetValues<MessageKey>())
            await host.DoAsync(TestHost.Admin, new SetMessage(key, "en", new Message($"{key}")), ifMatch: host.Stream(Aggregates.Settings, SettingsPages.Messages).Count);
        var queue = await center.NewQueueAsync(channel: Channel.Ivr);
        await host.DoAsync(TestHost.Admin, new SetQueueHours(queue, new HoursSchedule("Europe/Berlin")), ifMatch: VersionOf(center, queue));
        await host.DoAsync(TestHost.Admin, new ConfigureQueueDeflection(queue, new QueueDeflection(new IvrDeflection(IvrOption.Voicemail))), ifMatch: VersionOf(center, queue));
        await host.DoAsync(
            TestHost.Admin, new AssignVirtualAgent(queue, new VirtualAgentAssignment("Vera", "simulated", VirtualAgentAvailability.Always)), ifMatch: VersionOf(center, queue));
        var asked = center.Ask() with { Channel = Channel.Ivr, QueueId = queue, Consumer = new ConsumerRef(kind, identity, Name: null) };
        var call = (await host.DoAsync(TestHost.Sdk, asked)).Id;
        await DeliverAsync(center, call, new Outside(_ => new VirtualAgentReaction([], VirtualAgentStep.Escalate)));

        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.LeavingMessage);
        var voicemail = await host.StateAsync(Aggregates.Voicemail, call);
        (voicemail.QueueId, voicemail.Status, voicemail.FromDeflection, voicemail.HasNumber).ShouldBe((queue, status, true, kind == IdentityKind.Phone));
        host.Together("voicemail.started.v1").ShouldContain("session.virtual_agent_left.v1");
        Commands<MoveLeg>(center, MediaKinds.MoveLeg).ShouldContain(m => m.SessionId == call && m.Space == SpaceKind.Voicemail);
    }

    [Fact]
    public async Task A_connector_that_is_not_installed_any_more_loses_nobody()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        await DeliverAsync(center, chat);
        LeftOf(center, chat).Reason.ShouldBe("no_connector");
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_consumer_left_does_nothing()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        var seat = (await center.SessionAsync(chat)).VirtualAgent!;
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(chat));
        var before = center.Host.TypesOf(Aggregates.Session, chat);
        await DeliverAsync(center, chat, new Outside(_ => new VirtualAgentReaction(["Hello"], VirtualAgentStep.Escalate)));
        await center.Host.DoAsSystemAsync(new AnswerAsVirtualAgent(chat, seat.Id, new VirtualAgentAnswer([new(center.Host.NewId(), "Hello")], VirtualAgentStep.Escalate)));

        before[^2..].ShouldBe(["session.virtual_agent_left.v1", "session.ended.v2"]);
        center.Host.TypesOf(Aggregates.Session, chat).ShouldBe(before);
    }

    [Fact]
    public async Task It_escalates_to_the_queue_it_names_if_that_takes_transfers_and_to_its_own_if_not()
    {
        await using var center = await OpenAsync();
        var (open, closed) = (await center.NewQueueAsync(), await center.NewQueueAsync());
        await center.Host.DoAsync(TestHost.Admin, new SetQueueHours(closed, new HoursSchedule("Europe/Berlin")), ifMatch: VersionOf(center, closed));
        var (inner, archived, foreign) = (await center.NewQueueAsync(), await center.NewQueueAsync(), await center.NewQueueAsync(channel: Channel.Mobile));
        var leaf = (await center.Host.DoAsync(TestHost.Admin, new CreateQueue(null, "Leaf", Channel.Web, inner, []))).Id;
        await center.Host.DoAsSystemAsync(new ArchiveQueue(archived));
        foreach (var takes in new[] { open, leaf })
            (await EscalatedAsync(takes)).ShouldBe(takes);
        foreach (var refuses in new[] { closed, inner, archived, foreign, center.Host.NewId() })
            (await EscalatedAsync(refuses)).ShouldBe(center.QueueId);

        async Task<Guid> EscalatedAsync(Guid to)
        {
            var chat = await ChatAsync(center);
            await DeliverAsync(center, chat, new Outside(_ => new VirtualAgentReaction([], VirtualAgentStep.Escalate, to)));
            var session = await center.SessionAsync(chat);
            session.Status.ShouldBe(SessionStatus.Queued);
            return session.QueueId;
        }
    }

    [Fact]
    public async Task Bound_to_business_hours_it_answers_while_the_queue_is_open_and_not_after()
    {
        await using var center = await OpenAsync(VirtualAgentAvailability.BusinessHours);
        (await center.SessionAsync(await ChatAsync(center))).Status.ShouldBe(SessionStatus.VirtualAgent);
        await center.Host.DoAsync(TestHost.Admin, new SetQueueHours(center.QueueId, new HoursSchedule("Europe/Berlin")), ifMatch: VersionOf(center, center.QueueId));
        (await center.SessionAsync(await ChatAsync(center))).Status.ShouldBe(SessionStatus.Queued);
    }

    [Fact]
    public async Task In_a_call_it_has_a_leg_in_the_conversation_and_is_not_recorded()
    {
        await using var center = await OpenAsync();
        var call = await AskAsync(center, SessionKind.Call);
        var seat = (await center.SessionAsync(call)).VirtualAgent!;
        var legs = Commands<PlaceLeg>(center, MediaKinds.PlaceLeg);
        legs.ShouldContain(l => l.LegId == seat.Id && l.Party == Party.VirtualAgent && l.Space == SpaceKind.Conversation);
        Commands<MoveLeg>(center, MediaKinds.MoveLeg).ShouldContain(m => m.LegId == call && m.Space == SpaceKind.Conversation);

        await center.Host.Get<IMediaFacts>().ReportAsync(new LegEnded(center.Host.NewId(), call, seat.Id, "failed"), CancellationToken.None);
        LeftOf(center, call).ShouldBe((VirtualAgentOutcome.Failed, "leg_lost"));
        Commands<MoveLeg>(center, MediaKinds.MoveLeg).ShouldContain(m => m.LegId == call && m.Space == SpaceKind.Queue);
        center.Host.Log.Outbox.ShouldNotContain(m => m.Kind == MediaKinds.StartSegment);
    }

    [Fact]
    public async Task Details_tell_its_part_in_seconds_and_by_name()
    {
        await using var center = await OpenAsync();
        var chat = await ChatAsync(center);
        var now = await center.Host.DoAsync(TestHost.Admin, new GetSession(chat));
        (now.Status, now.VirtualAgent, now.AgentId).ShouldBe((SessionStatus.VirtualAgent, "Vera", null));
        center.Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await DeliverAsync(center, chat, new Outside(_ => new VirtualAgentReaction([])));

        var details = await center.Host.DoAsync(TestHost.Admin, new GetSession(chat));
        details.Metrics.VirtualAgentSeconds.ShouldBe(120, tolerance: 30);
        var part = details.Participants.Single(p => p.Party == SessionParty.VirtualAgent);
        (part.Name, part.LeftAt is not null, details.VirtualAgent).ShouldBe(("Vera", true, null));
    }

    private static async Task<Center> OpenAsync(VirtualAgentAvailability availability = VirtualAgentAvailability.Always)
    {
        var center = await Center.OpenAsync(whisper: false);
        await center.Host.DoAsync(
            TestHost.Admin, new AssignVirtualAgent(center.QueueId, new VirtualAgentAssignment("Vera", "simulated", availability)), ifMatch: VersionOf(center, center.QueueId));
        return center;
    }

    private static long VersionOf(Center center, Guid queueId) => center.Host.Stream(Aggregates.Queue, queueId).Count;

    private static Task<Guid> ChatAsync(Center center) => AskAsync(center, SessionKind.Chat);

    private static async Task<Guid> AskAsync(Center center, SessionKind kind) =>
        (await center.Host.DoAsync(TestHost.Sdk, center.Ask(kind, center.Host.NewId().ToString()))).Id;

    private static IEnumerable<OutboxMessage> TurnsOf(Center center, Guid sessionId) =>
        center.Host.Log.Outbox.Where(m => m.Kind == VirtualAgentEffects.Turn && m.Key == sessionId.ToString());

    private static IEnumerable<T> Commands<T>(Center center, string kind) =>
        center.Host.Log.Outbox.Where(m => m.Kind == kind).Select(m => OutboxJson.Read<T>(m.Payload));

    private static async Task<IReadOnlyList<(SessionParty, string?)>> WrittenAsync(Center center, Guid chat) =>
        [.. (await center.Host.DoAsync(TestHost.Admin, new GetTranscript(chat))).Select(m => (m.From, m.Text))];

    private static (VirtualAgentOutcome Outcome, string Reason) LeftOf(Center center, Guid sessionId)
    {
        var left = center.Host.Stream(Aggregates.Session, sessionId).Select(e => e.Data).OfType<VirtualAgentLeft>().ShouldHaveSingleItem();
        return (left.Outcome, left.Reason);
    }

    private static async Task DeliverAsync(
        Center center, Guid sessionId, Outside? outside = null, VirtualAgentOptions? options = null, TestHost? on = null, CancellationToken node = default)
    {
        foreach (var turn in TurnsOf(center, sessionId).ToList())
            await HandlerOn(on ?? center.Host, outside, options).HandleAsync(turn, node);
    }

    private static Task DeliverAsync(Center center, OutboxMessage turn, Outside outside) => HandlerOn(center.Host, outside).HandleAsync(turn, CancellationToken.None);

    private static VirtualAgentOutboxHandler HandlerOn(
        TestHost host, Outside? outside, VirtualAgentOptions? options = null, ILogger<VirtualAgentOutboxHandler>? log = null) => new(
        outside is null ? [] : [outside], host.Get<Dispatcher>(), host.Get<AggregateReader>(), host.Store, options ?? VirtualAgentOptions.Default, host.Clock,
        log ?? NullLogger<VirtualAgentOutboxHandler>.Instance);

    private sealed class Outside(Func<VirtualAgentTurn, VirtualAgentReaction?> answer) : IVirtualAgentConnector
    {
        public List<VirtualAgentTurn> Asked { get; } = [];

        public string Name => "simulated";

        public Task<VirtualAgentReaction> AnswerAsync(VirtualAgentTurn turn, CancellationToken cancellationToken)
        {
            Asked.Add(turn);
            return answer(turn) is { } reaction ? Task.FromResult(reaction) : new TaskCompletionSource<VirtualAgentReaction>().Task;
        }
    }
}
