using System.Security.Cryptography;
using System.Text;
using ContactCenter.Api.Errors;

namespace ContactCenter.Api.Conventions;

/// <summary>The caller's <c>Idempotency-Key</c> and the keyed hash of method, path and body that it stands for.</summary>
/// <param name="Key">1 to 255 visible ASCII characters.</param>
/// <param name="RequestHash">32 bytes.</param>
public sealed record IdempotencyKey(string Key, byte[] RequestHash);

/// <summary>
/// The key under which requests are hashed: bodies hold passwords, and who reads the database must not be able to guess
/// them offline. The same on every node, since any of them may see the repeat.
/// </summary>
/// <param name="bytes">32 bytes.</param>
public sealed class RequestHashKey(byte[] bytes)
{
    internal byte[] Bytes { get; } = bytes;
}

/// <summary>Reads <c>Idempotency-Key</c> on everything but reads; hashes the body on its way to the endpoint.</summary>
internal sealed class Idempotency(RequestDelegate next, RequestHashKey hashKey)
{
    public const string Header = "Idempotency-Key";
    private const int MaxLength = 255;

    public async Task InvokeAsync(HttpContext http)
    {
        var values = http.Request.Headers[Header];
        if (values.Count > 0 && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            http.Features.Set(await ReadAsync(http, values.Count == 1 ? values[0] : null));
        await next(http);
    }

    private async Task<IdempotencyKey> ReadAsync(HttpContext http, string? key)
    {
        if (key is not { Length: > 0 and <= MaxLength } || !key.All(c => c is > ' ' and <= '~'))
            throw BadRequestException.Field(Header, "Give it once: 1 to 255 visible ASCII characters.");
        // Kestrel's limit on bodies bounds this copy.
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        http.Request.Body = body;
        http.Response.RegisterForDispose(body);

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, hashKey.Bytes);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path.Value}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        body.Position = 0;
        return new IdempotencyKey(key, hash.GetHashAndReset());
    }
}
