using System.Net;
using System.Text;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests;

/// <summary>On a service of its own: what one address may write is counted over all of its requests.</summary>
public sealed class RefusalFloodTests(TestApi api) : IClassFixture<TestApi>
{
    [Fact]
    public async Task What_never_became_a_command_is_in_the_audit_trail_but_a_flood_is_not()
    {
        for (var i = 0; i < 200; i++)
            await (await api.Admin.PostAsync("/v1/sessions", new StringContent("{", Encoding.UTF8, "application/json"))).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        await Eventually.TrueAsync(async () => await CountAsync() >= 20);
        (await CountAsync()).ShouldBeLessThan(100);
        (await api.Anonymous.GetStringAsync("/metrics")).ShouldContain("contactcenter_audit_refusals_suppressed_total");
    }

    private async Task<int> CountAsync() =>
        (await (await api.Admin.GetAsync("/v1/audit?command=StartSession&outcome=refused&limit=200")).JsonAsync()).GetProperty("items").GetArrayLength();
}
