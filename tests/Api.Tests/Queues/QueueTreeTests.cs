using System.Net;
using System.Net.Http.Json;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Tests.Queues;

/// <summary>The tree of queues as menus show it: named in languages, moved, by those who may.</summary>
[Collection(ApiTests.Name)]
public sealed class QueueTreeTests(TestApi api)
{
    [Fact]
    public async Task A_menu_is_shown_in_the_consumers_language()
    {
        var queue = await api.QueueAsync("mobile");
        await api.EditAsync(queue, "names", new { names = new[] { new { language = "de", name = "Rechnungen" } } });
        await (await api.TryEditAsync(HttpMethod.Put, queue, "names", new { names = new[] { new { language = "de", name = "" } } })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        var own = (await api.ReadAsync($"/v1/queues/{queue}")).GetProperty("name").GetString();

        (await ShownAsync("de-CH")).ShouldBe("Rechnungen");
        (await ShownAsync("fr")).ShouldBe(own);
        (await api.ReadAsync($"/v1/queues/{queue}")).GetProperty("names")[0].GetProperty("language").GetString().ShouldBe("de");

        async Task<string?> ShownAsync(string language) => (await api.ReadAsync($"/v1/entry/menus?channel=mobile&language={language}")).GetProperty("entries")
            .EnumerateArray().Single(e => e.GetProperty("queueId").GetGuid() == queue).GetProperty("name").GetString();
    }

    [Fact]
    public async Task A_queue_moves_with_all_below_it_and_never_below_itself()
    {
        var (root, other) = (await NewAsync("Root", null), await NewAsync("Other", null));
        var child = await NewAsync("Child", root);
        var leaf = await NewAsync("Leaf", child);
        await (await api.TryEditAsync(HttpMethod.Post, root, "move", new { parentId = leaf })).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "queue.under_itself");
        await (await api.TryEditAsync(HttpMethod.Delete, root)).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.has_children");
        await api.EditAsync(child, "move", new { parentId = other }, HttpMethod.Post);

        (await api.ReadAsync($"/v1/queues/{leaf}")).GetProperty("path").EnumerateArray().Select(p => p.GetString()).ShouldBe(["Other", "Child", "Leaf"]);
        (await api.ReadAsync($"/v1/queues/{child}")).GetProperty("parentId").GetGuid().ShouldBe(other);

        async Task<Guid> NewAsync(string name, Guid? parentId)
        {
            using var answer = await api.Admin.PostAsJsonAsync("/v1/queues", new { name, channel = "ivr", parentId });
            return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }
    }

    [Fact]
    public async Task Who_moves_a_queue_may_change_the_menu_it_leaves_and_the_one_it_comes_to()
    {
        var (ours, theirs) = (await TeamAsync("Ours"), await TeamAsync("Theirs"));
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Keeper of menus", grants = new[] { new { permission = Permissions.SettingsWrite, scope = "assigned_teams" } } });
        var role = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, keeper) = await api.UserAsync([role], [ours]);
        var (queue, beside, foreign) = (await api.QueueAsync("ivr", teamIds: [ours]), await api.QueueAsync("ivr", teamIds: [ours]), await api.QueueAsync("ivr", teamIds: [theirs]));

        await (await MoveAsync(queue, foreign)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await MoveAsync(foreign, queue)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await MoveAsync(queue, beside)).JsonAsync();
        await (await MoveAsync(queue, null)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        (await api.ReadAsync($"/v1/queues/{queue}")).GetProperty("parentId").GetGuid().ShouldBe(beside);
        await api.EditAsync(queue, "move", new { parentId = (Guid?)null }, HttpMethod.Post);

        async Task<HttpResponseMessage> MoveAsync(Guid moved, Guid? parentId) =>
            await keeper.SendWithAsync(HttpMethod.Post, $"/v1/queues/{moved}/move", (await api.ReadAsync($"/v1/queues/{moved}")).GetProperty("version").GetInt64(), new { parentId });

        async Task<Guid> TeamAsync(string name)
        {
            using var answer = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = $"{name} {Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}" });
            return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }
    }
}
