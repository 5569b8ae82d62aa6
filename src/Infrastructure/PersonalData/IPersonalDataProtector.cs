using System.Security.Cryptography;
using System.Text;

using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Infrastructure.PersonalData;

/// <summary>Keeps one key per consumer, so that forgetting a consumer is destroying a key (ADM-4, ADR 0006).</summary>
public interface IPersonalDataProtector
{
    /// <summary>The consumer's key, created on first use, or <see cref="PersonalDataKey.Forgotten"/>.</summary>
    /// <exception cref="InvalidOperationException">There is one that cannot be opened.</exception>
    ValueTask<PersonalDataKey> KeyForWritingAsync(Guid consumerId, CancellationToken cancellationToken);

    /// <summary>
    /// The keys of many consumers; <see cref="PersonalDataKey.Forgotten"/> for one that has none, and
    /// <see cref="PersonalDataKey.Closed"/> for one that cannot be opened: that one harms its own consumer's data alone.
    /// </summary>
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

    /// <summary>
    /// A key that cannot be opened: its row is damaged, or another master key wrapped it. Whoever needs it is told so with a
    /// <see cref="CryptographicException"/>; it must never read as forgotten.
    /// </summary>
    public static PersonalDataKey Closed { get; } = new(Guid.Empty, key: null) { IsClosed = true };

    /// <summary>True if there is no key any more.</summary>
    public bool IsForgotten => key is null && !IsClosed;

    /// <summary>True if there is a key that cannot be opened.</summary>
    public bool IsClosed { get; private init; }

    private byte[]? Opened =>
        IsClosed ? throw new CryptographicException("The consumer's key cannot be opened: it is damaged, or of another personal data master key.") : key;

    /// <summary>The text as it may be stored, base64 of nonce, tag and cipher; null if there is nothing to store.</summary>
    public string? Protect(PersonalText text)
    {
        if (Opened is not { } opened || text.Value is not { } clear)
            return null;
        return Convert.ToBase64String(Seal(opened, Encoding.UTF8.GetBytes(clear), consumer));
    }

    /// <summary>The clear text of what <see cref="Protect"/> gave.</summary>
    /// <exception cref="CryptographicException">It was not protected with this key, or the key cannot be opened.</exception>
    public PersonalText Reveal(string? stored)
    {
        if (Opened is not { } opened || stored is null)
            return PersonalText.Forgotten;
        Span<byte> sealedText = Convert.FromBase64String(stored);
        return new PersonalText(Encoding.UTF8.GetString(Open(opened, sealedText, consumer)));
    }

    /// <summary>Bytes as they may be stored, bound to a place of theirs; null if there is no key any more.</summary>
    internal byte[]? ProtectBytes(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> place) => Opened is { } opened ? Seal(opened, clear, [.. consumer, .. place]) : null;

    /// <summary>The clear bytes of what <see cref="ProtectBytes"/> gave for this place.</summary>
    internal byte[]? RevealBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place) => Opened is { } opened ? Open(opened, stored, [.. consumer, .. place]) : null;

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
