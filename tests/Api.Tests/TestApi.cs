using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Hosting;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Api.Tests;

/// <summary>The real service on real ports and a real database; one for all classes of a collection.</summary>
public sealed class TestApi : IAsyncLifetime
{
    public const string AdminPassword = "correct horse battery staple";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder;
    private readonly string[] settings;
    private readonly TestApi? first;
    private string database = null!;

    public TestApi()
        : this([])
    {
    }

    internal TestApi(params string[] settings)
    {
        this.settings = settings;
        folder = Directory.CreateTempSubdirectory("contactcenter-api-").FullName;
    }

    private TestApi(TestApi first)
    {
        settings = first.settings;
        folder = first.folder;
        this.first = first;
    }

    /// <summary>Puts something in the place of a part of the service.</summary>
    internal Action<IServiceCollection>? Change { get; init; }

    /// <summary>A service that runs in another process.</summary>
    internal static async Task<TestApi> AtAsync(Uri rest, Uri grpc)
    {
        var api = new TestApi { Rest = rest, Grpc = grpc };
        Directory.Delete(api.folder);
        await api.OpenAsync();
        return api;
    }

    /// <summary>Where the recordings are, until the CRM has them.</summary>
    public string Recordings => Path.Combine(folder, "recordings");

    public WebApplication App { get; private set; } = null!;

    public Uri Rest { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    /// <summary>Nobody.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>May do everything.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Another node of the same contact center; to be disposed before this one.</summary>
    public async Task<TestApi> AnotherNodeAsync()
    {
        var node = new TestApi(this);
        await node.InitializeAsync();
        return node;
    }

    public async Task InitializeAsync()
    {
        database = first?.database ?? await PostgresFixture.CreateDatabaseAsync();
        App = ApiHost.Build(
        [
            $"--CONTACTCENTER_DB={database}", $"--CONTACTCENTER_DATA={folder}", "--CONTACTCENTER_HTTP_PORT=0", "--CONTACTCENTER_GRPC_PORT=0",
            $"--CONTACTCENTER_ADMIN_PASSWORD={AdminPassword}", "--Logging:LogLevel:Default=Warning", .. settings,
        ], Change);
        await ApiHost.StartAsync(App);
        var addresses = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Rest = new Uri(addresses.First());
        Grpc = new Uri(addresses.Last());
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        Anonymous = Client(token: null);
        Admin = Client(await SignInAsync("admin", AdminPassword));
    }

    public async Task DisposeAsync()
    {
        // Not on the runner's own threads, of which there are few: part of the stop waits without giving its thread back.
        await Task.Run(() => App.StopAsync()).WaitAsync(Patience);
        await Task.Run(() => App.DisposeAsync().AsTask()).WaitAsync(Patience);
        if (first is null)
            Directory.Delete(folder, recursive: true);
    }

    public HttpClient Client(string? token)
    {
        // Redirects would hide an answer, and a pool of one address must serve many at once.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 256 }) { BaseAddress = Rest };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<string> SignInAsync(string login, string password)
    {
        using var answer = await Anonymous.PostAsJsonAsync("/v1/auth/token", new { login, password });
        return (await answer.JsonAsync()).GetProperty("accessToken").GetString()!;
    }

    /// <summary>The holder of an API key with these permissions, everywhere.</summary>
    public Task<HttpClient> KeyAsync(params string[] permissions) => KeyAsync(Scope.All, permissions);

    /// <summary>The holder of an API key with these permissions.</summary>
    public async Task<HttpClient> KeyAsync(Scope scope, params string[] permissions)
    {
        var grants = permissions.Select(permission => new { permission, scope = JsonNamingPolicy.SnakeCaseLower.ConvertName(scope.ToString()) });
        using var answer = await Admin.PostAsJsonAsync("/v1/api-keys", new { name = "a test", grants });
        return Client((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("key").GetString());
    }

    /// <summary>A user with these roles, signed in.</summary>
    public async Task<(Guid Id, HttpClient Client)> UserAsync(Guid[] roleIds, Guid[]? teamIds = null)
    {
        const string password = "a password of some length";
        var login = $"user-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        using var answer = await Admin.PostAsJsonAsync("/v1/users", new { login, name = "Uma User", password, roleIds, teamIds = teamIds ?? [] });
        var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        return (id, Client(await SignInAsync(login, password)));
    }

    /// <summary>A queue that these agents are members of.</summary>
    public async Task<Guid> QueueAsync(string channel = "web", Guid[]? members = null, Guid[]? teamIds = null)
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/queues", new { name = "Billing", channel, teamIds = teamIds ?? [] });
        var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        foreach (var member in members ?? [])
            (await Admin.PutAsync($"/v1/queues/{id}/members/{member}", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>A session's request as an SDK sends it.</summary>
    public static object Request(Guid queueId, string kind = "chat", string? visitor = null) => new
    {
        kind,
        channel = "web",
        queueId,
        consumer = new { kind = "visitor", identity = visitor ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
    };

    /// <summary>A session that waits, and the client of its consumer.</summary>
    public async Task<(Guid Id, HttpClient Consumer)> SessionAsync(Guid queueId, string kind = "chat")
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/sessions", Request(queueId, kind));
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        return (started.GetProperty("id").GetGuid(), Client(started.GetProperty("sessionToken").GetString()));
    }

    /// <summary>Sends a use case as an agent's adapter does, which speaks gRPC.</summary>
    public async Task<T> AsAgentAsync<T>(Guid agentId, ICommand<T> command)
        where T : notnull
    {
        var now = TimeProvider.System.GetUtcNow();
        var caller = new Caller(new Actor(ActorKind.User, agentId.ToString()), BuiltInRoles.Grants(BuiltInRoles.Agent)!, []);
        var answer = await Get<Dispatcher>().SendAsync(command, new CallContext(caller) { CommandId = Guid.CreateVersion7(now), Now = now }, CancellationToken.None);
        answer.IsOk.ShouldBeTrue(answer.Error?.ToString());
        return answer.Value!;
    }
}

/// <summary>Most tests share one contact center, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ApiTests : ICollectionFixture<TestApi>
{
    public const string Name = "api";
}

/// <summary>Those of supervisors, who look and listen for longer, share another beside it.</summary>
[CollectionDefinition(Name)]
public sealed class WatchingTests : ICollectionFixture<TestApi>
{
    public const string Name = "watching";
}

public static class Answers
{
    /// <summary>The body of an answer that must have this status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>A refusal that must be a problem with this status and code.</summary>
    public static async Task<JsonElement> ShouldRefuseAsync(this HttpResponseMessage answer, HttpStatusCode expected, string? code = null)
    {
        var problem = await answer.JsonAsync(expected);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("status").GetInt32().ShouldBe((int)expected);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        problem.ToString().ShouldNotContain("   at ");
        if (code is not null)
            problem.GetProperty("code").GetString().ShouldBe(code, problem.ToString());
        return problem;
    }
}
