using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>Agents on a number of their own, and calls that go on with a number outside (REC-1).</summary>
public sealed class OutsideTests
{
    private const string Number = "+4930123456";

    [Fact]
    public async Task An_agent_on_their_own_number_has_the_call_once_that_is_answered()
    {
        await using var center = await OpenAsync();
        var (call, offer) = await AcceptedAsync(center);
        (await center.SessionAsync(call)).ShouldSatisfyAllConditions(s => s.Status.ShouldBe(SessionStatus.Offered), s => s.AgentCalledAt.ShouldNotBeNull());
        (await center.AgentAsync()).WorkOn(call)!.Phase.ShouldBe(WorkPhase.Reserved);
        var leg = Commands(center, call).OfType<PlaceLeg>().Last();
        (leg.LegId, leg.Party, leg.Space, leg.ForwardedAgentId).ShouldBe((offer, Party.Agent, SpaceKind.Preparation, center.AgentId));
        center.Host.Log.Outbox.ShouldNotContain(m => m.Payload.Contains(Number, StringComparison.Ordinal));

        await AnsweredAsync(center, call, offer);
        center.Host.Together("session.connected.v1").ShouldBe(["agent.engaged.v1", "recording.started.v2", "session.connected.v1", "session.offer_accepted.v1"]);
        // Answered twice changes nothing.
        var events = center.Host.Log.Events.Count;
        await AnsweredAsync(center, call, offer);
        center.Host.Log.Events.Count.ShouldBe(events);
        // Who hangs up there ends the call, as in a browser.
        await EndedAsync(center, call, offer, "hung_up");
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Ended);
    }

    [Fact]
    public async Task The_number_is_told_to_the_engine_alone()
    {
        await using var center = await OpenAsync();
        var (call, _) = await AcceptedAsync(center);
        var numbers = center.Host.Get<PartyNumbers>();
        var placed = Commands(center, call).OfType<PlaceLeg>().Last();
        (await numbers.FindAsync(placed, CancellationToken.None))!.Value.Number.Value.ShouldBe(Number);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new ClearForwarding(center.AgentId));
        (await numbers.FindAsync(placed, CancellationToken.None))!.Value.Number.IsForgotten.ShouldBeTrue();
    }

    [Fact]
    public async Task With_a_whisper_the_agent_hears_it_on_the_phone_before_the_consumer()
    {
        await using var center = await OpenAsync(whisper: true);
        var (call, offer) = await AcceptedAsync(center);
        Commands(center, call).OfType<PlayPrompt>().ShouldNotContain(p => p.Prompt.Kind == PromptKind.Whisper);
        await center.Host.RefusedAsync("offer.not_open", TestHost.Agent(center.AgentId), new ReportPreparation(center.AgentId, call, offer));
        await AnsweredAsync(center, call, offer);
        var session = await center.SessionAsync(call);
        session.Status.ShouldBe(SessionStatus.Preparing);
        var last = MediaEffects.LastPromptOf(offer, session.Preparation)!.Value;
        await center.Host.Get<IMediaFacts>().ReportAsync(new PromptFinished(center.Host.NewId(), call, last), CancellationToken.None);
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("no_answer")]
    [InlineData("failed")]
    [InlineData("")]
    public async Task A_number_that_is_not_answered_is_an_offer_that_ran_out_and_three_pause_the_agent(string cause)
    {
        await using var center = await OpenAsync();
        for (var times = 1; times <= AgentDecider.MostUnanswered; times++)
        {
            var (call, offer) = await AcceptedAsync(center);
            if (cause.Length > 0)
            {
                await EndedAsync(center, call, offer, cause);
            }
            else
            {
                // The engine never says so: the timer does, and not before the number rang out.
                await center.Host.DoAsSystemAsync(new ExpireOffer(call, offer));
                (await center.SessionAsync(call)).AgentCalledAt.ShouldNotBeNull();
                center.Host.Clock.Advance(SessionDecider.LongestRingingOfAgents);
                center.Host.Log.Outbox.Count(m => m.Kind == OutboxKinds.OfferTimer && m.Key == call.ToString()).ShouldBe(2);
                await center.Host.DoAsSystemAsync(new ExpireOffer(call, offer));
            }

            var session = await center.SessionAsync(call);
            (session.Status, session.AgentId, session.AgentCalledAt).ShouldBe((SessionStatus.Queued, null, null));
            Commands(center, call)[^1].ShouldBeOfType<HangUpLeg>().LegId.ShouldBe(offer);
            (await center.AgentAsync()).Unanswered.ShouldBe(times);
            await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(call));
        }

        var agent = await center.AgentAsync();
        (agent.Presence, agent.PauseReason).ShouldBe((Presence.Paused, AgentDecider.Unresponsive));
    }

    [Fact]
    public async Task Chats_are_never_on_the_phone_and_whoever_may_not_sets_no_number()
    {
        await using var center = await OpenAsync();
        await center.ConnectedAsync(SessionKind.Chat);
        var other = await center.NewAgentAsync("ben");
        await center.Host.RefusedAsync("auth.forbidden", TestHost.Agent(other), new SetForwarding(center.AgentId, Number));
        await center.Host.RefusedAsync("request.invalid", TestHost.Agent(center.AgentId), new SetForwarding(center.AgentId, "030 123456"));
        await center.Host.RefusedAsync("agent.not_found", TestHost.Admin, new SetForwarding(center.Host.NewId(), Number));
        await center.Host.DoAsync(TestHost.Admin, new SetForwarding(other, Number));
        (await center.AgentAsync(other)).Forwarding!.PhoneNumber.Value.ShouldBe(Number);
    }

    [Fact]
    public async Task A_call_goes_on_outside_recorded_and_without_its_agent()
    {
        await using var center = await TalkingAsync();
        var (host, agent) = (center.Host, Caller(center));
        var call = await center.ConnectedAsync();
        var offer = (await center.SessionAsync(call)).OfferId!.Value;
        await host.DoAsync(agent, new TransferOutside(center.AgentId, call, Number, "tone:1000"));
        host.Together("session.transferred_outside.v1").ShouldBe(["agent.wrap_up_started.v1", "recording.paused.v1", "session.transferred_outside.v1"]);
        var party = (await center.SessionAsync(call)).Outside!.PartyId;
        Commands(center, call).TakeLast(4).Select(m => m.GetType()).ShouldBe([typeof(MoveLeg), typeof(HangUpLeg), typeof(PlaceLeg), typeof(StopSegment)]);
        var placed = Commands(center, call).OfType<PlaceLeg>().Last();
        (placed.LegId, placed.Party, (await host.Get<PartyNumbers>().FindAsync(placed, CancellationToken.None))!.Value).ShouldBe(
            (party, Party.Outside, new PartyLine(new(Number), "tone:1000")));
        host.Log.Outbox.ShouldNotContain(m => m.Payload.Contains(Number, StringComparison.Ordinal));

        await AnsweredAsync(center, call, party);
        var details = await host.DoAsync(TestHost.Admin, new GetSession(call));
        details.Status.ShouldBe(SessionStatus.Outside);
        details.Transfers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(t => t.IsOutside.ShouldBeTrue(), t => t.Outcome.ShouldBe("completed"), t => t.ToQueueId.ShouldBeNull());
        details.Participants.Single(p => p.LeftAt is null && p.Party != SessionParty.Consumer).Party.ShouldBe(SessionParty.Outside);
        ConsumerView.Of(details).Status.ShouldBe(SessionStatus.Connected);
        (await RecordingAsync(center, call)).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(RecordingStatus.Recording), r => r.Segments.ShouldBe(2));

        await EndedAsync(center, call, party, "hung_up");
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Ended);
        ((SessionEnded)host.Stream(Aggregates.Session, call).Single(e => e.Data is SessionEnded).Data).By.ShouldBe(SessionParty.Outside);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Stopped);
        offer.ShouldNotBe(party);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("no_answer")]
    [InlineData("")]
    public async Task Who_is_not_reached_outside_is_back_in_the_queue_with_the_reason_and_in_the_old_place(string cause)
    {
        await using var center = await TalkingAsync();
        var call = await center.ConnectedAsync();
        var queuedAt = (await center.SessionAsync(call)).QueuedAt;
        await center.Host.DoAsync(Caller(center), new TransferOutside(center.AgentId, call, Number));
        var party = (await center.SessionAsync(call)).Outside!.PartyId;
        if (cause.Length > 0)
        {
            await EndedAsync(center, call, party, cause);
        }
        else
        {
            await center.Host.DoAsSystemAsync(new EndOverdueCall(call));
            (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Outside, "it rings still");
            center.Host.Clock.Advance(SessionDecider.LongestRinging);
            center.Host.Log.Outbox.ShouldContain(m => m.Kind == OutboxKinds.OverdueTimer && m.Key == call.ToString());
            await center.Host.DoAsSystemAsync(new EndOverdueCall(call));
        }

        var session = await center.SessionAsync(call);
        (session.Status, session.QueuedAt, session.Outside).ShouldBe((SessionStatus.Queued, queuedAt, null));
        var returned = (SessionReturned)center.Host.Stream(Aggregates.Session, call)[^1].Data;
        returned.Reason.ShouldBe("outside_" + (cause.Length > 0 ? cause : "no_answer"));
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Queue]);
        (await center.Host.DoAsync(TestHost.Admin, new GetSession(call))).Transfers.ShouldHaveSingleItem().Outcome.ShouldBe("unreached");
        // An answer that comes too late finds nobody who waits for it.
        await AnsweredAsync(center, call, party);
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Queued);
    }

    [Fact]
    public async Task Outside_needs_the_permission_a_number_and_a_call()
    {
        await using var center = await TalkingAsync();
        var call = await center.ConnectedAsync();
        await center.Host.RefusedAsync("auth.forbidden", TestHost.Agent(center.AgentId), new TransferOutside(center.AgentId, call, Number));
        await center.Host.RefusedAsync("request.invalid", Caller(center), new TransferOutside(center.AgentId, call, "112"));
        var chat = await center.ConnectedAsync(SessionKind.Chat);
        await center.Host.RefusedAsync("session.not_a_call", Caller(center), new TransferOutside(center.AgentId, chat, Number));
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(call));
        await center.Host.RefusedAsync("session.ended", Caller(center), new TransferOutside(center.AgentId, call, Number));
    }

    [Fact]
    public async Task Who_agrees_to_be_recorded_while_outside_is_recorded_from_there_on()
    {
        await using var center = await TalkingAsync();
        var policy = new Domain.Recordings.RecordingPolicy(Enabled: true, Domain.Recordings.ConsentMode.OptIn);
        await center.Host.DoAsync(TestHost.Admin, new SetMessage(Domain.Settings.MessageKey.RecordingOptIn, "en", new Domain.Settings.Message("Press 1.")), ifMatch: 0);
        await center.Host.DoAsync(TestHost.Admin, new ConfigurePhoneNumbers(new Domain.Settings.PhoneLines([new(Number, "Berlin", policy)])), ifMatch: 0);
        var call = (await center.Host.DoAsync(TestHost.Sdk, center.Ask(consent: RecordingConsent.NotAsked) with { Line = Number })).Id;
        await center.Host.DoAsSystemAsync(new OfferSession(call, center.AgentId));
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, call, (await center.SessionAsync(call)).OfferId!.Value));
        await center.Host.DoAsync(Caller(center), new TransferOutside(center.AgentId, call, Number));
        await AnsweredAsync(center, call, (await center.SessionAsync(call)).Outside!.PartyId);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.None);
        await center.Host.DoAsync(TestHost.Sdk, new AnswerRecordingConsent(call, RecordingConsent.Granted, "sdk"));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Fact]
    public async Task A_pause_of_the_agent_ends_where_somebody_outside_takes_the_call_for_nobody_there_can_end_it()
    {
        await using var center = await TalkingAsync();
        var call = await center.ConnectedAsync();
        await center.Host.DoAsync(Caller(center), new PauseRecording(center.AgentId, call));
        await center.Host.DoAsync(Caller(center), new TransferOutside(center.AgentId, call, Number));
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Agent, PauseReason.Hold]);
        await AnsweredAsync(center, call, (await center.SessionAsync(call)).Outside!.PartyId);
        (await RecordingAsync(center, call)).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(RecordingStatus.Recording), r => r.Segments.ShouldBe(2));
    }

    internal static Caller Caller(Center center) =>
        TestHost.User(center.AgentId, [.. BuiltInRoles.Grants(BuiltInRoles.Agent)!, new Grant(Permissions.SessionsTransferOut, Scope.AssignedQueues)]);

    internal static Task AnsweredAsync(Center center, Guid call, Guid leg) =>
        center.Host.Get<IMediaFacts>().ReportAsync(new LegAnswered(center.Host.NewId(), call, leg), CancellationToken.None);

    internal static Task EndedAsync(Center center, Guid call, Guid leg, string cause) =>
        center.Host.Get<IMediaFacts>().ReportAsync(new LegEnded(center.Host.NewId(), call, leg, cause), CancellationToken.None);

    internal static Task<Recording> RecordingAsync(Center center, Guid call) => center.Host.StateAsync(Aggregates.Recording, RecordingId.Of(call));

    internal static IReadOnlyList<MediaCommand> Commands(Center center, Guid call) =>
        [.. center.Host.Log.Outbox.Where(m => m.Key == call.ToString() && m.Kind.StartsWith(MediaKinds.Prefix, StringComparison.Ordinal)).Select(Read)];

    internal static async Task<Center> TalkingAsync()
    {
        var center = await Center.OpenAsync(whisper: false);
        await center.SignInAsync();
        return center;
    }

    private static async Task<Center> OpenAsync(bool whisper = false)
    {
        var center = await Center.OpenAsync(whisper);
        await center.SignInAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new SetForwarding(center.AgentId, Number));
        return center;
    }

    private static async Task<(Guid Call, Guid Offer)> AcceptedAsync(Center center)
    {
        var (call, offer) = await center.OfferedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, call, offer));
        return (call, offer);
    }

    private static MediaCommand Read(OutboxMessage message) => message.Kind switch
    {
        MediaKinds.PlaceLeg => OutboxJson.Read<PlaceLeg>(message.Payload),
        MediaKinds.MoveLeg => OutboxJson.Read<MoveLeg>(message.Payload),
        MediaKinds.HangUp => OutboxJson.Read<HangUpLeg>(message.Payload),
        MediaKinds.StartSegment => OutboxJson.Read<StartSegment>(message.Payload),
        MediaKinds.StopSegment => OutboxJson.Read<StopSegment>(message.Payload),
        MediaKinds.StoreSegment => OutboxJson.Read<StoreSegment>(message.Payload),
        MediaKinds.Play => OutboxJson.Read<PlayPrompt>(message.Payload),
        MediaKinds.CollectDigits => OutboxJson.Read<CollectDigits>(message.Payload),
        _ => OutboxJson.Read<ReleaseCall>(message.Payload),
    };
}
