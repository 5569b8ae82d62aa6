using System.Security.Cryptography;
using ContactCenter.Application.Recordings;
using Microsoft.Win32.SafeHandles;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// Writes one object, sealing each chunk as it fills. A chunk goes to a fixed place and depends on nothing but its
/// content, so a failed write is repeated as it was.
/// </summary>
internal sealed class EncryptedObjectWriter : RecordingWriter
{
    private readonly string _draft;
    private readonly string _final;
    private readonly ObjectCipher _cipher;
    private readonly SafeFileHandle _file;
    private readonly byte[] _plain;
    private readonly byte[] _sealed;
    private long _chunk;
    private int _fill;
    private bool _placed;

    /// <summary>Creates the draft, which this process alone can then open for writing.</summary>
    public EncryptedObjectWriter(string draft, string final, ObjectCipher cipher)
    {
        _draft = draft;
        _final = final;
        _cipher = cipher;
        _plain = new byte[cipher.ChunkBytes];
        _sealed = new byte[cipher.SealedChunkBytes];
        _file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        try
        {
            RandomAccess.Write(_file, cipher.Header, 0);
        }
        catch
        {
            // Nothing is in it; left behind it would keep the next attempt out.
            File.Delete(draft);
            _file.Dispose();
            throw;
        }
    }

    public override long Length => (_chunk * _cipher.ChunkBytes) + _fill;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        while (true)
        {
            // First, because the chunk may be left over from a write that failed.
            if (_fill == _plain.Length)
                await SealAsync(last: false, cancellationToken);
            if (plain.IsEmpty)
                return;
            var take = Math.Min(plain.Length, _plain.Length - _fill);
            plain[..take].CopyTo(_plain.AsMemory(_fill));
            plain = plain[take..];
            _fill += take;
        }
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!_placed)
        {
            await WriteAsync(default, cancellationToken);
            await SealAsync(last: true, cancellationToken);
            RandomAccess.FlushToDisk(_file);
            File.Move(_draft, _final, overwrite: false);
            _placed = true;
            // Gives up the lock that keeps others out.
            _file.Dispose();
        }

        DurableFiles.FlushDirectory(Path.GetDirectoryName(_final)!);
    }

    public override ValueTask DisposeAsync()
    {
        CryptographicOperations.ZeroMemory(_plain);
        _file.Dispose();
        _cipher.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask SealAsync(bool last, CancellationToken cancellationToken)
    {
        var chunk = _sealed.AsMemory(0, _fill + ObjectCipher.TagBytes);
        _cipher.Seal(_chunk, last, _plain.AsSpan(0, _fill), chunk.Span);
        await RandomAccess.WriteAsync(_file, chunk, _cipher.Offset(_chunk), cancellationToken);
        if (last)
            return;
        _chunk++;
        _fill = 0;
    }
}
