using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Domain.CrmKeys;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>The CRM with a key of its own: signs its requests, and has somebody with an authenticator.</summary>
internal sealed class CrmClient(TestApi api, Guid keyId, string signingSecret)
{
    private readonly byte[] secret = Base64Url.DecodeFromChars(signingSecret);

    public Guid KeyId => keyId;

    public static async Task<CrmClient> IssueAsync(TestApi api)
    {
        using var answer = await api.Admin.PostAsJsonAsync("/v1/crm-keys", new { name = "The CRM" });
        var key = await answer.JsonAsync(HttpStatusCode.Created);
        var client = new CrmClient(api, key.GetProperty("id").GetGuid(), key.GetProperty("signingSecret").GetString()!);
        key.GetProperty("totpUri").GetString()!.ShouldContain(key.GetProperty("totpSecret").GetString()!);
        return client;
    }

    /// <summary>The authenticator's code now, or so many steps before.</summary>
    public string Code(int stepsBefore = 0) =>
        Totp.Code(api.Get<CrmKeySecrets>().Totp(keyId), Totp.StepOf(TimeProvider.System.GetUtcNow()) - stepsBefore);

    /// <summary>A code that is none of now.</summary>
    public string WrongCode() => new[] { "000000", "111111", "222222", "333333" }.First(c => c != Code() && c != Code(1) && c != Code(-1));

    public async Task<Guid> RequestAsync(Guid recordingId)
    {
        using var answer = await SendAsync($"/v1/recordings/{recordingId}/access-requests");
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public Task<HttpResponseMessage> VerifyAsync(Guid accessRequestId, string code) => SendAsync($"/v1/access-requests/{accessRequestId}/verify", $$"""{"code":"{{code}}"}""");

    /// <summary>Posts, signed; with some of it other than what is signed, to see it refused.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string path, string body = "", string? signedPath = null, string? signedBody = null, TimeSpan age = default, string? nonce = null, Guid? key = null)
    {
        nonce ??= Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var timestamp = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds();
        var signature = SignedRequests.Signature(secret, "POST", signedPath ?? path, timestamp, nonce, System.Text.Encoding.UTF8.GetBytes(signedBody ?? body));
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body.Length > 0)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{SignedRequests.Scheme} key={key ?? keyId},timestamp={timestamp},nonce={nonce},signature={Base64Url.EncodeToString(signature)}");
        return await api.Anonymous.SendAsync(request);
    }
}
