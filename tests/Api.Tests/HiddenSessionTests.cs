using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Domain.Access;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests;

/// <summary>
/// Whoever does not see a session is told of each action that there is none, as of one that there is not; who sees it and may
/// not is told that (MON-1).
/// </summary>
[Collection(ApiTests.Name)]
public sealed class HiddenSessionTests(TestApi api)
{
    private static readonly Guid Nothing = Guid.Parse("00000000-0000-7000-8000-00000000dead");

    private static readonly (string Method, string Path, object? Body, bool IsAgents)[] Actions =
    [
        ("POST", "hold", null, true), ("POST", "resume", null, true), ("POST", "transfer", new { queueId = Nothing }, true), ("GET", "transfer-targets", null, true),
        ("POST", "recording/pause", null, true), ("POST", "recording/resume", null, true), ("POST", "recording/redaction", null, true), ("DELETE", "recording/redaction", null, true),
        ("POST", "messages", new { text = "Hello." }, true), ("POST", "end", new { reason = "Abuse.", confirm = true }, false), ("POST", "monitors", new { mode = "silent" }, false),
        ("PATCH", "customer-flags", new { bad_actor = true }, false), ("POST", "summary", new { text = "A greeting." }, false),
        ("POST", "transcript", new { lines = new[] { new { from = "agent", at = "2026-12-01T10:00:00Z", until = "2026-12-01T10:00:02Z", text = "Hello." } } }, false),
    ];

    [Fact]
    public async Task Who_does_not_see_it_hears_that_there_is_none_and_who_sees_it_that_they_may_not()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (call, consumer) = await floor.ConnectedAsync("call");
        var (_, stranger) = await api.UserAsync([BuiltInRoles.Agent]);
        using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Reader", grants = new[] { new { permission = Permissions.SessionsRead, scope = "assigned_teams" } } });
        var role = (await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, reader) = await api.UserAsync([role], [floor.Team]);
        var (_, elsewhere) = await api.UserAsync([role], [await TeamAsync()]);
        foreach (var action in Actions)
        {
            foreach (var blind in new[] { stranger, elsewhere })
            {
                await RefusedAsync(blind, action, call, HttpStatusCode.NotFound, "session.not_found");
                await RefusedAsync(blind, action, Nothing, HttpStatusCode.NotFound, "session.not_found");
            }

            await RefusedAsync(reader, action, call, HttpStatusCode.Forbidden, "auth.forbidden");
            await RefusedAsync(reader, action, Nothing, HttpStatusCode.NotFound, "session.not_found");
            if (!action.IsAgents)
                await RefusedAsync(floor.Agent, action, call, HttpStatusCode.Forbidden, "auth.forbidden");
            if (action.Path != "messages")
                await RefusedAsync(consumer, action, call, HttpStatusCode.Forbidden, "auth.forbidden");
        }
    }

    [Fact]
    public async Task Who_gave_it_away_sees_it_no_more()
    {
        await using var floor = await Floor.OpenAsync(api);
        await using var other = await Floor.OpenAsync(api);
        var (call, _) = await floor.ConnectedAsync("call");
        await floor.Adapter.DoAsync(new() { Transfer = new() { SessionId = call.ToString(), QueueId = other.Queue.ToString() } });
        await other.Adapter.AcceptAsync(call);
        await other.Adapter.StatusAsync(call, SessionStatus.Connected);
        // The queue has no work after a session: the agent before is done with it.
        foreach (var action in Actions.Where(a => a.IsAgents && a.Path != "transfer"))
            await RefusedAsync(floor.Agent, action, call, HttpStatusCode.NotFound, "session.not_found");
    }

    [Fact]
    public async Task Who_did_not_take_back_what_they_gave_away_reads_it_no_more()
    {
        await using var floor = await Floor.OpenAsync(api);
        await floor.HandlingAsync(new { offerTimeoutSeconds = 30, wrapUpSeconds = 600 });
        var next = await api.QueueAsync(members: [floor.AgentId]);
        var (chat, _) = await floor.ConnectedAsync();
        var first = (await floor.Adapter.OfferAsync(chat)).OfferId;
        await floor.Adapter.DoAsync(new() { Transfer = new() { SessionId = chat.ToString(), QueueId = next.ToString() } });
        var offer = (await floor.Adapter.ToldAsync(c => c.Offer?.SessionId == chat.ToString() && c.Offer.OfferId != first)).Offer;
        using (var asked = await floor.Agent.GetAsync($"/v1/sessions/{chat}"))
            await asked.JsonAsync();
        // Nothing is offered to them again.
        await floor.Adapter.DoAsync(new() { SetStatus = new() { Available = false, Reason = "break" } });
        await floor.Adapter.DoAsync(new() { DeclineOffer = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        using var late = await floor.Agent.GetAsync($"/v1/sessions/{chat}");
        await late.ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
    }

    private async Task<Guid> TeamAsync()
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "Another team" });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task RefusedAsync(HttpClient who, (string Method, string Path, object? Body, bool IsAgents) action, Guid session, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(action.Method), $"/v1/sessions/{session}/{action.Path}");
        if (action.Body is not null)
            request.Content = JsonContent.Create(action.Body);
        if (action.Path == "end")
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await who.SendAsync(request);
        answer.StatusCode.ShouldBe(status, action.Path + await answer.Content.ReadAsStringAsync());
        await answer.ShouldRefuseAsync(status, code);
    }
}
