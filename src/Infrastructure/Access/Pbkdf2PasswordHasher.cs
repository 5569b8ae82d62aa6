using System.Globalization;
using System.Security.Cryptography;
using ContactCenter.Application.Access;

namespace ContactCenter.Infrastructure.Access;

/// <summary>
/// PBKDF2 with SHA-256 from the base class library: <c>pbkdf2-sha256$iterations$salt$hash</c>. Hashes made with fewer
/// iterations stay good; each names its own.
/// </summary>
/// <param name="iterations">At least 600,000 in production (OWASP 2023); tests take fewer.</param>
public sealed class Pbkdf2PasswordHasher(int iterations = Pbkdf2PasswordHasher.DefaultIterations) : IPasswordHasher
{
    /// <summary>Iterations of a new hash.</summary>
    public const int DefaultIterations = 600_000;

    private const string Name = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // What an unknown login is checked against: it takes as long as any other, and nothing matches it.
    private readonly string nobody = Write(iterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <inheritdoc/>
    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(iterations, salt, Derive(password, salt, iterations));
    }

    /// <inheritdoc/>
    public bool Verify(string password, string? hash)
    {
        var parts = (hash ?? nobody).Split('$');
        if (parts is not [Name, var count, var salt, var expected])
            throw new FormatException("A stored password hash cannot be read.");
        var derived = Derive(password, Convert.FromBase64String(salt), int.Parse(count, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(expected)) && hash is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static string Write(int iterations, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
}
