using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ContactCenter.Api.Hosting;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Api.Tests;

[Collection(ApiTests.Name)]
public sealed class ConventionTests(TestApi api)
{
    [Fact]
    public async Task Fifty_identical_requests_at_once_begin_one_session()
    {
        var queue = await api.QueueAsync();
        var (key, body) = (NewKey(), TestApi.Request(queue));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync("/v1/sessions", key, body)));
        var ids = new HashSet<Guid>();
        foreach (var answer in answers.Where(a => a.StatusCode != HttpStatusCode.Conflict))
            ids.Add((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
        ids.Count.ShouldBe(1);
        await Eventually.TrueAsync(async () => await CountAsync(queue) > 0);
        (await CountAsync(queue)).ShouldBe(1);

        using var late = await PostAsync("/v1/sessions", key, body);
        (await late.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid().ShouldBe(ids.Single());
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_byte_for_byte()
    {
        var (key, body) = (NewKey(), TestApi.Request(await api.QueueAsync()));
        using var first = await PostAsync("/v1/sessions", key, body);
        using var again = await PostAsync("/v1/sessions", key, body);
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        again.StatusCode.ShouldBe(first.StatusCode);
    }

    [Fact]
    public async Task What_is_kept_of_a_request_cannot_be_guessed_at_without_the_key()
    {
        const string path = "/v1/users";
        var key = NewKey();
        using var sent = await PostAsync(path, key, new { login = "guess-me", name = "Gus", password = "a password of some length" });
        await using var command = api.Get<NpgsqlDataSource>().CreateCommand("select request_hash from idempotency_keys where key = $1");
        command.Parameters.Add(new() { Value = key });
        var kept = (byte[])(await command.ExecuteScalarAsync())!;
        var request = Encoding.UTF8.GetBytes($"POST {path}\n{await sent.RequestMessage!.Content!.ReadAsStringAsync()}");
        kept.ShouldNotBe(SHA256.HashData(request));
        kept.ShouldBe(HMACSHA256.HashData(KeyRing.Open(api.Get<ApiOptions>().KeysFolder).Requests, request));
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused()
    {
        var (key, queue) = (NewKey(), await api.QueueAsync());
        (await PostAsync("/v1/sessions", key, TestApi.Request(queue))).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await PostAsync("/v1/sessions", key, TestApi.Request(queue))).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
    }

    [Fact]
    public async Task Ending_needs_the_version_looked_at_and_a_confirmation()
    {
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        // The ticket is linked a moment later, which is a new version too.
        await Eventually.TrueAsync(async () => (await api.Admin.GetStringAsync($"/v1/sessions/{id}")).Contains("\"ticketId\":\"", StringComparison.Ordinal));
        await (await EndAsync(id, null, confirm: true)).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");

        var tag = (await api.Admin.GetAsync($"/v1/sessions/{id}")).Headers.ETag!.Tag;
        var problem = await (await EndAsync(id, tag, confirm: false)).ShouldRefuseAsync(HttpStatusCode.Conflict, "session.confirmation_required");
        problem.GetProperty("details").GetProperty("status").GetString().ShouldBe("queued");

        (await consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = "Are you there?" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await EndAsync(id, tag, confirm: true)).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed, "request.stale_version"))
            .GetProperty("currentVersion").GetInt64().ShouldBeGreaterThan(0);

        tag = (await api.Admin.GetAsync($"/v1/sessions/{id}")).Headers.ETag!.Tag;
        using var ended = await EndAsync(id, tag, confirm: true);
        ended.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await api.Admin.GetAsync($"/v1/sessions/{id}")).JsonAsync()).GetProperty("status").GetString().ShouldBe("ended");
    }

    [Fact]
    public async Task Customer_flags_take_both_spellings_and_answer_one()
    {
        var (id, _) = await api.SessionAsync(await api.QueueAsync());
        using var set = await api.Admin.PatchAsJsonAsync($"/v1/sessions/{id}/customer-flags", new { repeat_customers = true, bad_actor = false });
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        var flags = await (await api.Admin.GetAsync($"/v1/sessions/{id}/customer-flags")).JsonAsync();
        flags.GetProperty("repeat_customer").GetBoolean().ShouldBeTrue();
        flags.GetProperty("bad_actor").GetBoolean().ShouldBeFalse();
        flags.TryGetProperty("repeat_customers", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_hundred_messages_at_once_in_one_chat_every_one_is_taken()
    {
        var (session, consumer) = await api.SessionAsync(await api.QueueAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => consumer.PostAsJsonAsync($"/v1/sessions/{session}/messages", new { text = $"Message {n}" })));
        answers.ShouldAllBe(a => a.IsSuccessStatusCode);
        var transcript = await api.Admin.GetFromJsonAsync<JsonElement>($"/v1/sessions/{session}/transcript");
        transcript.ToString().Split("\"Message ").Length.ShouldBe(201);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_whichever_version_somebody_says_they_looked_at()
    {
        var none = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await RefusedAsync(HttpMethod.Post, $"/v1/sessions/{none}/end", new { confirm = true, reason = "stuck" }, "session.not_found");
        await RefusedAsync(HttpMethod.Put, $"/v1/queues/{none}/name", new { name = "Billing" }, "queue.not_found");
        await RefusedAsync(HttpMethod.Put, $"/v1/queues/{none}/handling", new { offerTimeoutSeconds = 30, wrapUpSeconds = 30 }, "queue.not_found");
        await RefusedAsync(HttpMethod.Delete, $"/v1/queues/{none}", body: null, "queue.not_found");
        await RefusedAsync(HttpMethod.Put, $"/v1/users/{none}/assignment", new { roleIds = Array.Empty<Guid>(), teamIds = Array.Empty<Guid>() }, "user.not_found");
        await RefusedAsync(HttpMethod.Delete, $"/v1/scheduled-calls/{none}", body: null, "scheduled_call.not_found");

        async Task RefusedAsync(HttpMethod method, string path, object? body, string code)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            using var answer = await api.Admin.SendAsync(request);
            await answer.ShouldRefuseAsync(HttpStatusCode.NotFound, code);
        }
    }

    [Fact]
    public async Task A_consumer_sees_their_own_session_and_no_other()
    {
        var queue = await api.QueueAsync();
        var (mine, consumer) = await api.SessionAsync(queue);
        var (other, _) = await api.SessionAsync(queue);
        (await consumer.GetAsync($"/v1/sessions/{mine}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await consumer.GetAsync($"/v1/sessions/{other}")).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await consumer.PostAsync($"/v1/sessions/{other}/leave", content: null)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await consumer.GetAsync($"/v1/sessions/{mine}/history")).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task A_token_is_void_once_its_user_is_deactivated_and_a_key_once_revoked()
    {
        var (id, user) = await api.UserAsync([BuiltInRoles.Manager]);
        (await user.GetAsync("/v1/monitoring/chats/queued")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.Admin.PostAsync($"/v1/users/{id}/deactivate", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await user.GetAsync("/v1/monitoring/chats/queued")).ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");

        using var key = await api.KeyAsync(Permissions.UsersWrite);
        var keyId = key.DefaultRequestHeaders.Authorization!.Parameter!.Split('_')[1];
        (await key.DeleteAsync($"/v1/api-keys/{keyId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await key.DeleteAsync($"/v1/api-keys/{keyId}")).ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_in_the_audit_trail()
    {
        using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/token", new { user = "admin", password = "wrong" });
        await answer.ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
        await Eventually.TrueAsync(async () => (await api.Admin.GetStringAsync("/v1/audit?command=SignIn&outcome=refused")).Contains("auth.wrong_credentials", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_pages_gives_each_row_once()
    {
        var queue = await api.QueueAsync();
        var ids = new HashSet<Guid>();
        for (var i = 0; i < 7; i++)
            ids.Add((await api.SessionAsync(queue)).Id);
        await Eventually.TrueAsync(async () => await CountAsync(queue) == 7);

        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = await (await api.Admin.GetAsync($"/v1/monitoring/chats/queued?queueId={queue}&limit=3&cursor={cursor}")).JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("session").GetProperty("sessionId").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        seen.Order().ShouldBe(ids.Order());
    }

    [Fact]
    public async Task Secrets_never_show_in_streams_and_events()
    {
        var (id, _) = await api.UserAsync([]);
        var text = await api.Admin.GetStringAsync($"/v1/streams/user-{id}");
        text.ShouldContain("user.created.v1");
        text.ShouldNotContain("Hash");
        await (await api.Admin.GetAsync($"/v1/streams/user-{id}?asOf=2001-01-01T00:00:00Z")).ShouldRefuseAsync(HttpStatusCode.NotFound, "stream.not_found");
    }

    [Fact]
    public async Task What_was_written_shows_in_events_only_to_those_who_may_read_sessions()
    {
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        await consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = "my very secret" });
        using var integrator = await api.KeyAsync(Permissions.EventsRead);
        using var auditor = await api.KeyAsync(Permissions.EventsRead, Permissions.SessionsRead);
        await api.MarkEndAsync();
        (await AllEventsAsync(auditor)).ShouldContain("my very secret");
        (await AllEventsAsync(integrator)).ShouldNotContain("my very secret");
    }

    [Fact]
    public async Task The_audit_trail_comes_as_csv_and_as_json_lines()
    {
        await api.QueueAsync();
        await Eventually.TrueAsync(async () => (await ExportAsync("text/csv")).Contains(",CreateQueue,", StringComparison.Ordinal));
        (await ExportAsync("text/csv")).ShouldStartWith("position,at,actorKind");
        (await ExportAsync("application/jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith('{') && line.EndsWith('}'));
    }

    private static string NewKey() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();

    private async Task<string> ExportAsync(string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/audit");
        request.Headers.Accept.ParseAdd(type);
        using var answer = await api.Admin.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string> AllEventsAsync(HttpClient client)
    {
        var (text, after) = ("", "0");
        while (true)
        {
            var page = await (await client.GetAsync($"/v1/events?limit=1000&after={after}")).JsonAsync();
            text += page.ToString();
            after = page.GetProperty("position").GetString()!;
            if (page.GetProperty("atEnd").GetBoolean())
                return text;
        }
    }

    private async Task<int> CountAsync(Guid queue) =>
        (await (await api.Admin.GetAsync($"/v1/monitoring/chats/queued?queueId={queue}&limit=200")).JsonAsync()).GetProperty("items").GetArrayLength();

    private Task<HttpResponseMessage> PostAsync(string path, string key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return api.Admin.SendAsync(request);
    }

    private Task<HttpResponseMessage> EndAsync(Guid id, string? tag, bool confirm)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sessions/{id}/end") { Content = JsonContent.Create(new { confirm, reason = "stuck" }) };
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        return api.Admin.SendAsync(request);
    }
}
