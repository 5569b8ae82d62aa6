using System.Security.Cryptography;
using System.Text;

using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Infrastructure.PersonalData;

/// <summary>Keeps one key per consumer, so that forgetting a consumer is destroying a key (ADM-4, ADR 0006).</summary>
public interface IPersonalDataProtector
{
    /// <summary>The consumer's key, created on first use, or <see cref="PersonalDataKey.Forgotten"/>.</summary>
    ValueTask<PersonalDataKey> KeyForWritingAsync(Guid consumerId, CancellationToken cancellationToken);

    /// <summary>The keys of many consumers; <see cref="PersonalDataKey.Forgotten"/> for one that has none.</summary>
    ValueTask<IReadOnlyDictionary<Guid, PersonalDataKey>> KeysForReadingAsync(
        IReadOnlyCollection<Guid> consumerIds, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the consumer's key for good. This node forgets at once, others within 10 s. Doing it again changes nothing.
    /// </summary>
    Task ForgetAsync(Guid consumerId, CancellationToken cancellationToken);
}

/// <summary>One consumer's key: AES-256-GCM, a fresh nonce per value, bound to the consumer.</summary>
public sealed class PersonalDataKey
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[]? key;
    private readonly byte[] consumer;

    internal PersonalDataKey(Guid consumerId, byte[]? key)
    {
        this.key = key;
        consumer = consumerId.ToByteArray(bigEndian: true);
    }

    /// <summary>The key of a consumer that is forgotten: it protects nothing and reveals nothing.</summary>
    public static PersonalDataKey Forgotten { get; } = new(Guid.Empty, key: null);

    /// <summary>True if there is no key any more.</summary>
    public bool IsForgotten => key is null;

    /// <summary>The text as it may be stored, base64 of nonce, tag and cipher; null if there is nothing to store.</summary>
    public string? Protect(PersonalText text)
    {
        if (key is null || text.Value is not { } clear)
            return null;
        return Convert.ToBase64String(Seal(key, Encoding.UTF8.GetBytes(clear), consumer));
    }

    /// <summary>The clear text of what <see cref="Protect"/> gave.</summary>
    /// <exception cref="CryptographicException">It was not protected with this key.</exception>
    public PersonalText Reveal(string? stored)
    {
        if (key is null || stored is null)
            return PersonalText.Forgotten;
        Span<byte> sealedText = Convert.FromBase64String(stored);
        return new PersonalText(Encoding.UTF8.GetString(Open(key, sealedText, consumer)));
    }

    /// <summary>Bytes as they may be stored, bound to a place of theirs; null if there is no key any more.</summary>
    internal byte[]? ProtectBytes(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> place) => key is null ? null : Seal(key, clear, [.. consumer, .. place]);

    /// <summary>The clear bytes of what <see cref="ProtectBytes"/> gave for this place.</summary>
    internal byte[]? RevealBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place) => key is null ? null : Open(key, stored, [.. consumer, .. place]);

    internal static byte[] Seal(byte[] key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> boundTo)
    {
        var result = new byte[NonceSize + TagSize + clear.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, clear, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), boundTo);
        return result;
    }

    internal static byte[] Open(byte[] key, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> boundTo)
    {
        if (cipher.Length < NonceSize + TagSize)
            throw new CryptographicException("The protected value is cut short.");
        var clear = new byte[cipher.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(cipher[..NonceSize], cipher[(NonceSize + TagSize)..], cipher.Slice(NonceSize, TagSize), clear, boundTo);
        return clear;
    }
}
