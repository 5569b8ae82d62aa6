using ContactCenter.Application.Agents;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>Every command sent twice happens once.</summary>
public sealed class TwiceTests
{
    [Fact]
    public async Task A_call_lived_with_every_command_sent_twice_is_lived_once()
    {
        await using var center = await Center.OpenAsync();
        var (agentId, agent, system) = (center.AgentId, TestHost.Agent(center.AgentId), Caller.System("tests"));
        await TwiceAsync(center, agent, new SignInAgent(agentId, new Capacity(1, 1), [Channel.Web]));
        await TwiceAsync(center, agent, new PauseAgent(agentId, "break"));
        await TwiceAsync(center, agent, new MakeAgentAvailable(agentId));
        var ask = center.Ask(id: center.Host.NewId());
        await TwiceAsync(center, TestHost.Sdk, ask);
        var sessionId = ask.SessionId!.Value;
        await TwiceAsync(center, TestHost.Sdk, new SetCustomerFlags(sessionId, new CustomerFlags(true, null, null), "apps_api"));

        await center.Host.DoAsSystemAsync(new OfferSession(sessionId, agentId));
        await TwiceAsync(center, agent, new DeclineOffer(agentId, sessionId, await OfferAsync(center, sessionId), Reason: null));
        await center.Host.DoAsSystemAsync(new OfferSession(sessionId, agentId));
        var offerId = await OfferAsync(center, sessionId);
        await TwiceAsync(center, agent, new AcceptOffer(agentId, sessionId, offerId));
        await TwiceAsync(center, system, new ConnectSession(sessionId, offerId));
        await TwiceAsync(center, agent, new PauseRecording(agentId, sessionId));
        await TwiceAsync(center, agent, new ResumeRecording(agentId, sessionId));
        await TwiceAsync(center, agent, new HoldSession(agentId, sessionId));
        await TwiceAsync(center, agent, new ResumeSession(agentId, sessionId));
        await TwiceAsync(center, agent, new EndOwnSession(agentId, sessionId));
        await TwiceAsync(center, system, new CompleteSegment(RecordingId.Of(sessionId), 1, 800, "aa"));
        await TwiceAsync(center, agent, new FinishWrapUp(agentId, sessionId, "solved"));
        await TwiceAsync(center, agent, new SignOutAgent(agentId, "signed_out"));
    }

    [Fact]
    public async Task A_chat_lived_with_every_command_sent_twice_is_lived_once()
    {
        await using var center = await Center.OpenAsync();
        var (agentId, agent, system) = (center.AgentId, TestHost.Agent(center.AgentId), Caller.System("tests"));
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        await TwiceAsync(center, TestHost.Sdk, new SendConsumerMessage(sessionId, center.Host.NewId(), "Hello?"));
        await TwiceAsync(center, agent, new SendAgentMessage(agentId, sessionId, center.Host.NewId(), "Hello."));
        await TwiceAsync(center, agent, new TransferSession(agentId, sessionId, await center.NewQueueAsync()));
        await TwiceAsync(center, TestHost.Sdk, new LeaveSession(sessionId));
        await TwiceAsync(center, system, new EndLostCall(sessionId, "media_lost"));
        await TwiceAsync(center, system, new EndLeg(sessionId, sessionId, "hung_up"));
    }

    [Fact]
    public async Task Queues_configured_with_every_command_sent_twice_are_configured_once()
    {
        await using var center = await Center.OpenAsync();
        var queueId = center.Host.NewId();
        await TwiceAsync(center, TestHost.Admin, new CreateQueue(queueId, "Sales", Channel.Web, null, [center.TeamId]));
        await TwiceAsync(center, TestHost.Admin, new AddQueueMember(queueId, center.AgentId));
        await TwiceAsync(center, Caller.System("tests"), new RenameQueue(queueId, "Sales and more"));
        await TwiceAsync(center, Caller.System("tests"), new ConfigureQueueHandling(queueId, new HandlingRules(20, 0)));
        await TwiceAsync(center, Caller.System("tests"), new ConfigureQueueWhisper(queueId, new WhisperRules(true, "Hi", 1, true)));
        await TwiceAsync(center, TestHost.Admin, new RemoveQueueMember(queueId, center.AgentId));
        await TwiceAsync(center, Caller.System("tests"), new ArchiveQueue(queueId));
    }

    private static async Task<Guid> OfferAsync(Center center, Guid sessionId) => (await center.SessionAsync(sessionId)).OfferId!.Value;

    private static async Task TwiceAsync(Center center, Caller caller, ICommand command)
    {
        await center.Host.DoAsync(caller, command);
        var before = Facts(center);
        var again = await center.Host.DoAsync(caller, command);
        Facts(center).ShouldBe(before, command.GetType().Name);
        again.Position.ShouldBe("0");
    }

    private static int Facts(Center center) => center.Host.Log.Events.Count(e => e.Stream.Category != "audit");
}
