using System.Net.Http.Headers;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Hosting;
using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Benchmarks;

/// <summary>A session connected to its agent.</summary>
internal sealed record ConnectedChat(Guid AgentId, Guid SessionId, Guid OfferId = default);

/// <summary>The whole service on a database of its own, with agents in connected chats.</summary>
internal sealed class CommandCenter : IAsyncDisposable
{
    // One for all, so that a database can be opened again.
    private static readonly string Keys = UntilTheEnd(Directory.CreateTempSubdirectory("contactcenter-bench-keys-").FullName);

    private readonly string folder = Directory.CreateTempSubdirectory("contactcenter-bench-").FullName;
    private readonly WebApplication app;
    private bool isRunning;

    private CommandCenter(string database) => app = ApiHost.Build(
    [
        $"--CONTACTCENTER_DB={database}", $"--CONTACTCENTER_DATA={folder}", $"--CONTACTCENTER_KEYS={Keys}", "--CONTACTCENTER_HTTP_PORT=0", "--CONTACTCENTER_GRPC_PORT=0",
        "--CONTACTCENTER_ADMIN_PASSWORD=a password for a bench", "--CONTACTCENTER_RATE_LIMIT=10000000", "--Logging:LogLevel:Default=Error",
    ]);

    public Uri Rest => new(Addresses.First());

    public Uri Grpc => new(Addresses.Last());

    private ICollection<string> Addresses => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    public static async Task<CommandCenter> StartAsync(string database)
    {
        var center = new CommandCenter(database);
        await ApiHost.StartAsync(center.app);
        center.isRunning = true;
        return center;
    }

    /// <summary>The use cases alone on a database that a service has made ready: no listener, and no worker that reads on.</summary>
    public static async Task<CommandCenter> WithoutWorkersAsync(string database)
    {
        var center = new CommandCenter(database);
        await center.app.Services.GetRequiredService<LogMaintenance>().PrepareAsync(CancellationToken.None);
        return center;
    }

    public string TokenOf(Guid agentId) => Token(TokenUse.User, agentId);

    public HttpClient ConsumerOf(Guid sessionId)
    {
        var client = new HttpClient { BaseAddress = Rest };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(TokenUse.Session, sessionId));
        return client;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>The token of somebody who may do everything.</summary>
    public async Task<string> SupervisorAsync() =>
        TokenOf((await DoAsync(new CreateUser(null, $"supervisor-{NewId():N}", "A supervisor", "a password for a bench", [BuiltInRoles.Admin], []))).Id);

    /// <summary>One session for each agent, connected; made through the use cases, as routing and adapters make them.</summary>
    public async Task<IReadOnlyList<ConnectedChat>> ConnectAsync(int count, SessionKind kind = SessionKind.Chat)
    {
        List<ConnectedChat> chats = [];
        for (var i = 0; i < count; i++)
        {
            var agentId = (await DoAsync(new CreateUser(null, $"agent-{NewId():N}", "An agent", "a password for a bench", [BuiltInRoles.Agent], []))).Id;
            var queueId = (await DoAsync(new CreateQueue(null, "Billing", Channel.Web, null, []))).Id;
            await DoAsync(new AddQueueMember(queueId, agentId));
            // Without an adapter that is heard of, an agent would be taken for a ghost.
            await app.Services.GetRequiredService<IAdapterPresence>().SeenAsync(agentId, "bench", CancellationToken.None);
            await DoAsync(new SignInAgent(agentId, new Capacity(1, 1), [Channel.Web]));
            var sessionId = NewId();
            await DoAsync(new StartSession(
                sessionId, kind, Channel.Web, queueId, "en", new ConsumerRef(Domain.Consumers.IdentityKind.Visitor, $"{sessionId}", null), RecordingConsent.NotAsked,
                new Dictionary<string, string>(), CustomerFlags.None, Voice: null));
            chats.Add(await AcceptAsync(new ConnectedChat(agentId, sessionId)));
            if (kind == SessionKind.Call)
                await DoAsync(new ConnectSession(sessionId, chats[^1].OfferId));
        }

        return chats;
    }

    /// <summary>An admin's token.</summary>
    public string AdminToken { get; private set; } = string.Empty;

    /// <summary>Chats with a few agents who take fifty each, and chats that wait where nobody is.</summary>
    public async Task<IReadOnlyList<ConnectedChat>> FillAsync(int connected, int waiting)
    {
        const int each = 50;
        AdminToken = TokenOf((await DoAsync(new CreateUser(null, $"admin-{NewId():N}", "An admin", "a password for a bench", [BuiltInRoles.Admin], []))).Id);
        var empty = (await DoAsync(new CreateQueue(null, "Sales", Channel.Web, null, []))).Id;
        var chats = new System.Collections.Concurrent.ConcurrentBag<ConnectedChat>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = 16 };
        // One chat of an agent after the other: many at once would meet in the agent's stream.
        await Parallel.ForEachAsync(Enumerable.Range(0, connected / each), limits, async (i, _) =>
        {
            var agentId = (await DoAsync(new CreateUser(null, $"agent-{NewId():N}", "An agent", "a password for a bench", [BuiltInRoles.Agent], []))).Id;
            var queueId = (await DoAsync(new CreateQueue(null, $"Billing {i}", Channel.Web, null, []))).Id;
            await DoAsync(new AddQueueMember(queueId, agentId));
            await app.Services.GetRequiredService<IAdapterPresence>().SeenAsync(agentId, "bench", CancellationToken.None);
            await DoAsync(new SignInAgent(agentId, new Capacity(0, each), [Channel.Web]));
            for (var number = 0; number < each; number++)
            {
                var chat = new ConnectedChat(agentId, await AskAsync(queueId));
                await AcceptAsync(chat);
                chats.Add(chat);
            }
        });

