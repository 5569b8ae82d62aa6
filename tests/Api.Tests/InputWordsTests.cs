using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Tests;

/// <summary>What is wrong with a request is said so that it can be mended: the words that there are, the shape an instant has.</summary>
[Collection(ApiTests.Name)]
public sealed class InputWordsTests(TestApi api)
{
    private const string Some = "0192f3a0-0000-7000-8000-00000000dead";

    public static TheoryData<string, string> InstantsInQueries => new()
    {
        { "/v1/audit?from={0}", "from" },
        { "/v1/audit?to={0}", "to" },
        { "/v1/recordings?from={0}", "from" },
        { "/v1/scheduled-calls?to={0}", "to" },
        { "/v1/entry/menus?channel=web&at={0}", "at" },
        { $"/v1/queues/{Some}/slots?from={{0}}", "from" },
        { $"/v1/queues/{Some}/hours/preview?to={{0}}", "to" },
        { $"/v1/queues/{Some}?asOf={{0}}", "asOf" },
        { $"/v1/queues/{Some}/deflection?asOf={{0}}", "asOf" },
        { "/v1/settings/hours/preview?from={0}", "from" },
        { "/v1/settings/calls?asOf={0}", "asOf" },
        { "/v1/settings/export?asOf={0}", "asOf" },
        { "/v1/settings/messages?asOf={0}", "asOf" },
        { $"/v1/streams/queue-{Some}?asOf={{0}}", "asOf" },
    };

    [Theory, MemberData(nameof(InstantsInQueries))]
    public async Task An_instant_without_its_zone_is_no_instant(string path, string parameter)
    {
        foreach (var wrong in new[] { "2026-11-26T09:00:00", "2026-11-26", "26 Nov 2026 09:00 +01:00", "2026-13-26T09:00:00Z", "now" })
        {
            var said = await ErrorAsync(await api.Admin.GetAsync(string.Format(path, Uri.EscapeDataString(wrong))), parameter);
            said.ShouldContain("with its zone");
        }

        foreach (var right in new[] { "2026-11-26T09:00:00Z", "2026-11-26T10:00:00.123+01:00", "2026-11-26T10:00:00.123456789-01:00" })
        {
            using var answer = await api.Admin.GetAsync(string.Format(path, Uri.EscapeDataString(right)));
            var text = await answer.Content.ReadAsStringAsync();
            text.ShouldNotContain("with its zone");
        }
    }

    [Fact]
    public async Task In_a_body_it_is_none_either()
    {
        (await ErrorAsync(await DecideAsync(at: "2026-11-26T09:00:00"), "at")).ShouldContain("with its zone");
        (await ErrorAsync(await DecideAsync(at: 5), "at")).ShouldContain("with its zone");
        using var book = await api.Admin.PostAsJsonAsync("/v1/scheduled-calls", new
        {
            queueId = Some,
            startsAt = "2026-12-01T10:00:00",
            phoneNumber = "+4930123456",
            consumer = new { kind = "visitor", identity = "somebody" },
        });
        (await ErrorAsync(book, "startsAt")).ShouldContain("with its zone");
        (await ErrorAsync(await api.Admin.PostAsJsonAsync($"/v1/scheduled-calls/{Some}/move", new { startsAt = "2026-12-01T10:00" }), "startsAt")).ShouldContain("with its zone");
    }

    [Fact]
    public async Task A_word_that_is_none_is_answered_with_those_that_are()
    {
        const string channels = "Must be one of ivr, mobile, web, sms.";
        (await ErrorAsync(await api.Admin.GetAsync("/v1/entry/menus?channel=fax"), "channel")).ShouldBe(channels);
        (await ErrorAsync(await api.Admin.GetAsync("/v1/audit?outcome=lost"), "outcome")).ShouldBe("Must be one of accepted, refused, no_effect.");
        (await ErrorAsync(await api.Admin.PostAsJsonAsync("/v1/queues", new { name = "Fax", channel = "fax" }), "channel")).ShouldBe(channels);
        (await ErrorAsync(await api.Admin.PostAsJsonAsync("/v1/queues", new { name = "Fax", channel = 1 }), "channel")).ShouldBe(channels);
        using var optional = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "chat",
            channel = "web",
            queueId = Some,
            consumer = new { kind = "visitor", identity = "somebody" },
            deflection = "pigeon",
        });
        (await ErrorAsync(optional, "deflection")).ShouldBe("Must be one of scheduled_call, email, phone_number, voicemail.");
        (await ErrorAsync(await api.Admin.GetAsync("/v1/queues/somewhere"), "id")).ShouldBe("Must be a UUID.");
        (await ErrorAsync(await api.Admin.GetAsync("/v1/queues?archived=maybe"), "archived")).ShouldBe("Must be true or false.");
    }

    [Theory]
    [InlineData("/v1/audit")]
    [InlineData("/v1/recordings")]
    [InlineData("/v1/scheduled-calls")]
    public async Task A_list_does_not_end_before_it_begins(string path)
    {
        (await ErrorAsync(await api.Admin.GetAsync($"{path}?from=2026-11-26T09:00:00Z&to=2026-11-26T08:59:59Z"), "to")).ShouldBe("Must not be before from.");
        (await api.Admin.GetAsync($"{path}?from=2026-11-26T09:00:00Z&to=2026-11-26T09:00:00Z")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Roles_are_listed_with_the_built_in_ones_page_by_page_and_each_once()
    {
        (await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Trainee", grants = Array.Empty<object>() })).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Testing.Eventually.TrueAsync(async () => (await api.Admin.GetStringAsync("/v1/roles?limit=200")).Contains("Trainee", StringComparison.Ordinal));
        var all = await PagesAsync(limit: 200);
        all.Take(3).ShouldBe([("admin", BuiltInRoles.Admin, true), ("manager", BuiltInRoles.Manager, true), ("agent", BuiltInRoles.Agent, true)]);
        all.Skip(3).ShouldAllBe(r => !r.IsBuiltIn);
        foreach (var limit in new[] { 1, 2, 3, 4 })
            (await PagesAsync(limit)).ShouldBe(all);
        await (await api.Admin.GetAsync("/v1/roles?cursor=built-in.x")).ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    private async Task<List<(string Name, Guid Id, bool IsBuiltIn)>> PagesAsync(int limit)
    {
        List<(string, Guid, bool)> found = [];
        string? cursor = null;
        do
        {
            var page = await (await api.Admin.GetAsync($"/v1/roles?limit={limit}{(cursor is null ? string.Empty : $"&cursor={Uri.EscapeDataString(cursor)}")}")).JsonAsync();
            page.GetProperty("items").GetArrayLength().ShouldBeLessThanOrEqualTo(limit);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(r => (r.GetProperty("name").GetString()!, r.GetProperty("roleId").GetGuid(), r.GetProperty("isBuiltIn").GetBoolean())));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return found;
    }

    private Task<HttpResponseMessage> DecideAsync(object at) =>
        api.Admin.PostAsJsonAsync("/v1/deflection/decide", new { kind = "chat", channel = "web", queueId = Some, at });

    private static async Task<string> ErrorAsync(HttpResponseMessage answer, string field)
    {
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").TryGetProperty(field, out JsonElement said).ShouldBeTrue(problem.ToString());
        return said[0].GetString()!;
    }
}
