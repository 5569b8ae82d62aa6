using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ContactCenter.Api.Auth;

/// <summary>Whose token it is.</summary>
public enum TokenUse
{
    /// <summary>A signed-in user's.</summary>
    User,

    /// <summary>A consumer's, good for one session.</summary>
    Session,
}

/// <summary>What a valid token says.</summary>
/// <param name="Use">Whose.</param>
/// <param name="Subject">The user's or the session's id.</param>
/// <param name="IssuedAt">When, to the microsecond: a token older than the last password change is void.</param>
/// <param name="ExpiresAt">No longer good from then on.</param>
public sealed record TokenClaims(TokenUse Use, Guid Subject, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Makes and checks access tokens: compact JWS, HS256, one fixed header, so that no token can choose its own
/// algorithm (ADR 0018).
/// </summary>
/// <param name="key">At least 32 bytes.</param>
public sealed class AccessTokens(byte[] key)
{
    private const string Issuer = "contactcenter";
    private const int SignatureBytes = HMACSHA256.HashSizeInBytes;
    private const int MaxLength = 2048;

    /// <summary>base64url of <c>{"alg":"HS256","typ":"JWT"}</c>.</summary>
    private const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

    /// <summary>Clocks of two nodes may differ by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Makes one.</summary>
    /// <param name="use">Whose it is.</param>
    /// <param name="subject">The user's or the session's id.</param>
    /// <param name="now">The issuing instant.</param>
    /// <param name="lifetime">How long it is good for.</param>
    public string Issue(TokenUse use, Guid subject, DateTimeOffset now, TimeSpan lifetime)
    {
        var issued = Seconds(now);
        var payload = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["aud"] = Audience(use),
            ["sub"] = subject.ToString("D"),
            ["iat"] = issued,
            ["nbf"] = issued,
            ["exp"] = Seconds(now + lifetime),
        });
        var signed = $"{Header}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>What a token says, or null if it is not one of ours, altered, not yet or no longer good.</summary>
    public TokenClaims? Read(string token, DateTimeOffset now)
    {
        var end = token.LastIndexOf('.');
        if (token.Length > MaxLength || end <= Header.Length || !token.StartsWith(Header + ".", StringComparison.Ordinal) || !Ascii.IsValid(token))
            return null;
        Span<byte> given = stackalloc byte[SignatureBytes + 3];
        if (!Base64Url.TryDecodeFromChars(token.AsSpan(end + 1), given, out var length) || length != SignatureBytes)
            return null;
        Span<byte> expected = stackalloc byte[SignatureBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(token[..end]), expected);
        return CryptographicOperations.FixedTimeEquals(given[..SignatureBytes], expected)
            ? Claims(Base64Url.DecodeFromChars(token.AsSpan()[(Header.Length + 1)..end]), now)
            : null;
    }

    /// <summary>Only ever called with what we signed, so a payload that cannot be read is a bug and throws.</summary>
    private static TokenClaims? Claims(byte[] payload, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(payload);
        var claims = document.RootElement;
        var use = claims.GetProperty("aud").GetString() == Audience(TokenUse.User) ? TokenUse.User : TokenUse.Session;
        var found = new TokenClaims(
            use, claims.GetProperty("sub").GetGuid(), Instant(claims.GetProperty("iat").GetDecimal()), Instant(claims.GetProperty("exp").GetDecimal()));
        var good = claims.GetProperty("iss").GetString() == Issuer
            && claims.GetProperty("aud").GetString() == Audience(use)
            && Instant(claims.GetProperty("nbf").GetDecimal()) <= now + Skew
            && found.ExpiresAt > now;
        return good ? found : null;
    }

    private static string Audience(TokenUse use) => use == TokenUse.User ? "contactcenter:user" : "contactcenter:session";

    private static decimal Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static DateTimeOffset Instant(decimal seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
}
