using System.Globalization;
using System.Net;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Hours;
using ContactCenter.Infrastructure.Crm.Zendesk;
using ContactCenter.Infrastructure.Recordings.S3;
using Npgsql;

namespace ContactCenter.Api.Hosting;

/// <summary>Everything that can be configured, by environment variable or <c>appsettings.json</c>, checked at start.</summary>
public sealed record ApiOptions
{
    /// <summary><c>CONTACTCENTER_DB</c>: the PostgreSQL connection string.</summary>
    public required string Database { get; init; }

    /// <summary><c>CONTACTCENTER_KEYS</c>: the folder of the key files; made on first start.</summary>
    public required string KeysFolder { get; init; }

    /// <summary><c>CONTACTCENTER_RECORDINGS</c>: the folder of encrypted recordings; made on first start.</summary>
    public required string RecordingsFolder { get; init; }

    /// <summary><c>CONTACTCENTER_RECORDINGS_LOST</c>: the mark of a folder of recordings that is gone for good, in whose place this node's is; or null.</summary>
    public Guid? RecordingsLost { get; init; }

    /// <summary><c>CONTACTCENTER_RECORDINGS_KEY</c>: the master key of new recordings: <c>1</c> is <c>recordings.key</c>, <c>2</c> is <c>recordings-2.key</c>.</summary>
    public string RecordingsKey { get; init; } = KeyRing.FirstRecordingsKey;

    /// <summary><c>CONTACTCENTER_RECORDINGS_KEY_LOST</c>: the mark of a master key of recordings that is gone for good, with what is under it; or null.</summary>
    public string? RecordingsKeyLost { get; init; }

    /// <summary>
    /// <c>CONTACTCENTER_RECORDINGS_BUCKET</c>: an S3 bucket that keeps what is recorded; the folder then holds what is on
    /// its way. With it <c>…_BUCKET_LOCATION</c>, and as needed <c>…_BUCKET_ENDPOINT</c>, <c>…_BUCKET_ACCESS_KEY</c> and
    /// <c>…_BUCKET_SECRET_KEY</c>.
    /// </summary>
    public BucketPlace? RecordingsBucket { get; init; }

    /// <summary><c>CONTACTCENTER_REGION</c>: where recordings are kept, <c>us</c>, <c>eea</c> or <c>au</c> (REC-5).</summary>
    public RecordingRegion Region { get; init; } = RecordingRegion.Eea;

    /// <summary><c>CONTACTCENTER_VOICES</c>: WAV files the simulated media engine may speak with.</summary>
    public required string VoicesFolder { get; init; }

    /// <summary><c>CONTACTCENTER_BIND</c>: the address both ports listen on.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary><c>CONTACTCENTER_HTTP_PORT</c>: REST, HTTP/1.1; 0 for any free port.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary><c>CONTACTCENTER_GRPC_PORT</c>: gRPC, HTTP/2 without TLS; 0 for any free port.</summary>
    public int GrpcPort { get; init; } = 8081;

    /// <summary><c>CONTACTCENTER_ADMIN_LOGIN</c>: the first admin's login.</summary>
    public string AdminLogin { get; init; } = "admin";

    /// <summary><c>CONTACTCENTER_ADMIN_PASSWORD</c>: the first admin's password; null makes a random one, printed once.</summary>
    public string? AdminPassword { get; init; }

    /// <summary><c>CONTACTCENTER_TOKEN_MINUTES</c>: how long a sign-in is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary><c>CONTACTCENTER_RATE_LIMIT</c>: requests a second of one caller, or of one address while unknown.</summary>
    public int RateLimit { get; init; } = 20_000;

    /// <summary><c>CONTACTCENTER_SIGN_IN_LIMIT</c>: sign-ins a minute from one address.</summary>
    public int SignInLimit { get; init; } = 120;

    /// <summary><c>CONTACTCENTER_DRAIN_SECONDS</c>: how long a stopping node still answers while it says it is not ready.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.Zero;

    /// <summary><c>CONTACTCENTER_TIME_ZONE</c>: the support center's zone in a fresh database; from then on it is a setting.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>CONTACTCENTER_VIRTUAL_AGENTS</c>: connectors that queues may choose, separated by commas; <c>none</c> for none.</summary>
    public IReadOnlyList<string> VirtualAgents { get; init; } = ["simulated"];

