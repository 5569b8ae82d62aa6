using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests;

/// <summary>A small contact center: one team, one web queue with a whisper, one agent in it.</summary>
internal sealed class Center(TestHost host) : IAsyncDisposable
{
    public TestHost Host => host;

    public Guid TeamId { get; private set; }

    public Guid QueueId { get; private set; }

    public Guid AgentId { get; private set; }

    /// <summary>Whom the agent consults, if they do.</summary>
    public Guid? AskedId { get; set; }

    public static async Task<Center> OpenAsync(bool whisper = true)
    {
        var center = new Center(new TestHost());
        var host = center.Host;
        center.TeamId = (await host.DoAsync(TestHost.Admin, new CreateTeam(null, "Billing"))).Id;
        center.QueueId = await center.NewQueueAsync(whisper);
        center.AgentId = await center.NewAgentAsync("ann", center.QueueId);
        return center;
    }

    /// <summary>Another queue of the same team and another agent in it, signed in; of the same contact center, which stays this one's to close.</summary>
    public async Task<Center> BesideAsync()
    {
        var beside = new Center(host) { TeamId = TeamId };
        beside.QueueId = await beside.NewQueueAsync();
        beside.AgentId = await beside.NewAgentAsync($"agent-{host.NewId():N}", beside.QueueId);
        await beside.SignInAsync();
        return beside;
    }

    public async Task<Guid> NewQueueAsync(bool whisper = true, Channel channel = Channel.Web)
    {
        var created = await host.DoAsync(TestHost.Admin, new CreateQueue(null, "Refunds", channel, null, [TeamId]));
        if (!whisper)
            await host.DoAsync(TestHost.Admin, new ConfigureQueueWhisper(created.Id, new WhisperRules(WhisperEnabled: false, null, 1, Countdown: false)), ifMatch: created.Version);
        return created.Id;
    }

    public async Task<Guid> NewAgentAsync(string login, params Guid[] queueIds)
    {
        var created = await host.DoAsync(
            TestHost.Admin, new CreateUser(null, login, login, "correct horse battery", [BuiltInRoles.Agent], [TeamId]));
        foreach (var queueId in queueIds)
            await host.DoAsync(TestHost.Admin, new AddQueueMember(queueId, created.Id));
        return created.Id;
    }

    /// <summary>Another agent of no queue, signed in.</summary>
    public async Task<Guid> NewColleagueAsync()
    {
        var colleague = await NewAgentAsync($"agent-{host.NewId():N}");
        await SignInAsync(colleague);
        return colleague;
    }

    public Task SignInAsync(Guid? agentId = null, int calls = 1, int chats = 2) => host.DoAsync(
        TestHost.Agent(agentId ?? AgentId), new SignInAgent(agentId ?? AgentId, new Capacity(calls, chats), [Channel.Web]));

    public StartSession Ask(
        SessionKind kind = SessionKind.Call, string visitor = "visitor-1", Guid? id = null, RecordingConsent consent = RecordingConsent.Granted) => new(
        id, kind, Channel.Web, QueueId, "en", new ConsumerRef(IdentityKind.Visitor, visitor, Name: null), consent,
        new Dictionary<string, string>(), CustomerFlags.None, Voice: null);

    public async Task<Guid> WaitingAsync(SessionKind kind = SessionKind.Call, RecordingConsent consent = RecordingConsent.Granted) =>
        (await host.DoAsync(TestHost.Sdk, Ask(kind, consent: consent))).Id;

    public async Task<(Guid SessionId, Guid OfferId)> OfferedAsync(SessionKind kind = SessionKind.Call, RecordingConsent consent = RecordingConsent.Granted)
    {
        var sessionId = await WaitingAsync(kind, consent);
        await host.DoAsSystemAsync(new OfferSession(sessionId, AgentId));
        return (sessionId, (await SessionAsync(sessionId)).OfferId!.Value);
    }

    public async Task<Guid> ConnectedAsync(SessionKind kind = SessionKind.Call, RecordingConsent consent = RecordingConsent.Granted)
    {
        var (sessionId, offerId) = await OfferedAsync(kind, consent);
        await host.DoAsync(TestHost.Agent(AgentId), new AcceptOffer(AgentId, sessionId, offerId));
        if (kind == SessionKind.Call)
            await host.DoAsSystemAsync(new ConnectSession(sessionId, offerId));
        return sessionId;
    }

    public Task<Session> SessionAsync(Guid id) => host.StateAsync(Aggregates.Session, id);

    public Task<Agent> AgentAsync(Guid? id = null) => host.StateAsync(Aggregates.Agent, id ?? AgentId);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
