using System.Net;
using System.Text;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests;

/// <summary>On a service of its own: what one address may write is counted over all of its requests.</summary>
public sealed class RefusalFloodTests(TestApi api) : IClassFixture<TestApi>
{
    [Fact]
    public async Task A_flood_of_nobody_known_is_not_written_whole_and_hides_nothing_that_somebody_known_is_refused()
    {
        for (var i = 0; i < 200; i++)
            await (await PostAsync(api.Anonymous, "/v1/sessions")).ShouldRefuseAsync(HttpStatusCode.Unauthorized);
        for (var i = 0; i < 150; i++)
            await (await PostAsync(api.Admin, "/v1/queues")).ShouldRefuseAsync(HttpStatusCode.BadRequest);

        await Eventually.TrueAsync(async () => await CountAsync("CreateQueue") == 150);
        (await CountAsync("StartSession")).ShouldBeInRange(20, 100);
        (await api.Anonymous.GetStringAsync("/metrics")).ShouldContain("contactcenter_audit_refusals_suppressed_total");
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path) =>
        client.PostAsync(path, new StringContent("{", Encoding.UTF8, "application/json"));

    private async Task<int> CountAsync(string command) =>
        (await (await api.Admin.GetAsync($"/v1/audit?command={command}&outcome=refused&limit=200")).JsonAsync()).GetProperty("items").GetArrayLength();
}
