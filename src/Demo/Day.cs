using System.Text.Json.Nodes;
using ContactCenter.V1;
using Grpc.Net.Client;

namespace ContactCenter.Demo;

/// <summary>One day: what it needs, and its chapters in the other files of this class.</summary>
internal sealed partial class Day : IAsyncDisposable
{
    private const string AgentRole = "00000000-0000-7000-8000-000000000003";
    private const string Password = "correct horse battery staple";

    private readonly CancellationToken ct;
    private readonly RestClient open;
    private readonly GrpcChannel channel;
    private readonly string dataFolder;
    private RestClient admin;
    private RestClient sdk;
    private Adapter? agent;
    private string queueId = string.Empty;
    private string agentId = string.Empty;

    private Day(RestClient open, GrpcChannel channel, string dataFolder, CancellationToken ct)
    {
        (this.open, this.channel, this.dataFolder, this.ct) = (open, channel, dataFolder, ct);
        admin = sdk = open;
    }

    private Adapter Agent => agent ?? throw new DemoException("The agent is not signed in.");

    public static async Task<Day> BeginAsync(CancellationToken ct)
    {
        var rest = new Uri($"http://127.0.0.1:{Setting("CONTACTCENTER_HTTP_PORT", "8080")}");
        var grpc = $"http://127.0.0.1:{Setting("CONTACTCENTER_GRPC_PORT", "8081")}";
        var day = new Day(new RestClient(rest), GrpcChannel.ForAddress(grpc), Setting("CONTACTCENTER_DATA", ".data"), ct);
        await day.UntilAsync("the API to be ready", () => day.open.AnswersAsync("/health/ready", ct));
        Story.Tell($"The API is ready: REST on {rest}, gRPC on {grpc}.");
        return day;
    }

    /// <summary>What an admin sets up once.</summary>
    public async Task PrepareAsync()
    {
        Story.Chapter("The admin sets up");
        var signedIn = await open.PostAsync("/v1/auth/token", new { login = "admin", password = Setting("CONTACTCENTER_ADMIN_PASSWORD", string.Empty) }, ct);
        admin = open.As(Text(signedIn, "accessToken"));
        queueId = Text(await admin.PostAsync("/v1/queues", new { name = "Billing", channel = "mobile" }, ct), "id");
        agentId = Text(await admin.PostAsync(
            "/v1/users", new { login = "ada", name = "Ada Agent", password = Password, roleIds = new[] { AgentRole } }, ct), "id");
        await admin.PutAsync($"/v1/queues/{queueId}/members/{agentId}", body: null, ifMatch: null, ct);
        var key = await admin.PostAsync("/v1/api-keys", new { name = "mobile SDK", grants = new[] { new { permission = "entry.write", scope = "all" } } }, ct);
        sdk = open.As(Text(key, "key"));
        Story.Tell("A queue \"Billing\" in the mobile menu, agent Ada as its member, an API key for the SDK.");

        var adaSignedIn = await open.PostAsync("/v1/auth/token", new { login = "ada", password = Password }, ct);
        agent = await Adapter.SignInAsync(new AgentAdapter.AgentAdapterClient(channel), Text(adaSignedIn, "accessToken"), ct);
        Story.Tell("Ada's adapter signed in over gRPC: one call and two chats at a time.");
    }

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        channel.Dispose();
        open.Dispose();
        admin.Dispose();
        sdk.Dispose();
    }

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) ?? otherwise;

    private static string Text(JsonNode node, string field) =>
        node[field]?.ToString() ?? throw new DemoException($"An answer has no {field}: {node.ToJsonString()}");

    private async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; !await holds(); tries++)
        {
            if (tries == 1200)
                throw new DemoException($"Waited a minute for {what}.");
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