    /// <summary>
    /// <c>CONTACTCENTER_CRM</c>: where tickets and recordings go, <c>builtin</c> or <c>zendesk</c>. Zendesk also needs
    /// <c>CONTACTCENTER_ZENDESK_URL</c>, <c>CONTACTCENTER_ZENDESK_EMAIL</c> and <c>CONTACTCENTER_ZENDESK_TOKEN</c>. Null for the built-in one.
    /// </summary>
    public ZendeskOptions? Zendesk { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="StartupException">Something is missing or cannot be.</exception>
    public static ApiOptions From(IConfiguration configuration)
    {
        var data = Text("CONTACTCENTER_DATA") ?? ".data";
        return new ApiOptions
        {
            Database = ConnectionString(Text("CONTACTCENTER_DB")),
            KeysFolder = Text("CONTACTCENTER_KEYS") ?? Path.Combine(data, "keys"),
            RecordingsFolder = Text("CONTACTCENTER_RECORDINGS") ?? Path.Combine(data, "recordings"),
            RecordingsKey = Text("CONTACTCENTER_RECORDINGS_KEY") ?? KeyRing.FirstRecordingsKey,
            RecordingsKeyLost = Text("CONTACTCENTER_RECORDINGS_KEY_LOST"),
            RecordingsLost = Mark(Text("CONTACTCENTER_RECORDINGS_LOST")),
            RecordingsBucket = BucketOf(Text),
            Region = RegionOf(Text("CONTACTCENTER_REGION")),
            VoicesFolder = Text("CONTACTCENTER_VOICES") ?? Path.Combine(data, "voices"),
            Bind = Address(Text("CONTACTCENTER_BIND")),
            HttpPort = Number("CONTACTCENTER_HTTP_PORT", 8080, 0, 65535),
            GrpcPort = Number("CONTACTCENTER_GRPC_PORT", 8081, 0, 65535),
            AdminLogin = Text("CONTACTCENTER_ADMIN_LOGIN") ?? "admin",
            AdminPassword = Text("CONTACTCENTER_ADMIN_PASSWORD"),
            TokenLifetime = TimeSpan.FromMinutes(Number("CONTACTCENTER_TOKEN_MINUTES", 60, 1, 24 * 60)),
            RateLimit = Number("CONTACTCENTER_RATE_LIMIT", 20_000, 1, 10_000_000),
            SignInLimit = Number("CONTACTCENTER_SIGN_IN_LIMIT", 120, 1, 1_000_000),
            DrainTime = TimeSpan.FromSeconds(Number("CONTACTCENTER_DRAIN_SECONDS", 0, 0, 300)),
            TimeZone = Zone(Text("CONTACTCENTER_TIME_ZONE")),
            VirtualAgents = Connectors(Text("CONTACTCENTER_VIRTUAL_AGENTS") ?? "simulated"),
            Zendesk = Text("CONTACTCENTER_CRM") switch
            {
                null or "builtin" => null,
                "zendesk" => new ZendeskOptions(ZendeskUrl(Needed("CONTACTCENTER_ZENDESK_URL")), Needed("CONTACTCENTER_ZENDESK_EMAIL"), Needed("CONTACTCENTER_ZENDESK_TOKEN")),
                var other => throw new StartupException($"CONTACTCENTER_CRM must be builtin or zendesk, not \"{other}\"."),
            },
        };

        string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        string Needed(string name) => Text(name) ?? throw new StartupException($"{name} is not set: CONTACTCENTER_CRM=zendesk needs it.");

        int Number(string name, int otherwise, int least, int most) =>
            Text(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new StartupException($"{name} must be a whole number from {least} to {most}, not \"{text}\".");
    }

    private static string ConnectionString(string? text)
    {
        if (text is null)
            throw new StartupException("CONTACTCENTER_DB is not set: give the PostgreSQL connection string, for example \"Host=127.0.0.1;Database=contactcenter;Username=contactcenter\".");
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 }
                ? text
                : throw new StartupException("CONTACTCENTER_DB names no Host.");
        }
        catch (ArgumentException e)
        {
            // The message names the keyword, never its value: a password must not end up in a log.
            throw new StartupException("CONTACTCENTER_DB is not a PostgreSQL connection string.", e);
        }
    }

    private static IPAddress Address(string? text) => text is null ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new StartupException($"CONTACTCENTER_BIND must be an IP address, not \"{text}\".");

    private static Uri ZendeskUrl(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? url
            : throw new StartupException($"CONTACTCENTER_ZENDESK_URL must be an address such as https://example.zendesk.com, not \"{text}\".");

    private static BucketPlace? BucketOf(Func<string, string?> text)
    {
        const string name = "CONTACTCENTER_RECORDINGS_BUCKET";
        if (text(name) is not { } bucket)
            return null;
        var location = text(name + "_LOCATION") ?? throw new StartupException($"{name}_LOCATION is not set: say where the bucket lies, for example eu-central-1.");
        var endpoint = text(name + "_ENDPOINT");
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")))
            throw new StartupException($"{name}_ENDPOINT must be an http or https address, not \"{endpoint}\".");
        var (access, secret) = (text(name + "_ACCESS_KEY"), text(name + "_SECRET_KEY"));
        if ((access is null) != (secret is null))
            throw new StartupException($"{name}_ACCESS_KEY and {name}_SECRET_KEY go together.");
        return new BucketPlace(bucket, location, endpoint is null ? null : new Uri(endpoint), access, secret);
    }

    private static Guid? Mark(string? text) => text is null ? null
        : Guid.TryParseExact(text, "D", out var mark) ? mark : throw new StartupException($"CONTACTCENTER_RECORDINGS_LOST must be the mark that a start told of, not \"{text}\".");

    private static RecordingRegion RegionOf(string? text) => text switch
    {
        null or "eea" => RecordingRegion.Eea,
        "us" => RecordingRegion.Us,
        "au" => RecordingRegion.Au,
        _ => throw new StartupException($"CONTACTCENTER_REGION must be us, eea or au, not \"{text}\"."),
    };

    private static string[] Connectors(string text) => text == "none" ? []
        : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Select(name =>
            name == "simulated" ? name : throw new StartupException($"CONTACTCENTER_VIRTUAL_AGENTS must be simulated or none, not \"{text}\"."))];

    private static string? Zone(string? id) => id is null || HoursZones.IsKnown(id) ? id
        : throw new StartupException($"CONTACTCENTER_TIME_ZONE must be an IANA time zone such as Europe/Berlin, not \"{id}\".");
}
