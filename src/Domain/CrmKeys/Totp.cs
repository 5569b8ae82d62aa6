using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Domain.CrmKeys;

/// <summary>One-time codes by RFC 6238 as every authenticator makes them: HMAC-SHA-1, 30 seconds, six digits.</summary>
public static class Totp
{
    /// <summary>How long a code is the current one, in seconds.</summary>
    public const int StepSeconds = 30;

    private const int Digits = 6;
    private const int Modulus = 1_000_000;

    /// <summary>The time step of an instant.</summary>
    public static long StepOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a time step.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // what RFC 6238 says and authenticators do; collisions of SHA-1 do not weaken HMAC
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0xf)..]) & int.MaxValue;
        return (number % Modulus).ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');
    }

    /// <summary>The step that a code is of, the current or the previous one; null for neither. Tells nothing by its time.</summary>
    public static long? StepOf(string code, ReadOnlySpan<byte> secret, DateTimeOffset now)
    {
        var current = StepOf(now);
        var (isCurrent, isPrevious) = (Is(code, secret, current), Is(code, secret, current - 1));
        return isCurrent ? current : isPrevious ? current - 1 : null;
    }

    private static bool Is(string code, ReadOnlySpan<byte> secret, long step) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.ASCII.GetBytes(Code(secret, step)));
}