        await Parallel.ForEachAsync(Enumerable.Range(0, waiting), limits, async (_, _) => chats.Add(new ConnectedChat(Guid.Empty, await AskAsync(empty))));
        return [.. chats];
    }

    /// <summary>Waits until the CRM has a ticket for each: then nothing happens to them by itself.</summary>
    public async Task TicketsAsync(IReadOnlyList<ConnectedChat> chats)
    {
        var reader = app.Services.GetRequiredService<AggregateReader>();
        foreach (var chat in chats)
        {
            while ((await reader.LoadFreshAsync(Aggregates.Session, chat.SessionId, CancellationToken.None)).State.TicketId is null)
                await Task.Delay(20);
        }
    }

    /// <summary>At which version each chat is.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(IReadOnlyList<ConnectedChat> chats)
    {
        var reader = app.Services.GetRequiredService<AggregateReader>();
        Dictionary<Guid, long> versions = [];
        foreach (var chat in chats)
            versions[chat.SessionId] = (await reader.LoadFreshAsync(Aggregates.Session, chat.SessionId, CancellationToken.None)).Version;
        return versions;
    }

    /// <summary>A change that every page shows; answers the chat's version.</summary>
    public async Task<long> FlagAsync(Guid sessionId, bool isKnown) =>
        (await DoAsync(new SetCustomerFlags(sessionId, CustomerFlags.None with { RepeatCustomer = isKnown }, "apps_api"))).Version;

    /// <summary>What a supervisor may do to a session now.</summary>
    public async Task<IReadOnlyList<string>> ActionsAsync(Guid sessionId) => await SendAsync(
        new GetSessionActions(sessionId), new Caller(new Actor(ActorKind.User, Guid.Empty.ToString()), BuiltInRoles.Grants(BuiltInRoles.Admin)!, []));

    private async Task<Guid> AskAsync(Guid queueId)
    {
        var sessionId = NewId();
        await DoAsync(new StartSession(
            sessionId, SessionKind.Chat, Channel.Web, queueId, "en", new ConsumerRef(Domain.Consumers.IdentityKind.Visitor, $"{sessionId}", null), RecordingConsent.NotAsked,
            new Dictionary<string, string>(), CustomerFlags.None, Voice: null));
        return sessionId;
    }

    /// <summary>Sends one message as an adapter's command does, without the wire.</summary>
    public Task<Receipt> SendMessageAsync(ConnectedChat chat) => SendAsync(
        new SendAgentMessage(chat.AgentId, chat.SessionId, NewId(), "The parcel left our house this morning and should be with you by tomorrow."),
        new Caller(new Actor(ActorKind.User, chat.AgentId.ToString()), BuiltInRoles.Grants(BuiltInRoles.Agent)!, []));

    public async ValueTask DisposeAsync()
    {
        if (isRunning)
            await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string UntilTheEnd(string folder)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private async Task<ConnectedChat> AcceptAsync(ConnectedChat chat)
    {
        var reader = app.Services.GetRequiredService<AggregateReader>();
        var session = (await reader.LoadFreshAsync(Aggregates.Session, chat.SessionId, CancellationToken.None)).State;
        while (session.Status != SessionStatus.Offered)
        {
            await Task.Delay(5);
            session = (await reader.LoadFreshAsync(Aggregates.Session, chat.SessionId, CancellationToken.None)).State;
        }

        await DoAsync(new AcceptOffer(chat.AgentId, chat.SessionId, session.OfferId!.Value));
        return chat with { OfferId = session.OfferId.Value };
    }

    private Task<Receipt> DoAsync(ICommand<Receipt> command) => SendAsync(command, Caller.System("bench"));

    private async Task<T> SendAsync<T>(MediatR.IRequest<Result<T>> command, Caller caller)
        where T : notnull
    {
        var now = TimeProvider.System.GetUtcNow();
        var answer = await app.Services.GetRequiredService<Dispatcher>().SendAsync(
            command, new CallContext(caller) { CommandId = Guid.CreateVersion7(now), Now = now, Source = "bench" }, CancellationToken.None);
        return answer.IsOk ? answer.Value : throw new InvalidOperationException($"{command}: {answer.Error}");
    }

    private string Token(TokenUse use, Guid subject) =>
        app.Services.GetRequiredService<AccessTokens>().Issue(use, subject, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
