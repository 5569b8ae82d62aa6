using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Application.Access;

/// <summary>The text of an API key: <c>cc_{id}_{secret}</c>, the id without dashes, the secret 256 random bits in base64url.</summary>
internal static class ApiKeyText
{
    private const string Prefix = "cc_";
    private const int IdLength = 32;
    private const int SecretBytes = 32;

    /// <summary>A new secret.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The whole key.</summary>
    public static string Of(Guid id, string secret) => $"{Prefix}{id:N}_{secret}";

    /// <summary>What is kept of a secret; with 256 random bits in it a fast hash is enough.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>True if the secret is the one kept, in a time that tells nothing about it.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));

    /// <summary>Takes a key apart; false for anything that is none.</summary>
    public static bool TryParse(string text, out Guid id, out string secret)
    {
        var secretAt = Prefix.Length + IdLength + 1;
        var isKey = text.Length > secretAt && text.Length <= 200 && text.StartsWith(Prefix, StringComparison.Ordinal) && text[secretAt - 1] == '_';
        (id, secret) = (Guid.Empty, isKey ? text[secretAt..] : string.Empty);
        return isKey && Guid.TryParseExact(text.AsSpan(Prefix.Length, IdLength), "N", out id);
    }
}
