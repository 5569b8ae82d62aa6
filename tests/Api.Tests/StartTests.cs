using System.Net;
using System.Net.Sockets;
using ContactCenter.Api.Hosting;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Api.Tests;

/// <summary>Why it cannot start is one sentence an operator can act on, never a stack trace.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("contactcenter-start-").FullName;

    private string[] Settings =>
        [$"--CONTACTCENTER_DATA={folder}", "--CONTACTCENTER_HTTP_PORT=0", "--CONTACTCENTER_GRPC_PORT=0", "--Logging:LogLevel:Default=None", "--CONTACTCENTER_ADMIN_PASSWORD=correct horse battery"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (await RefusalAsync($"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}", $"--CONTACTCENTER_HTTP_PORT={port}"))
            .ShouldContain($"{port}");
    }

    [Fact]
    public async Task A_database_out_of_reach_is_told() =>
        (await RefusalAsync("--CONTACTCENTER_DB=Host=127.0.0.1;Port=1;Username=x;Database=x")).ShouldStartWith("The database cannot be reached");

    [Theory]
    [InlineData("--CONTACTCENTER_DB=nonsense", "CONTACTCENTER_DB")]
    [InlineData("--CONTACTCENTER_DB= ", "CONTACTCENTER_DB")]
    [InlineData("--CONTACTCENTER_GRPC_PORT=70000", "CONTACTCENTER_GRPC_PORT")]
    [InlineData("--CONTACTCENTER_TIME_ZONE=Nowhere", "CONTACTCENTER_TIME_ZONE")]
    [InlineData("--CONTACTCENTER_REGION=moon", "CONTACTCENTER_REGION")]
    [InlineData("--CONTACTCENTER_CRM=paper", "CONTACTCENTER_CRM")]
    [InlineData("--CONTACTCENTER_CRM=zendesk", "CONTACTCENTER_ZENDESK_URL")]
    [InlineData("--CONTACTCENTER_RECORDINGS_KEY=2", "CONTACTCENTER_RECORDINGS_KEY")]
    [InlineData("--CONTACTCENTER_RECORDINGS_LOST=all", "CONTACTCENTER_RECORDINGS_LOST")]
    [InlineData("--CONTACTCENTER_RECORDINGS_BUCKET=calls", "CONTACTCENTER_RECORDINGS_BUCKET_LOCATION")]
    public async Task A_setting_that_cannot_be_is_named(string setting, string name) =>
        (await RefusalAsync("--CONTACTCENTER_DB=Host=127.0.0.1;Port=1", setting)).ShouldContain(name);

    [Theory]
    [InlineData("http://example.zendesk.com", "CONTACTCENTER_ZENDESK_URL")]
    [InlineData("example", "CONTACTCENTER_ZENDESK_URL")]
    [InlineData("https://example.zendesk.com", "CONTACTCENTER_ZENDESK_EMAIL")]
    public async Task A_Zendesk_that_cannot_be_is_named(string url, string name) =>
        (await RefusalAsync("--CONTACTCENTER_DB=Host=127.0.0.1;Port=1", "--CONTACTCENTER_CRM=zendesk", $"--CONTACTCENTER_ZENDESK_URL={url}")).ShouldContain(name);

    [Fact]
    public async Task A_file_that_holds_no_key_is_named()
    {
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        await File.WriteAllTextAsync(Path.Combine(folder, "keys", "tokens.key"), "no key");
        (await RefusalAsync("--CONTACTCENTER_DB=Host=127.0.0.1;Port=1")).ShouldContain("tokens.key");
    }

    [Theory]
    [InlineData("personal-data.key")]
    [InlineData("identities.key")]
    public async Task Keys_that_are_not_those_of_the_database_are_told_and_nothing_starts(string file)
    {
        var database = $"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}";
        await StartAsync(database);
        File.Delete(Path.Combine(folder, "keys", file));
        (await RefusalAsync(database)).ShouldContain("not those this database was written with");
    }

    [Fact]
    public async Task A_master_key_of_recordings_that_is_not_the_databases_is_told_until_it_is_back_or_given_up()
    {
        var database = $"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}";
        await StartAsync(database);
        var key = Path.Combine(folder, "keys", "recordings.key");
        File.Move(key, key + ".kept");
        var refusal = await RefusalAsync(database);
        refusal.ShouldContain("recordings.key\" is missing, or not the key");
        await RefusalAsync(database, "--CONTACTCENTER_RECORDINGS_KEY_LOST=0011223344556677");

        File.Copy(key + ".kept", key, overwrite: true);
        await StartAsync(database);
        File.Delete(key);
        await StartAsync(database, $"--CONTACTCENTER_RECORDINGS_KEY_LOST={refusal.Split("_KEY_LOST=")[1].TrimEnd('.')}");
        await StartAsync(database);
        File.Copy(key + ".kept", key, overwrite: true);
        (await RefusalAsync(database)).ShouldContain("recordings.key");
    }

    [Fact]
    public async Task A_retired_master_key_of_recordings_must_be_there_until_a_rewrap_finds_nothing_under_it()
    {
        var database = $"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}";
        await StartAsync(database);
        var (first, second) = (Path.Combine(folder, "keys", "recordings.key"), Path.Combine(folder, "keys", "recordings-2.key"));
        await File.WriteAllTextAsync(second, Convert.ToBase64String(new byte[32]));
        File.Move(first, first + ".kept");
        (await RefusalAsync(database, "--CONTACTCENTER_RECORDINGS_KEY=2")).ShouldContain("recordings.key\" is missing");

        // Some are still under it: a node that has yet to restart may bring more.
        File.Copy(first + ".kept", first);
        await RewrapAsync(database, services => services.AddSingleton<IRecordingKeyRotation>(s => new MarkedKeyRotation(new OneRewrapped(), s.GetRequiredService<KeyMarks>(), "2")));
        File.Delete(first);
        (await RefusalAsync(database, "--CONTACTCENTER_RECORDINGS_KEY=2")).ShouldContain("recordings.key\" is missing");

        File.Copy(first + ".kept", first);
        await RewrapAsync(database);
        File.Delete(first);
        await StartAsync(database, "--CONTACTCENTER_RECORDINGS_KEY=2");
        File.Delete(second);
        (await RefusalAsync(database)).ShouldContain("recordings-2.key\" is missing");
    }

    [Fact]
    public async Task A_node_in_another_region_than_the_databases_does_not_start_with_a_folder_or_a_bucket()
    {
        var database = $"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}";
        await StartAsync(database, "--CONTACTCENTER_REGION=eea");
        (await RefusalAsync(database, "--CONTACTCENTER_REGION=us")).ShouldContain("Set CONTACTCENTER_REGION=eea");
        (await RefusalAsync(
            database, "--CONTACTCENTER_REGION=us", "--CONTACTCENTER_RECORDINGS_BUCKET=calls", "--CONTACTCENTER_RECORDINGS_BUCKET_LOCATION=us-east-1",
            "--CONTACTCENTER_RECORDINGS_BUCKET_ENDPOINT=http://127.0.0.1:1", "--CONTACTCENTER_RECORDINGS_BUCKET_ACCESS_KEY=x", "--CONTACTCENTER_RECORDINGS_BUCKET_SECRET_KEY=y")).ShouldContain("Set CONTACTCENTER_REGION=eea");
        await StartAsync(database, "--CONTACTCENTER_REGION=eea");
    }

    [Fact]
    public async Task A_node_with_a_folder_of_its_own_does_not_start_unless_it_is_in_the_place_of_a_lost_one()
    {
        var database = $"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}";
        var (first, second) = (Path.Combine(folder, "first"), Path.Combine(folder, "second"));
        await StartAsync(first);
        await StartAsync(first);
        var mark = Path.GetFileName(Directory.GetDirectories(Path.Combine(first, "eea"), "mark-*").ShouldHaveSingleItem())["mark-".Length..];
        var refusal = await RefusalAsync(database, $"--CONTACTCENTER_RECORDINGS={second}");
        refusal.ShouldContain($"CONTACTCENTER_RECORDINGS_LOST={mark}");
        await RefusalAsync(database, $"--CONTACTCENTER_RECORDINGS={second}", $"--CONTACTCENTER_RECORDINGS_LOST={Guid.Empty}");

        Directory.Delete(first, recursive: true);
        await StartAsync(second, $"--CONTACTCENTER_RECORDINGS_LOST={mark}");
        await StartAsync(second);
        await RefusalAsync(database, $"--CONTACTCENTER_RECORDINGS={first}", $"--CONTACTCENTER_RECORDINGS_LOST={mark}");
        Directory.GetFiles(second, "*", SearchOption.AllDirectories).ShouldBeEmpty();

        async Task StartAsync(string recordings, params string[] settings)
        {
            await using var app = ApiHost.Build([.. Settings, database, $"--CONTACTCENTER_RECORDINGS={recordings}", .. settings]);
            await ApiHost.StartAsync(app);
            await app.StopAsync();
        }
    }

    [Fact]
    public void Keys_are_made_once_and_are_their_owners_alone()
    {
        var keys = Path.Combine(folder, "keys");
        var first = KeyRing.Open(keys);
        KeyRing.Open(keys).Tokens.ShouldBe(first.Tokens);
        first.Tokens.ShouldNotBe(first.Recordings["1"]);
        foreach (var file in Directory.GetFiles(keys))
        {
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void A_further_master_key_of_recordings_is_never_made_here_and_the_first_may_go_once_another_is_current()
    {
        var keys = Path.Combine(folder, "keys");
        var first = KeyRing.Open(keys).Recordings["1"];
        Should.Throw<StartupException>(() => KeyRing.Open(keys, "2")).Message.ShouldContain("recordings-2.key");
        File.WriteAllText(Path.Combine(keys, "recordings-2.key"), Convert.ToBase64String(new byte[32]));

        KeyRing.Open(keys).Recordings.Keys.ShouldBe(["1", "2"], ignoreOrder: true);
        KeyRing.Open(keys, "2").Recordings["1"].ShouldBe(first);
        File.Delete(Path.Combine(keys, "recordings.key"));

        KeyRing.Open(keys, "2").Recordings.Keys.ShouldBe(["2"]);
        File.Exists(Path.Combine(keys, "recordings.key")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_start_does_not_wait_for_the_keys_of_recordings_and_they_are_rewrapped_beside_it()
    {
        var slow = new SlowRotation();
        var keys = Path.Combine(folder, "keys");
        KeyRing.Open(keys);
        await File.WriteAllTextAsync(Path.Combine(keys, "recordings-2.key"), Convert.ToBase64String(new byte[32]));
        await using var app = ApiHost.Build(
            [$"--CONTACTCENTER_DB={await PostgresFixture.CreateDatabaseAsync()}", $"--CONTACTCENTER_DATA={folder}", "--CONTACTCENTER_HTTP_PORT=0", "--CONTACTCENTER_GRPC_PORT=0",
                "--CONTACTCENTER_RECORDINGS_KEY=2", "--Logging:LogLevel:Default=None"],
            services => services.AddSingleton<IRecordingKeyRotation>(slow));

        await ApiHost.StartAsync(app).WaitAsync(TimeSpan.FromSeconds(60));
        await slow.Asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        slow.Done.SetResult();
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task StartAsync(string database, params string[] settings)
    {
        await using var app = ApiHost.Build([.. Settings, database, .. settings]);
        await ApiHost.StartAsync(app);
        await app.StopAsync();
    }

    /// <summary>A node with both keys rewraps.</summary>
    private async Task RewrapAsync(string database, Action<IServiceCollection>? change = null)
    {
        await using var app = ApiHost.Build([.. Settings, database, "--CONTACTCENTER_RECORDINGS_KEY=2"], change);
        await ApiHost.StartAsync(app);
        await app.Services.GetRequiredService<IRecordingKeyRotation>().RewrapAsync(default);
        await app.StopAsync();
    }

    private sealed class OneRewrapped : IRecordingKeyRotation
    {
        public Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new KeyRotation(1, new Dictionary<Guid, Exception>()));
    }

    private sealed class SlowRotation : IRecordingKeyRotation
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Done.Task.WaitAsync(cancellationToken);
            return new KeyRotation(0, new Dictionary<Guid, Exception>());
        }
    }

    private async Task<string> RefusalAsync(params string[] settings)
    {
        var refusal = await Should.ThrowAsync<StartupException>(async () =>
        {
            await using var app = ApiHost.Build([.. Settings, .. settings]);
            await ApiHost.StartAsync(app);
        });
        refusal.Message.ShouldNotContain("   at ");
        return refusal.Message;
    }
}
