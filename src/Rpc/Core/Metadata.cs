using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: pairs of a lower-case key and a text, or bytes where the key ends in <c>-bin</c>. Mirrors <c>Grpc.Core.Metadata</c>.</summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys with this suffix hold bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries; cannot be changed.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly { get; private init; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The last entry of that key (any case), or null.</summary>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.Is(key));

    /// <summary>The text of the last entry of that key, or null.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry of that key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Every entry of that key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.Is(key));

    /// <inheritdoc/>
    public void Add(Entry item) => Writable().Add(item ?? throw new ArgumentNullException(nameof(item)));

    /// <summary>Adds a text.</summary>
    /// <exception cref="ArgumentException">The key is not one HTTP/2 allows, or ends in <c>-bin</c>, or the value is not printable ASCII.</exception>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds bytes.</summary>
    /// <exception cref="ArgumentException">The key is not one HTTP/2 allows, or does not end in <c>-bin</c>.</exception>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Clear() => Writable().Clear();

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, Entry item) => Writable().Insert(index, item ?? throw new ArgumentNullException(nameof(item)));

    /// <inheritdoc/>
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    private List<Entry> Writable() => IsReadOnly ? throw new InvalidOperationException("This metadata is read-only.") : _entries;

    /// <summary>One key with its value. Mirrors <c>Grpc.Core.Metadata.Entry</c>.</summary>
    public sealed class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>An entry with a text.</summary>
        /// <exception cref="ArgumentException">The key is not one HTTP/2 allows, or ends in <c>-bin</c>, or the value is not printable ASCII.</exception>
        public Entry(string key, string value) : this(ValidKey(key), value ?? throw new ArgumentNullException(nameof(value)), null)
        {
            if (IsBinary)
                throw new ArgumentException($"A key with the suffix {BinaryHeaderSuffix} needs bytes.", nameof(key));
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                throw new ArgumentException("A metadata value is printable ASCII; use a -bin key for anything else.", nameof(value));
        }

        /// <summary>An entry with bytes.</summary>
        /// <exception cref="ArgumentException">The key is not one HTTP/2 allows, or does not end in <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
            : this(ValidKey(key), null, (byte[])(valueBytes ?? throw new ArgumentNullException(nameof(valueBytes))).Clone())
        {
            if (!IsBinary)
                throw new ArgumentException($"A key with bytes needs the suffix {BinaryHeaderSuffix}.", nameof(key));
        }

        private Entry(string key, string? text, byte[]? bytes) => (Key, _text, _bytes) = (key, text, bytes);

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the key ends in <c>-bin</c>.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry holds bytes.</exception>
        public string Value => _text ?? throw new InvalidOperationException("This entry holds bytes.");

        /// <summary>The bytes; of a text, its ASCII bytes.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : (byte[])_bytes.Clone();

        internal ReadOnlySpan<byte> RawBytes => _bytes;

        /// <inheritdoc/>
        public override string ToString() => IsBinary ? $"[Entry: key={Key}, {_bytes!.Length} bytes]" : $"[Entry: key={Key}, value={_text}]";

        /// <summary>What came over the wire is taken as it is: refusing a peer's odd header would break calls that ignore it.</summary>
        internal static Entry FromWire(string key, string text) => new(LowerKey(key), text, null);

        internal static Entry FromWire(string key, byte[] bytes) => new(LowerKey(key), null, bytes);

        internal bool Is(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string LowerKey(string key) => key.AsSpan().ContainsAnyInRange('A', 'Z') ? key.ToLowerInvariant() : key;

        private static string ValidKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            foreach (var c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
                    throw new ArgumentException("A metadata key has only letters, digits, '_', '-' and '.'.", nameof(key));
            }
            return LowerKey(key);
        }
    }
}
