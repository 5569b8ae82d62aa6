using System.Net;
using System.Net.Http.Json;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>Which teams are responsible for a queue, and so whose managers see it, may change at any time (MON-9).</summary>
[Collection(WatchingTests.Name)]
public sealed class QueueTeamsTests(TestApi api)
{
    [Fact]
    public async Task A_queue_taken_from_a_team_leaves_its_managers_pages_and_monitors_and_comes_to_those_of_another()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (chat, _) = await floor.ConnectedAsync();
        var other = await TeamAsync();
        var (_, newManager) = await api.UserAsync([BuiltInRoles.Manager], [other]);
        using var monitored = await floor.Manager.PostAsJsonAsync($"/v1/sessions/{chat}/monitors", new { mode = "silent" });
        var monitor = (await monitored.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var page = await EventStream.OpenAsync(floor.Manager, "/v1/monitoring/chats/connected");
        using var queues = await EventStream.OpenAsync(floor.Manager, "/v1/monitoring/queues");
        using var reading = await EventStream.OpenAsync(floor.Manager, $"/v1/monitors/{monitor}/live");
        using var theirs = await EventStream.OpenAsync(newManager, "/v1/monitoring/chats/connected");
        (await page.NextAsync())!.Value.Data.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await queues.NextAsync())!.Value.Data.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await theirs.NextAsync())!.Value.Data.GetProperty("items").GetArrayLength().ShouldBe(0);

        await AssignAsync(floor.Queue, other);

        (await UntilAsync(page, rows: 0)).ShouldBeTrue();
        (await UntilAsync(queues, rows: 0)).ShouldBeTrue();
        (await UntilAsync(theirs, rows: 1)).ShouldBeTrue();
        while (await reading.NextAsync() is not null)
        {
            // What was told before is not the question.
        }

        await Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync($"/v1/monitors?sessionId={chat}")).Single().GetProperty("stopReason").GetString() == "right_lost");
        await (await floor.Manager.GetAsync($"/v1/sessions/{chat}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        (await floor.Manager.ItemsAsync("/v1/monitoring/chats/connected")).ShouldBeEmpty();
        await Eventually.TrueAsync(async () => (await newManager.ItemsAsync("/v1/monitoring/queues")).Count == 1);
        (await floor.Manager.ItemsAsync("/v1/monitoring/queues")).ShouldBeEmpty();
        (await newManager.ItemsAsync("/v1/monitoring/chats/connected")).ShouldHaveSingleItem().IdOf().ShouldBe(chat);
    }

    [Fact]
    public async Task Teams_are_assigned_with_the_version_looked_at_and_stay_in_the_history()
    {
        var (ours, theirs) = (await TeamAsync(), await TeamAsync());
        var queue = await api.QueueAsync(teamIds: [ours]);
        var path = $"/v1/queues/{queue}/teams";
        var before = (await Events(queue))[^1].GetProperty("recordedAt").GetDateTimeOffset();

        await (await api.Admin.PutAsJsonAsync(path, new { teamIds = new[] { theirs } })).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired);
        await (await api.Admin.PutTaggedAsync(path, "\"7\"", new { teamIds = new[] { theirs } })).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed);
        await (await api.Admin.PutTaggedAsync(path, "\"1\"", new { teamIds = new[] { Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) } }))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "team.not_found");
        await (await api.Admin.PutTaggedAsync(path, "\"1\"", new { })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        (await Events(queue)).Count.ShouldBe(1);

        await AssignAsync(queue, ours, theirs);
        await AssignAsync(queue, theirs, ours);
        await Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync($"/v1/queues?teamId={theirs}")) is [var only] && only.GetProperty("queue").GetProperty("queueId").GetGuid() == queue);
        (await Events(queue)).Select(e => e.GetProperty("type").GetString()).ShouldBe(["queue.created.v1", "queue.teams_assigned.v1"]);
        (await TeamsAsync(queue)).ShouldBe([ours, theirs]);
        (await TeamsAsync(queue, $"?asOf={Uri.EscapeDataString(before.ToString("O"))}")).ShouldBe([ours]);
        await AssignAsync(queue);
        (await TeamsAsync(queue)).ShouldBeEmpty();
    }

    /// <summary>Who may set but these queues does not decide who else sees them, nor shuts themselves out.</summary>
    [Fact]
    public async Task Whose_right_is_that_of_a_team_assigns_none()
    {
        var team = await TeamAsync();
        var queue = await api.QueueAsync(teamIds: [team]);
        using var defined = await api.Admin.PostAsJsonAsync(
            "/v1/roles", new { name = "Setter", grants = new[] { new { permission = Permissions.SettingsWrite, scope = "assigned_teams" } } });
        var role = (await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, setter) = await api.UserAsync([role], [team]);

        await (await setter.PutTaggedAsync($"/v1/queues/{queue}/teams", "\"1\"", new { teamIds = Array.Empty<Guid>() })).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        using var named = await setter.PutTaggedAsync($"/v1/queues/{queue}/name", "\"1\"", new { name = "Bills" });
        await named.JsonAsync();
    }

    private static async Task<bool> UntilAsync(EventStream page, int rows)
    {
        while (await page.NextAsync() is { } told)
        {
            if (told.Name == "snapshot" && told.Data.GetProperty("items").GetArrayLength() == rows)
                return true;
        }

        return false;
    }

    private async Task<Guid> TeamAsync()
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task AssignAsync(Guid queue, params Guid[] teamIds)
    {
        using var looked = await api.Admin.GetAsync($"/v1/queues/{queue}");
        using var set = await api.Admin.PutTaggedAsync($"/v1/queues/{queue}/teams", looked.Headers.ETag!.Tag, new { teamIds });
        await set.JsonAsync();
    }

    private async Task<List<Guid>> TeamsAsync(Guid queue, string query = "")
    {
        using var answer = await api.Admin.GetAsync($"/v1/queues/{queue}{query}");
        return [.. (await answer.JsonAsync()).GetProperty("teamIds").EnumerateArray().Select(t => t.GetGuid())];
    }

    private async Task<List<System.Text.Json.JsonElement>> Events(Guid queue)
    {
        using var answer = await api.Admin.GetAsync($"/v1/streams/queue-{queue}");
        return [.. (await answer.JsonAsync()).EnumerateArray()];
    }
}
