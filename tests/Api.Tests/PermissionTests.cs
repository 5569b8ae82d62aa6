using System.Net;
using System.Net.Http.Json;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using Microsoft.AspNetCore.Routing;

namespace ContactCenter.Api.Tests;

/// <summary>Every route, and whom it lets in. A new route without a row here fails (ADM-1).</summary>
[Collection(ApiTests.Name)]
public sealed class PermissionTests(TestApi api)
{
    private const string Open = "open";
    private const string Self = "the agent themselves";
    private const string Unknown = "00000000-0000-7000-8000-00000000dead";

    /// <summary>Route → the permission that opens it; <see cref="Open"/> for none; <see cref="Self"/> where no key can have it.</summary>
    private static readonly Dictionary<string, string> Rows = new(StringComparer.Ordinal)
    {
        ["GET /health/live"] = Open,
        ["GET /health/ready"] = Open,
        ["GET /metrics"] = Open, // Bound to loopback here.
        ["GET /openapi/{documentName}.json"] = Open,
        ["POST /v1/auth/token"] = Open,
        ["POST /v1/sessions/"] = Permissions.EntryWrite,
        ["POST /v1/sessions/{id}/messages"] = Permissions.EntryWrite,
        ["POST /v1/sessions/{id}/typing"] = Permissions.EntryWrite,
        ["POST /v1/sessions/{id}/leave"] = Permissions.EntryWrite,
        ["GET /v1/sessions/{id}/stream"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/details"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/history"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/transcript"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/live"] = Permissions.SessionsRead,
        ["GET /v1/sessions/{id}/ticket"] = Permissions.TicketsRead,
        ["POST /v1/sessions/{id}/end"] = Permissions.SessionsEnd,
        ["GET /v1/sessions/{id}/customer-flags"] = Permissions.SessionsRead,
        ["PATCH /v1/sessions/{id}/customer-flags"] = Permissions.EntryWrite,
        ["POST /v1/sessions/{id}/hold"] = Self,
        ["POST /v1/sessions/{id}/resume"] = Self,
        ["POST /v1/sessions/{id}/transfer"] = Self,
        ["GET /v1/sessions/{id}/transfer-targets"] = Self,
        ["POST /v1/sessions/{id}/recording/pause"] = Self,
        ["POST /v1/sessions/{id}/recording/resume"] = Self,
        ["POST /v1/queues/"] = Permissions.SettingsWrite,
        ["GET /v1/queues/{id}"] = Permissions.SettingsRead,
        ["PUT /v1/queues/{id}/name"] = Permissions.SettingsWrite,
        ["DELETE /v1/queues/{id}"] = Permissions.SettingsWrite,
        ["PUT /v1/queues/{id}/members/{agentId}"] = Permissions.SettingsWrite,
        ["DELETE /v1/queues/{id}/members/{agentId}"] = Permissions.SettingsWrite,
        ["PUT /v1/queues/{id}/handling"] = Permissions.SettingsWrite,
        ["PUT /v1/queues/{id}/whisper"] = Permissions.SettingsWrite,
        ["POST /v1/queues/{id}/move"] = Permissions.SettingsWrite,
        ["GET /v1/queues/{id}/hours"] = Permissions.SettingsRead,
        ["PUT /v1/queues/{id}/hours"] = Permissions.SettingsWrite,
        ["DELETE /v1/queues/{id}/hours"] = Permissions.SettingsWrite,
        ["GET /v1/queues/{id}/hours/preview"] = Permissions.SettingsRead,
        ["GET /v1/queues/{id}/deflection"] = Permissions.SettingsRead,
        ["PUT /v1/queues/{id}/deflection"] = Permissions.SettingsWrite,
        ["DELETE /v1/queues/{id}/deflection"] = Permissions.SettingsWrite,
        ["GET /v1/queues/{id}/virtual-agent"] = Permissions.SettingsRead,
        ["PUT /v1/queues/{id}/virtual-agent"] = Permissions.SettingsWrite,
        ["DELETE /v1/queues/{id}/virtual-agent"] = Permissions.SettingsWrite,
        ["GET /v1/queues/{id}/scheduled-calls"] = Permissions.SettingsRead,
        ["PUT /v1/queues/{id}/scheduled-calls"] = Permissions.SettingsWrite,
        ["POST /v1/deflection/decide"] = Permissions.EntryWrite,
        ["GET /v1/entry/menus"] = Permissions.EntryWrite,
        ["GET /v1/queues"] = Permissions.SettingsRead,
        ["GET /v1/settings/support-center"] = Permissions.SettingsRead,
        ["PUT /v1/settings/support-center"] = Permissions.SettingsWrite,
        ["GET /v1/settings/hours"] = Permissions.SettingsRead,
        ["PUT /v1/settings/hours"] = Permissions.SettingsWrite,
        ["GET /v1/settings/hours/preview"] = Permissions.SettingsRead,
        ["GET /v1/settings/calls"] = Permissions.SettingsRead,
        ["PUT /v1/settings/calls"] = Permissions.SettingsWrite,
        ["GET /v1/settings/chats"] = Permissions.SettingsRead,
        ["PUT /v1/settings/chats"] = Permissions.SettingsWrite,
        ["GET /v1/settings/messages"] = Permissions.SettingsRead,
        ["PUT /v1/settings/messages/{key}/{language}"] = Permissions.SettingsWrite,
        ["DELETE /v1/settings/messages/{key}/{language}"] = Permissions.SettingsWrite,
        ["GET /v1/settings/messages/audio/"] = Permissions.SettingsRead,
        ["POST /v1/settings/messages/audio/"] = Permissions.SettingsWrite,
        ["GET /v1/settings/messages/audio/{id}/content"] = Permissions.SettingsRead,
        ["DELETE /v1/settings/messages/audio/{id}"] = Permissions.SettingsWrite,
        ["GET /v1/settings/export"] = Permissions.SettingsRead,
        ["PUT /v1/settings/export"] = Permissions.SettingsWrite,
        ["GET /v1/agents"] = Permissions.MonitoringRead,
        ["GET /v1/agents/{id}"] = Permissions.MonitoringRead,
        ["GET /v1/agents/{id}/status"] = Permissions.MonitoringRead,
        ["PUT /v1/agents/{id}/status"] = Self,
        ["GET /v1/users"] = Permissions.UsersRead,
        ["POST /v1/users"] = Permissions.UsersWrite,
        ["PUT /v1/users/{id}/password"] = Permissions.UsersWrite,
        ["PUT /v1/users/{id}/assignment"] = Permissions.UsersWrite,
        ["POST /v1/users/{id}/deactivate"] = Permissions.UsersWrite,
        ["GET /v1/teams"] = Permissions.UsersRead,
        ["POST /v1/teams"] = Permissions.UsersWrite,
        ["GET /v1/roles"] = Permissions.UsersRead,
        ["POST /v1/roles"] = Permissions.UsersWrite,
        ["PUT /v1/roles/{id}"] = Permissions.UsersWrite,
        ["GET /v1/api-keys"] = Permissions.UsersRead,
        ["POST /v1/api-keys"] = Permissions.UsersWrite,
        ["DELETE /v1/api-keys/{id}"] = Permissions.UsersWrite,
        ["GET /v1/recordings/"] = Permissions.RecordingsRead,
        ["GET /v1/recordings/{id}"] = Permissions.RecordingsRead,
        ["GET /v1/voicemails/"] = Permissions.TicketsRead,
        ["GET /v1/voicemails/{id}"] = Permissions.TicketsRead,
        ["GET /v1/voicemails/{id}/content"] = Permissions.TicketsRead,
        ["POST /v1/voicemails/{id}/read"] = Permissions.TicketsRead,
        ["POST /v1/voicemails/{id}/transcript"] = Permissions.EntryWrite,
        ["POST /v1/sessions/{id}/keys"] = Permissions.EntryWrite,
        ["GET /v1/monitoring/calls/connected"] = Permissions.MonitoringRead,
        ["GET /v1/monitoring/calls/queued"] = Permissions.MonitoringRead,
        ["GET /v1/monitoring/chats/connected"] = Permissions.MonitoringRead,
        ["GET /v1/monitoring/chats/queued"] = Permissions.MonitoringRead,
        ["GET /v1/monitoring/agents"] = Permissions.MonitoringRead,
        ["GET /v1/monitoring/queues"] = Permissions.MonitoringRead,
        ["GET /v1/events"] = Permissions.EventsRead,
        ["GET /v1/streams/{stream}"] = Permissions.AuditRead,
        ["GET /v1/audit"] = Permissions.AuditRead,
        ["GET /v1/tickets/{id}"] = Permissions.TicketsRead,
        ["GET /v1/tickets/{id}/attachments/{attachmentId}/content"] = Permissions.TicketsRead,
        ["GET /v1/operations/jobs"] = Permissions.OperationsRead,
        ["GET /v1/operations/projections"] = Permissions.OperationsRead,
        ["POST /v1/operations/projections/{name}/rebuild"] = Permissions.OperationsWrite,
        ["POST /v1/operations/projections/{name}/retry"] = Permissions.OperationsWrite,
        ["POST /v1/operations/projections/{name}/skip"] = Permissions.OperationsWrite,
    };

