using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Settings;
using Microsoft.AspNetCore.Routing;

namespace ContactCenter.Api.Tests;

/// <summary>Every route, and whom it lets in. A new route without a row here fails (ADM-1).</summary>
[Collection(ApiTests.Name)]
public sealed partial class PermissionTests(TestApi api)
{
    internal const string Open = "open";
    private const string Self = "the agent themselves";
    private const string Signed = "the CRM, with a signed request";
    private const string Own = "whoever began the monitoring";
    internal const string Unknown = "00000000-0000-7000-8000-00000000dead";

    /// <summary>A route: what opens it, and which of <see cref="CallersAsync"/> it lets in.</summary>
    /// <param name="Opens">The permission; <see cref="Open"/> for none; <see cref="Self"/>, <see cref="Signed"/> and <see cref="Own"/> where no key can have it.</param>
    /// <param name="In">Their letters: everybody else is refused.</param>
    internal sealed record Row(string Opens, string In);

    internal static readonly Dictionary<string, Row> Rows = new(StringComparer.Ordinal)
    {
        ["GET /health/live"] = new(Open, ""),
        ["GET /health/ready"] = new(Open, ""),
        ["GET /metrics"] = new(Open, ""), // Bound to loopback here.
        ["GET /openapi/{documentName}.json"] = new(Open, ""),
        ["POST /v1/auth/token"] = new(Open, ""),
        ["POST /v1/sessions/"] = new(Permissions.EntryWrite, "KD"),
        ["POST /v1/sessions/{id}/messages"] = new(Permissions.EntryWrite, "KDAC"),
        ["POST /v1/sessions/{id}/typing"] = new(Permissions.EntryWrite, "KDC"),
        ["POST /v1/sessions/{id}/leave"] = new(Permissions.EntryWrite, "KDC"),
        ["GET /v1/sessions/{id}/stream"] = new(Permissions.SessionsRead, "KDMAC"),
        ["GET /v1/sessions/{id}/"] = new(Permissions.SessionsRead, "KDMAC"),
        ["GET /v1/sessions/{id}/details"] = new(Permissions.SessionsRead, "KDMAC"),
        ["GET /v1/sessions/{id}/history"] = new(Permissions.SessionsRead, "KDM"),
        ["GET /v1/sessions/{id}/transcript"] = new(Permissions.SessionsRead, "KDMAC"),
        ["POST /v1/sessions/{id}/transcript"] = new(Permissions.TranscriptsWrite, "KD"),
        ["POST /v1/sessions/{id}/summary"] = new(Permissions.TranscriptsWrite, "KD"),
        ["GET /v1/sessions/{id}/live"] = new(Permissions.SessionsRead, "KDMA"),
        ["GET /v1/sessions/{id}/ticket"] = new(Permissions.TicketsRead, "KDMA"),
        ["POST /v1/sessions/{id}/end"] = new(Permissions.SessionsEnd, "KDM"),
        ["GET /v1/sessions/{id}/customer-flags"] = new(Permissions.SessionsRead, "KDMA"),
        ["PATCH /v1/sessions/{id}/customer-flags"] = new(Permissions.EntryWrite, "KD"),
        ["POST /v1/sessions/{id}/hold"] = new(Self, "DA"),
        ["POST /v1/sessions/{id}/resume"] = new(Self, "DA"),
        // The agent's own act, and the permission beside it, which the built-in agent has not.
        ["POST /v1/sessions/{id}/transfer-outside"] = new(Self, "D"),
        ["POST /v1/sessions/{id}/consultation"] = new(Self, "DA"),
        ["DELETE /v1/sessions/{id}/consultation"] = new(Self, "DA"),
        ["POST /v1/sessions/{id}/consultation/hand-over"] = new(Self, "DA"),
        ["POST /v1/sessions/{id}/transfer"] = new(Self, "DA"),
        ["GET /v1/sessions/{id}/transfer-targets"] = new(Self, "DA"),
        ["POST /v1/sessions/{id}/recording/pause"] = new(Self, "DA"),
        ["POST /v1/sessions/{id}/recording/redaction"] = new(Self, "DA"),
        ["DELETE /v1/sessions/{id}/recording/redaction"] = new(Self, "DA"),
        ["PUT /v1/sessions/{id}/recording/consent"] = new(Permissions.EntryWrite, "KDC"),
        ["POST /v1/sessions/{id}/recording/resume"] = new(Self, "DA"),
        ["POST /v1/queues/"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/queues/{id}/name"] = new(Permissions.SettingsWrite, "KD"),
        ["PUT /v1/queues/{id}/teams"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/queues/{id}"] = new(Permissions.SettingsWrite, "KD"),
        ["PUT /v1/queues/{id}/members/{agentId}"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/queues/{id}/members/{agentId}"] = new(Permissions.SettingsWrite, "KD"),
        ["PUT /v1/queues/{id}/handling"] = new(Permissions.SettingsWrite, "KD"),
        ["PUT /v1/queues/{id}/whisper"] = new(Permissions.SettingsWrite, "KD"),
        ["POST /v1/queues/{id}/move"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}/hours"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/queues/{id}/hours"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/queues/{id}/hours"] = new(Permissions.SettingsWrite, "KD"),
        ["PUT /v1/queues/{id}/names"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}/hours/preview"] = new(Permissions.SettingsRead, "KDM"),
        ["GET /v1/queues/{id}/deflection"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/queues/{id}/deflection"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/queues/{id}/deflection"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}/virtual-agent"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/queues/{id}/virtual-agent"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/queues/{id}/virtual-agent"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}/scheduled-calls"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/queues/{id}/scheduled-calls"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/queues/{id}/slots"] = new(Permissions.EntryWrite, "KDMA"),
        ["POST /v1/scheduled-calls/"] = new(Permissions.EntryWrite, "KD"),
        ["GET /v1/scheduled-calls/"] = new(Permissions.SessionsHandle, "KNDMAB"),
        ["GET /v1/scheduled-calls/{id}"] = new(Permissions.EntryWrite, "KDMA"),
        ["POST /v1/scheduled-calls/{id}/move"] = new(Permissions.EntryWrite, "KDMA"),
        ["DELETE /v1/scheduled-calls/{id}"] = new(Permissions.EntryWrite, "KDMA"),
        ["GET /v1/voicemails/"] = new(Permissions.TicketsRead, "KNDMAB"),
        ["GET /v1/voicemails/{id}"] = new(Permissions.TicketsRead, "KDMA"),
        ["GET /v1/voicemails/{id}/content"] = new(Permissions.TicketsRead, "KDMA"),
        ["POST /v1/voicemails/{id}/read"] = new(Permissions.TicketsRead, "KDMA"),
        ["POST /v1/voicemails/{id}/transcript"] = new(Permissions.TranscriptsWrite, "KD"),
        ["POST /v1/sessions/{id}/keys"] = new(Permissions.EntryWrite, "KDC"),
        ["POST /v1/deflection/decide"] = new(Permissions.EntryWrite, "KDM"),
        ["GET /v1/entry/menus"] = new(Permissions.EntryWrite, "KNDM"),
        ["GET /v1/queues"] = new(Permissions.SettingsRead, "KNDM"),
        ["GET /v1/settings/support-center"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/support-center"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/hours"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/hours"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/hours/preview"] = new(Permissions.SettingsRead, "KDM"),
        ["GET /v1/settings/calls"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/calls"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/chats"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/chats"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/monitoring"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/monitoring"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/recording"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/recording"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/phone-numbers"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/phone-numbers"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/agent-statuses"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/agent-statuses"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/messages"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/messages/{key}/{language}"] = new(Permissions.SettingsWrite, "KD"),
        ["DELETE /v1/settings/messages/{key}/{language}"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/messages/audio/"] = new(Permissions.SettingsRead, "KDM"),
        ["POST /v1/settings/messages/audio/"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/messages/audio/{id}/content"] = new(Permissions.SettingsRead, "KDM"),
        ["DELETE /v1/settings/messages/audio/{id}"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/settings/export"] = new(Permissions.SettingsRead, "KDM"),
        ["PUT /v1/settings/export"] = new(Permissions.SettingsWrite, "KD"),
        ["GET /v1/agents"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/agents/{id}"] = new(Permissions.MonitoringRead, "KDMA"),
        ["GET /v1/agents/{id}/status"] = new(Permissions.MonitoringRead, "KDMA"),
        ["PUT /v1/agents/{id}/status"] = new(Self, "A"),
        ["PUT /v1/agents/{id}/forwarding"] = new(Permissions.UsersWrite, "KDA"),
        ["DELETE /v1/agents/{id}/forwarding"] = new(Permissions.UsersWrite, "KDA"),
        ["POST /v1/agents/{id}/sign-out"] = new(Permissions.AgentsSignOut, "KDM"),
        ["GET /v1/users"] = new(Permissions.UsersRead, "KNDM"),
        ["POST /v1/users"] = new(Permissions.UsersWrite, "KD"),
        ["PUT /v1/users/{id}/password"] = new(Permissions.UsersWrite, "KD"),
        ["PUT /v1/users/{id}/assignment"] = new(Permissions.UsersWrite, "KD"),
        ["POST /v1/users/{id}/deactivate"] = new(Permissions.UsersWrite, "KD"),
        ["GET /v1/teams"] = new(Permissions.UsersRead, "KNDM"),
        ["POST /v1/teams"] = new(Permissions.UsersWrite, "KD"),
        ["GET /v1/roles"] = new(Permissions.UsersRead, "KNDM"),
        ["POST /v1/roles"] = new(Permissions.UsersWrite, "KD"),
        ["PUT /v1/roles/{id}"] = new(Permissions.UsersWrite, "KD"),
        ["GET /v1/api-keys"] = new(Permissions.UsersRead, "KD"),
        ["POST /v1/api-keys"] = new(Permissions.UsersWrite, "KD"),
        ["DELETE /v1/api-keys/{id}"] = new(Permissions.UsersWrite, "KD"),
        ["GET /v1/crm-keys"] = new(Permissions.UsersRead, "KD"),
        ["POST /v1/crm-keys"] = new(Permissions.UsersWrite, "KD"),
        ["DELETE /v1/crm-keys/{id}"] = new(Permissions.UsersWrite, "KD"),
        ["POST /v1/recordings/{id}/access-requests"] = new(Signed, ""),
        ["POST /v1/access-requests/{id}/verify"] = new(Signed, ""),
        ["GET /v1/access-requests/{id}/content"] = new(Open, ""),
        ["GET /v1/recordings/"] = new(Permissions.RecordingsRead, "KNDM"),
        ["GET /v1/recordings/{id}"] = new(Permissions.RecordingsRead, "KDM"),
        ["DELETE /v1/recordings/{id}"] = new(Permissions.RecordingsDelete, "KD"),
        ["GET /v1/recordings/{id}/content"] = new(Permissions.TicketsRead, "KDMA"),
        ["GET /v1/sessions/{id}/recording/content"] = new(Permissions.TicketsRead, "KDMA"),
        ["GET /v1/monitoring/calls/connected"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/monitoring/calls/queued"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/monitoring/chats/connected"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/monitoring/chats/queued"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/monitoring/agents"] = new(Permissions.MonitoringRead, "KNDM"),
        ["GET /v1/monitoring/queues"] = new(Permissions.MonitoringRead, "KNDM"),
        ["POST /v1/sessions/{id}/monitors"] = new(Permissions.MonitoringListen, "KDM"),
        ["GET /v1/monitors/"] = new(Permissions.AuditRead, "KD"),
        // Only who began a monitoring does anything with it: here the manager.
        ["GET /v1/monitors/{id}"] = new(Own, "M"),
        ["PATCH /v1/monitors/{id}"] = new(Own, "M"),
        ["DELETE /v1/monitors/{id}"] = new(Own, "M"),
        ["POST /v1/monitors/{id}/take-over"] = new(Own, ""),
        ["POST /v1/monitors/{id}/messages"] = new(Own, ""),
        ["GET /v1/monitors/{id}/audio"] = new(Own, "M"),
        ["GET /v1/monitors/{id}/live"] = new(Own, "M"),
        ["GET /v1/events"] = new(Permissions.EventsRead, "KD"),
        ["GET /v1/streams/{stream}"] = new(Permissions.AuditRead, "KD"),
        ["GET /v1/audit"] = new(Permissions.AuditRead, "KD"),
        ["GET /v1/tickets/{id}"] = new(Permissions.TicketsRead, "KNDMAB"),
        ["GET /v1/tickets/{id}/attachments/{attachmentId}/content"] = new(Permissions.TicketsRead, "KNDMAB"),
        ["GET /v1/operations/jobs"] = new(Permissions.OperationsRead, "KD"),
        ["GET /v1/operations/projections"] = new(Permissions.OperationsRead, "KD"),
        ["POST /v1/operations/projections/{name}/rebuild"] = new(Permissions.OperationsWrite, "KD"),
        ["POST /v1/operations/projections/{name}/retry"] = new(Permissions.OperationsWrite, "KD"),
        ["POST /v1/operations/projections/{name}/skip"] = new(Permissions.OperationsWrite, "KD"),
        ["POST /v1/operations/recording-keys/rewrap"] = new(Permissions.OperationsWrite, "KD"),
    };

    /// <summary>A well-formed body where one is needed: who may not must hear 403, not 400.</summary>
    private static readonly Dictionary<string, object> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /v1/sessions/"] = TestApi.Request(Guid.Parse(Unknown)),
        ["POST /v1/sessions/{id}/messages"] = new { text = "hello" },
        ["POST /v1/sessions/{id}/keys"] = new { keys = "1#" },
        ["POST /v1/voicemails/{id}/transcript"] = new { text = "Hello." },
        ["POST /v1/sessions/{id}/transcript"] = new { lines = new[] { new { from = "agent", at = "2026-12-01T10:00:00Z", until = "2026-12-01T10:00:02Z", text = "Hello." } } },
        ["POST /v1/sessions/{id}/summary"] = new { text = "A greeting." },
        ["POST /v1/sessions/{id}/end"] = new { reason = "stuck", confirm = true },
        ["POST /v1/sessions/{id}/monitors"] = new { mode = "silent" },
        ["PATCH /v1/monitors/{id}"] = new { mode = "silent" },
        ["POST /v1/monitors/{id}/messages"] = new { text = "hello" },
        ["PATCH /v1/sessions/{id}/customer-flags"] = new { bad_actor = true },
        ["POST /v1/sessions/{id}/transfer"] = new { queueId = Unknown },
        ["POST /v1/sessions/{id}/transfer-outside"] = new { phoneNumber = "+4930123456" },
        ["POST /v1/sessions/{id}/consultation"] = new { agentId = Unknown },
        ["PUT /v1/agents/{id}/forwarding"] = new { phoneNumber = "+4930123456" },
        ["POST /v1/queues/"] = new { name = "Billing", channel = "web" },
        ["PUT /v1/queues/{id}/name"] = new { name = "Billing" },
        ["PUT /v1/queues/{id}/names"] = new { names = Array.Empty<object>() },
        ["PUT /v1/queues/{id}/teams"] = new { teamIds = Array.Empty<Guid>() },
        ["PUT /v1/queues/{id}/handling"] = new { offerTimeoutSeconds = 30, wrapUpSeconds = 30 },
        ["PUT /v1/queues/{id}/whisper"] = new { whisperEnabled = true },
        ["POST /v1/queues/{id}/move"] = new { parentId = (Guid?)null },
        ["PUT /v1/queues/{id}/hours"] = new { timeZone = "Etc/UTC" },
        ["PUT /v1/queues/{id}/deflection"] = new { sms = new { text = Array.Empty<object>() } },
        ["PUT /v1/queues/{id}/virtual-agent"] = new { name = "Ada", connector = "simulated", availability = "always" },
        ["PUT /v1/queues/{id}/scheduled-calls"] = new { enabled = false, slotMinutes = 15, callsPerSlot = 1, daysAhead = 7, leadMinutes = 15 },
        ["POST /v1/scheduled-calls/"] = new
        {
            queueId = Unknown,
            startsAt = "2026-12-01T10:00:00Z",
            phoneNumber = "+4930123456",
            consumer = new { kind = "visitor", identity = "somebody" },
        },
        ["POST /v1/scheduled-calls/{id}/move"] = new { startsAt = "2026-12-01T10:00:00Z" },
        ["POST /v1/deflection/decide"] = new { kind = "chat", channel = "web", queueId = Unknown },
        ["PUT /v1/settings/support-center"] = new { name = "Center", timeZone = "Etc/UTC", languages = new[] { "en" }, defaultLanguage = "en" },
        ["PUT /v1/settings/hours"] = new { },
        ["PUT /v1/settings/calls"] = new { enabled = false },
        ["PUT /v1/settings/chats"] = new { enabled = false },
        ["PUT /v1/settings/monitoring"] = MonitoringRules.Default,
        ["PUT /v1/settings/agent-statuses"] = AgentStatuses.None,
        ["PUT /v1/settings/recording"] = RecordingRules.Default,
        ["PUT /v1/settings/phone-numbers"] = PhoneLines.None,
        ["PUT /v1/sessions/{id}/recording/consent"] = new { consent = "granted" },
        ["POST /v1/agents/{id}/sign-out"] = new { reason = "Gone home." },
        ["PUT /v1/settings/messages/{key}/{language}"] = new { text = "We are closed." },
        ["PUT /v1/settings/export"] = SettingsFile.Of(CenterConfiguration.Initial),
        ["PUT /v1/agents/{id}/status"] = new { presence = "available" },
        ["POST /v1/users"] = new { login = "nobody", name = "Nobody", password = "a password of some length" },
        ["PUT /v1/users/{id}/password"] = new { password = "a password of some length" },
        ["PUT /v1/users/{id}/assignment"] = new { roleIds = Array.Empty<Guid>(), teamIds = Array.Empty<Guid>() },
        ["POST /v1/teams"] = new { name = "A team" },
        ["POST /v1/roles"] = new { name = "A role", grants = Array.Empty<object>() },
        ["PUT /v1/roles/{id}"] = new { name = "A role", grants = Array.Empty<object>() },
        ["POST /v1/api-keys"] = new { name = "A key", grants = Array.Empty<object>() },
        ["POST /v1/crm-keys"] = new { name = "A key" },
        ["POST /v1/access-requests/{id}/verify"] = new { code = "123456" },
        ["POST /v1/operations/projections/{name}/skip"] = new { eventId = Unknown },
    };

    private static readonly System.Text.Json.JsonSerializerOptions Wire = WireOptions();

    public static TheoryData<string> Closed => [.. Rows.Where(r => r.Value.Opens != Open).Select(r => r.Key)];

    [Fact]
    public void Every_route_has_a_row_and_every_row_a_route()
    {
        var routes = api.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.DisplayName?.StartsWith("gRPC", StringComparison.Ordinal) != true)
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => $"{m} {e.RoutePattern.RawText}"));
        routes.Distinct().Order().ShouldBe(Rows.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Nobody_unknown_comes_in(string route)
    {
        using var answer = await api.Anonymous.SendAsync(Request(route));
        await answer.ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Every_permission_but_the_right_ones_is_not_enough(string route)
    {
        using var key = await api.KeyAsync([.. Permissions.All.Except((await DocumentedAsync())[route])]);
        using var answer = await key.SendAsync(Request(route));
        await answer.ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Each_caller_is_let_in_or_refused_as_the_row_says(string route)
    {
        var letIn = string.Empty;
        foreach (var (letter, client, ids) in await CallersAsync(route))
        {
            using var answer = await client.SendAsync(Request(route, ids), HttpCompletionOption.ResponseHeadersRead);
            var what = $"{letter} {route}: {answer.StatusCode}";
            answer.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized, what);
            ((int)answer.StatusCode).ShouldBeLessThan(500, what);
            // What there is and is not there for the caller is out of their reach.
            var hidden = answer.StatusCode == HttpStatusCode.NotFound && ids.Of(route.Split(' ')[1]) != Ids.Unknown.Session && route.Contains("{id}", StringComparison.Ordinal);
            if (answer.StatusCode != HttpStatusCode.Forbidden && !hidden)
                letIn += letter;
        }

        letIn.ShouldBe(Rows[route].In);
    }

    /// <summary>
    /// K: a key with the right permission alone, everywhere. O: a key with every other one. N: a key with the right one,
    /// for its teams, of which a key has none. D: an admin. M: a manager of the team. A: the agent in the session.
    /// B: another agent. C: a consumer, about their own session. All but those who reach everything ask about what there
    /// is, so that it is their reach that is asked and not whether it exists.
    /// </summary>
    private async Task<IReadOnlyList<(char Letter, HttpClient Client, Ids Ids)>> CallersAsync(string route)
    {
        var w = await WorldOf(api);
        var opens = Rows[route].Opens is Self or Own or Signed ? Permissions.SessionsHandle : Rows[route].Opens;
        var (own, consumer) = await api.SessionAsync(w.ConsumersQueue);
        return
        [
            ('K', await api.KeyAsync(opens), Ids.Unknown),
            ('O', await api.KeyAsync([.. Permissions.All.Except((await DocumentedAsync())[route])]), w.Ids),
            ('N', await api.KeyAsync(Scope.AssignedTeams, opens), w.Ids),
            ('D', api.Admin, Ids.Unknown),
            ('M', w.Manager, w.Ids),
            ('A', w.Agent, w.Ids),
            ('B', w.OtherAgent, w.Ids),
            ('C', consumer, w.Ids with { Session = own }),
        ];
    }

    private static System.Text.Json.JsonSerializerOptions WireOptions()
    {
        var options = new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web);
        Conventions.ApiJson.Configure(options);
        return options;
    }

    [Fact]
    public async Task The_document_names_for_every_route_what_opens_it()
    {
        var documented = await DocumentedAsync();
        foreach (var (route, row) in Rows.Where(r => r.Value.Opens is not (Open or Own or Signed)))
            documented[route].ShouldContain(row.Opens == Self ? Permissions.SessionsHandle : row.Opens, route);
        documented.Keys.Except(Rows.Where(r => r.Value.Opens != Open).Select(r => r.Key)).ShouldBeEmpty();
    }

    private static readonly ConditionalWeakTable<TestApi, Lazy<Task<IReadOnlyDictionary<string, string[]>>>> documents = [];

    private Task<IReadOnlyDictionary<string, string[]>> DocumentedAsync() =>
        documents.GetValue(api, static api => new Lazy<Task<IReadOnlyDictionary<string, string[]>>>(() => DocumentedAsync(api))).Value;

    /// <summary>For each route, the permissions that the document says open it.</summary>
    private static async Task<IReadOnlyDictionary<string, string[]>> DocumentedAsync(TestApi api)
    {
        using var document = System.Text.Json.JsonDocument.Parse(await api.Anonymous.GetStringAsync("/openapi/v1.json"));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (path.Name, operation));
        var byRoute = operations.Where(o => o.operation.Value.TryGetProperty("x-permissions", out _)).ToDictionary(
            o => $"{o.operation.Name.ToUpperInvariant()} {o.Name}",
            o => o.operation.Value.GetProperty("x-permissions").EnumerateArray().Select(p => p.GetString()!).ToArray(),
            StringComparer.Ordinal);
        // Routes of a group's own path end in a slash where they are mapped, and not in the document.
        return Rows.Keys.Where(r => byRoute.ContainsKey(r.TrimEnd('/'))).ToDictionary(r => r, r => byRoute[r.TrimEnd('/')], StringComparer.Ordinal);
    }

    /// <summary>A request of a route about something.</summary>
    /// <param name="route">Its method and pattern.</param>
    /// <param name="ids">What it is about, or null: nothing there is.</param>
    /// <param name="mode">How to monitor, where that is asked.</param>
    internal static HttpRequestMessage Request(string route, Ids? ids = null, MonitorMode? mode = null)
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var path = pattern.Replace("{id}", (ids ?? Ids.Unknown).Of(pattern).ToString(), StringComparison.Ordinal).Replace("{agentId}", Unknown, StringComparison.Ordinal)
            .Replace("{attachmentId}", Unknown, StringComparison.Ordinal).Replace("{name}", "unknown", StringComparison.Ordinal)
            .Replace("{stream}", "queue-" + Unknown, StringComparison.Ordinal)
            .Replace("{key}", "after_hours", StringComparison.Ordinal).Replace("{language}", "en", StringComparison.Ordinal)
            .Replace("/preview", "/preview?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (Bodies.TryGetValue(route, out var body))
            request.Content = JsonContent.Create(mode is null ? body : new { mode }, options: Wire);
        // A version that nobody looked at: whoever is let in changes nothing.
        if (route.EndsWith("/sign-out", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("If-Match", "\"999999\"");
        return request;
    }
}
