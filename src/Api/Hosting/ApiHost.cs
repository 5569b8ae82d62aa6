using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Endpoints;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Grpc;
using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Api.Operations;
using ContactCenter.Application.Access;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.PersonalData;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;

namespace ContactCenter.Api.Hosting;

/// <summary>Builds, prepares and runs the service.</summary>
public static class ApiHost
{
    private const int MaxJsonBody = 1 << 20;

    /// <summary>Runs until stopped.</summary>
    /// <returns>0, or 1 after one line on stderr that says why it cannot start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (StartupException e)
        {
            await Console.Error.WriteLineAsync($"contactcenter: cannot start: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <summary>Builds the service from environment, <c>appsettings.json</c> and arguments.</summary>
    /// <param name="args">Arguments; they win.</param>
    /// <param name="change">Puts something in the place of a part, for tests: a clock that stands still.</param>
    /// <exception cref="StartupException">The configuration cannot be.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? change = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        var options = ApiOptions.From(builder.Configuration);
        builder.Services.AddContactCenter(options, KeyRing.Open(options.KeysFolder, options.RecordingsKey));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20) + options.DrainTime);
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (true, true));
        change?.Invoke(builder.Services);
        Log(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxJsonBody;
            kestrel.Limits.UseGrpcDefaults();
            kestrel.Limits.NoticeLostClients();
            kestrel.Listen(options.Bind, options.HttpPort, listener => listener.Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.Bind, options.GrpcPort, listener => listener.Protocols = HttpProtocols.Http2);
        });

        var app = builder.Build();
        UseRest(app);
        MapRest(app, openMetrics: IPAddress.IsLoopback(options.Bind));
        app.MapGrpcApi();
        return app;
    }

    /// <summary>Brings the database up to date, makes the first admin, then starts workers and listeners.</summary>
    /// <exception cref="StartupException">It cannot.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        try
        {
            await PrepareAsync(app.Services);
            // From the first measurement on.
            app.Services.GetRequiredService<PrometheusMetrics>();
            // Also while nothing was counted: where a figure is to be seen to rise, it is there before.
            app.Services.GetRequiredService<RecordingMetrics>();
            await app.StartAsync();
        }
        catch (Exception e) when (Why(e) is { } why)
        {
            // Workers start before the listeners; what runs must not be left to run into a disposed service.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await app.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new StartupException(why, e);
        }
    }

    private static async Task PrepareAsync(IServiceProvider services)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await Migrator.ForProduct(services.GetRequiredService<NpgsqlDataSource>()).MigrateAsync(patience.Token);
        await CheckKeysAsync(services, patience.Token);
        await services.GetRequiredService<LogMaintenance>().PrepareAsync(patience.Token);
        await EnsureAdminAsync(services, patience.Token);
        await services.GetRequiredService<RecordingsStart>().PrepareAsync(patience.Token);
        if (services.GetRequiredService<ApiOptions>().TimeZone is { } timeZone)
            await services.GetRequiredService<Dispatcher>().SendAsSystemAsync("start", new SeedSupportCenter(timeZone), patience.Token);
    }

    private static async Task CheckKeysAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (marks, keys, options) = (services.GetRequiredService<KeyMarks>(), services.GetRequiredService<KeyRing>(), services.GetRequiredService<ApiOptions>());
        if (!await marks.OpensAsync(keys.PersonalData, cancellationToken)
            || !await marks.IsKnownAsync("personal-data", keys.PersonalData, cancellationToken)
            || !await marks.IsKnownAsync("identities", keys.Identities, cancellationToken))
        {
            throw new StartupException(
                $"The keys in \"{options.KeysFolder}\" are not those this database was written with: bring personal-data.key, identities.key and tokens.key there from another node or a backup.");
        }

        await CheckRecordingsKeysAsync(marks, keys, options, cancellationToken);
    }

    private static async Task CheckRecordingsKeysAsync(KeyMarks marks, KeyRing keys, ApiOptions options, CancellationToken cancellationToken)
    {
        if (options.RecordingsKeyLost is { } lost)
            await marks.GiveUpRecordingsKeyAsync(lost, cancellationToken);
        foreach (var (id, mark) in await marks.StrangeRecordingsKeysAsync(keys.Recordings, cancellationToken))
        {
            throw new StartupException(
                $"\"{Path.Combine(options.KeysFolder, KeyRing.RecordingsFile(id))}\" is missing, or not the key that recordings of this database are under: bring it there from another node or a backup. "
                + $"If it is lost for good with all that is under it, set CONTACTCENTER_RECORDINGS_KEY_LOST={mark}.");
        }
    }

    private static async Task EnsureAdminAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<ApiOptions>();
        var password = options.AdminPassword ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        var answer = await services.GetRequiredService<Dispatcher>().SendAsSystemAsync("start", new EnsureFirstAdmin(options.AdminLogin, password), cancellationToken);
        if (!answer.IsOk)
            throw new StartupException($"The first admin cannot be made: {answer.Error.Message} Look at CONTACTCENTER_ADMIN_LOGIN and CONTACTCENTER_ADMIN_PASSWORD.");
        if (answer.Value.Position != "0" && options.AdminPassword is null)
            await Console.Out.WriteLineAsync($"First admin: login {options.AdminLogin}, password {password} (shown this once; change it after signing in)");
    }

    private static void UseRest(WebApplication app)
    {
        app.UseRouting();
        app.UseWhen(IsRest, rest =>
        {
            rest.Use((http, next) =>
            {
                http.Response.Headers.XContentTypeOptions = "nosniff";
                return next(http);
            });
            rest.UseMiddleware<ProblemMiddleware>();
            // An answer without a body becomes a problem on its way out.
            rest.UseWhen(static http => !HeaderLimit.IsKept(http.Request), static tooLarge => tooLarge.Run(static http =>
            {
                http.Response.StatusCode = StatusCodes.Status431RequestHeaderFieldsTooLarge;
                return Task.CompletedTask;
            }));
            rest.UseMiddleware<CallerAuthentication>();
            rest.UseRateLimiter();
            rest.UseMiddleware<KnownParameters>();
            rest.UseMiddleware<JsonBodies>();
            rest.UseMiddleware<Idempotency>();
        });
    }

    /// <summary>gRPC answers its own errors, also to unknown methods, and finds its callers in <see cref="GrpcGate"/>.</summary>
    private static bool IsRest(HttpContext http) => http.GetEndpoint() is { } endpoint
        ? endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null
        : http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true;

    private static void MapRest(WebApplication app, bool openMetrics)
    {
        app.MapHealth(openMetrics);
        app.MapApiDocument();
        var v1 = app.MapGroup("/v1").RefusesAsProblem();
        v1.MapAuth();
        v1.MapEntry();
        v1.MapSessions();
        v1.MapScheduledCalls();
        v1.MapQueues();
        v1.MapDeflection();
        v1.MapSettings();
        v1.MapAgents();
        v1.MapAccess();
        v1.MapRecordings();
        v1.MapVoicemails();
        v1.MapMonitoring();
        v1.MapMonitors();
        v1.MapEvents();
        v1.MapAudit();
        v1.MapTickets();
        v1.MapOperations();
    }

    private static void Log(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Why it cannot start is one line on stderr, ours; the host would print a stack trace before it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>What an operator can do about it, or null for a bug, which may show its stack trace.</summary>
    private static string? Why(Exception e) => e switch
    {
        StartupException => null,
        AddressInUseException or IOException { InnerException: AddressInUseException } => $"{e.Message.TrimEnd('.')}. Set CONTACTCENTER_HTTP_PORT or CONTACTCENTER_GRPC_PORT.",
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } => $"A port cannot be listened on: {e.Message}.",
        SchemaException => e.Message,
        PostgresException p => $"The database refuses: {p.MessageText} ({p.SqlState}).",
        NpgsqlException or TimeoutException or EventStoreUnavailableException => $"The database cannot be reached: {e.Message}",
        OperationCanceledException => "The database did not get ready within five minutes.",
        IOException or UnauthorizedAccessException => e.Message,
        _ => null,
    };
}
