using System.Net;

namespace ContactCenter.Api.Tests;

/// <summary>What answers without authentication, and that nothing else does: not even whether it exists.</summary>
[Collection(ApiTests.Name)]
public sealed class OpenPathTests(TestApi api)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/v1/no/such/path")]
    [InlineData("/docsx")]
    [InlineData("/openapi/v1.yaml")]
    [InlineData("/.well-known/security.txt")]
    public async Task Nobody_unknown_hears_whether_a_path_exists(string path)
    {
        using var answer = await api.Anonymous.GetAsync(path);
        await answer.ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json")]
    public async Task The_contract_is_open_to_anybody(string path)
    {
        using var answer = await api.Anonymous.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
