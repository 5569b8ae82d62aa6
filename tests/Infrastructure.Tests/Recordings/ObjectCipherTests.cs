using System.Security.Cryptography;
using ContactCenter.Infrastructure.Recordings;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class ObjectCipherTests
{
    private readonly byte[] _dataKey = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _plain = RecordingFolder.Audio(500);

    [Fact]
    public void A_chunk_opens_only_at_its_place_and_only_as_last_if_it_is()
    {
        using var cipher = ObjectCipher.ForNew(_dataKey, "here");
        foreach (var last in new[] { true, false })
        {
            var chunk = Sealed(cipher, 7, last);
            Opens(cipher, 7, last, chunk).ShouldBeTrue();
            Opens(cipher, 7, !last, chunk).ShouldBeFalse();
            Opens(cipher, 6, last, chunk).ShouldBeFalse();
            Opens(cipher, 7L << 32, last, chunk).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_chunk_opens_only_with_its_key_context_and_header()
    {
        using var cipher = ObjectCipher.ForNew(_dataKey, "here");
        var chunk = Sealed(cipher, 0, last: false);
        foreach (var at in Enumerable.Range(4, RecordingFolder.Header - 4))
        {
            var header = cipher.Header.ToArray();
            header[at] ^= 1;
            if (at is 6 or 7)
                continue; // A chunk of a megabyte and more is refused before anything is opened.
            using var other = ObjectCipher.ForExisting(header, _dataKey, "here");
            Opens(other, 0, last: false, chunk).ShouldBeFalse();
        }

        using var same = ObjectCipher.ForExisting(cipher.Header, _dataKey, "here");
        using var elsewhere = ObjectCipher.ForExisting(cipher.Header, _dataKey, "there");
        using var stranger = ObjectCipher.ForExisting(cipher.Header, RandomNumberGenerator.GetBytes(32), "here");
        Opens(same, 0, last: false, chunk).ShouldBeTrue();
        Opens(elsewhere, 0, last: false, chunk).ShouldBeFalse();
        Opens(stranger, 0, last: false, chunk).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_left_of_a_chunk_that_does_not_open()
    {
        using var cipher = ObjectCipher.ForNew(_dataKey, "here");
        var chunk = Sealed(cipher, 0, last: true);
        chunk[^1] ^= 1;
        var plain = new byte[_plain.Length];

        cipher.TryOpen(0, last: true, chunk, plain).ShouldBeFalse();

        plain.ShouldAllBe(value => value == 0);
    }

    private byte[] Sealed(ObjectCipher cipher, long index, bool last)
    {
        var chunk = new byte[_plain.Length + ObjectCipher.TagBytes];
        cipher.Seal(index, last, _plain, chunk);
        return chunk;
    }

    private bool Opens(ObjectCipher cipher, long index, bool last, byte[] chunk)
    {
        var plain = new byte[_plain.Length];
        var opened = cipher.TryOpen(index, last, chunk, plain);
        if (opened)
            plain.ShouldBe(_plain);
        return opened;
    }
}
