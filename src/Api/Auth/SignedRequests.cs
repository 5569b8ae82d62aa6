using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Access;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.Messaging;
using Microsoft.AspNetCore.Http.Extensions;

namespace ContactCenter.Api.Auth;

/// <summary>
/// Requests that the CRM signs with a key of its own (REC-10, ADR 0058):
/// <c>Authorization: CC-HMAC-SHA256 key={id},timestamp={unix seconds},nonce={16 to 64 of A-Z a-z 0-9 - _},signature={base64url}</c>.
/// Signed are, a line each without an end at the last: method, path with query, timestamp, nonce, SHA-256 of the body in
/// lower-case hexadecimal. A nonce is good once, a timestamp for five minutes to either side.
/// </summary>
public sealed class SignedRequests(CrmKeySecrets secrets, Authenticator authenticator, INonces nonces, TimeProvider clock)
{
    /// <summary>The scheme.</summary>
    public const string Scheme = "CC-HMAC-SHA256";

    /// <summary>How far the signer's clock may be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private const int MaxBody = 16 * 1024;

    /// <summary>True if the value says that the request is signed.</summary>
    public static bool Claims(string? authorization) => authorization?.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What is signed.</summary>
    public static byte[] Signature(byte[] secret, string method, string pathAndQuery, long timestamp, string nonce, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{method}\n{pathAndQuery}\n{timestamp}\n{nonce}\n{Convert.ToHexStringLower(SHA256.HashData(body))}")));

    /// <summary>Whose signature it is, or null: not ours, altered, too old, sent before, or of a key that is void.</summary>
    public async ValueTask<Caller?> ResolveAsync(HttpContext http, string authorization)
    {
        if (Read(authorization[(Scheme.Length + 1)..]) is not var (keyId, timestamp, nonce, signature)
            || (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(timestamp)).Duration() > Skew
            || await BodyAsync(http) is not { } body)
            return null;
        // What costs nothing comes first: who cannot sign makes no work for the database.
        var expected = Signature(secrets.Signing(keyId), http.Request.Method, http.Request.GetEncodedPathAndQuery(), timestamp, nonce, body);
        if (!CryptographicOperations.FixedTimeEquals(expected, signature))
            return null;
        return await authenticator.CrmKeyAsync(keyId, http.RequestAborted) is { } caller && await nonces.TryUseAsync(keyId, nonce, http.RequestAborted) ? caller : null;
    }

    private static (Guid KeyId, long Timestamp, string Nonce, byte[] Signature)? Read(string parameters)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var parameter in parameters.Split(','))
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim()) : (string.Empty, string.Empty);
            if (!values.TryAdd(name, value))
                return null;
        }

        var nonce = values.GetValueOrDefault("nonce", string.Empty);
        if (values.Count != 4
            || !Guid.TryParseExact(values.GetValueOrDefault("key"), "D", out var keyId)
            || !long.TryParse(values.GetValueOrDefault("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
            || timestamp > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || nonce.Length is < 16 or > 64 || !nonce.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            || values.GetValueOrDefault("signature") is not { Length: 43 } signature || !Base64Url.IsValid(signature))
            return null;
        return (keyId, timestamp, nonce, Base64Url.DecodeFromChars(signature));
    }

    /// <summary>The whole body, which the endpoint then reads again; null if it is larger than any signed request's.</summary>
    private static async Task<byte[]?> BodyAsync(HttpContext http)
    {
        var buffer = new byte[MaxBody + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > MaxBody)
            return null;
        var body = new MemoryStream(buffer, 0, length, writable: false);
        http.Request.Body = body;
        http.Response.RegisterForDispose(body);
        return buffer[..length];
    }
}