    /// <summary>A well-formed body where one is needed: who may not must hear 403, not 400.</summary>
    private static readonly Dictionary<string, object> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /v1/sessions/"] = TestApi.Request(Guid.Parse(Unknown)),
        ["POST /v1/sessions/{id}/messages"] = new { text = "hello" },
        ["POST /v1/sessions/{id}/keys"] = new { keys = "1#" },
        ["POST /v1/voicemails/{id}/transcript"] = new { text = "Hello." },
        ["POST /v1/sessions/{id}/end"] = new { reason = "stuck", confirm = true },
        ["PATCH /v1/sessions/{id}/customer-flags"] = new { bad_actor = true },
        ["POST /v1/sessions/{id}/transfer"] = new { queueId = Unknown },
        ["POST /v1/queues/"] = new { name = "Billing", channel = "web" },
        ["PUT /v1/queues/{id}/name"] = new { name = "Billing" },
        ["PUT /v1/queues/{id}/handling"] = new { offerTimeoutSeconds = 30, wrapUpSeconds = 30 },
        ["PUT /v1/queues/{id}/whisper"] = new { whisperEnabled = true },
        ["POST /v1/queues/{id}/move"] = new { parentId = (Guid?)null },
        ["PUT /v1/queues/{id}/hours"] = new { timeZone = "Etc/UTC" },
        ["PUT /v1/queues/{id}/deflection"] = new { sms = new { text = Array.Empty<object>() } },
        ["PUT /v1/queues/{id}/virtual-agent"] = new { name = "Ada", connector = "simulated", availability = "always" },
        ["PUT /v1/queues/{id}/scheduled-calls"] = new { enabled = false, slotMinutes = 15, callsPerSlot = 1, daysAhead = 7, leadMinutes = 15 },
        ["POST /v1/deflection/decide"] = new { kind = "chat", channel = "web", queueId = Unknown },
        ["PUT /v1/settings/support-center"] = new { name = "Center", timeZone = "Etc/UTC", languages = new[] { "en" }, defaultLanguage = "en" },
        ["PUT /v1/settings/hours"] = new { },
        ["PUT /v1/settings/calls"] = new { enabled = false },
        ["PUT /v1/settings/chats"] = new { enabled = false },
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
        ["POST /v1/operations/projections/{name}/skip"] = new { eventId = Unknown },
    };

    /// <summary>Who asks about themselves needs none.</summary>
    public static TheoryData<string> ClosedByPermission => [.. Rows.Where(r => r.Value is not (Open or Self)).Select(r => r.Key)];

    private static readonly System.Text.Json.JsonSerializerOptions Wire = WireOptions();

    public static TheoryData<string> Closed => [.. Rows.Where(r => r.Value != Open).Select(r => r.Key)];

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
        using var key = await api.KeyAsync([.. Permissions.All.Except(Opening(route))]);
        using var answer = await key.SendAsync(Request(route));
        await answer.ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory]
    [MemberData(nameof(ClosedByPermission))]
    public async Task The_right_permission_alone_is_enough(string route)
    {
        using var key = await api.KeyAsync(Rows[route]);
        using var answer = await key.SendAsync(Request(route), HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
        answer.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }

    private static System.Text.Json.JsonSerializerOptions WireOptions()
    {
        var options = new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web);
        Conventions.ApiJson.Configure(options);
        return options;
    }

    /// <summary>Where several permissions open a route, all of them.</summary>
    private static string[] Opening(string route) => Rows[route] switch
    {
        Permissions.SessionsRead when route.EndsWith("/history", StringComparison.Ordinal) => [Permissions.SessionsRead, Permissions.AuditRead],
        Permissions.SessionsRead => [Permissions.SessionsRead, Permissions.MonitoringRead, Permissions.EntryWrite],
        Permissions.MonitoringRead when route == "GET /v1/monitoring/queues" => [Permissions.SettingsRead, Permissions.MonitoringRead],
        Permissions.SettingsRead when route is "GET /v1/queues" => [Permissions.SettingsRead, Permissions.MonitoringRead],
        Permissions.EntryWrite when route is "POST /v1/deflection/decide" or "GET /v1/entry/menus" => [Permissions.SettingsRead, Permissions.EntryWrite],
        var one => [one],
    };

    private static HttpRequestMessage Request(string route)
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var path = pattern.Replace("{id}", Unknown, StringComparison.Ordinal).Replace("{agentId}", Unknown, StringComparison.Ordinal)
            .Replace("{attachmentId}", Unknown, StringComparison.Ordinal).Replace("{name}", "unknown", StringComparison.Ordinal)
            .Replace("{stream}", "queue-" + Unknown, StringComparison.Ordinal)
            .Replace("{key}", "after_hours", StringComparison.Ordinal).Replace("{language}", "en", StringComparison.Ordinal)
            .Replace("/preview", "/preview?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (Bodies.TryGetValue(route, out var body))
            request.Content = JsonContent.Create(body, options: Wire);
        return request;
    }
}
