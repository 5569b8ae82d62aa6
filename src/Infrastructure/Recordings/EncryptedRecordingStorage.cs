using System.Security.Cryptography;
using ContactCenter.Application.Recordings;
using Microsoft.Win32.SafeHandles;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// Recordings in a local directory of one region, encrypted from the first byte (REC-5, ADR 0009):
/// <c>{root}/{region}/{recording}/</c> holds <c>key</c>, and per object <c>{name}.enc</c>, or <c>{name}.partial</c>
/// while it is written. An instance knows one region only. Processes that share a root are on one machine.
/// </summary>
public sealed class EncryptedRecordingStorage : IRecordingStorage, IRecordingKeyRotation, IDisposable
{
    private const string Complete = ".enc";
    private const string Partial = ".partial";
    private const string Salvage = ".salvage";
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _root;
    private readonly RecordingKeys _keys;

    /// <summary>Held while keys are made, rewrapped or destroyed: a purged key must not be put back.</summary>
    private readonly SemaphoreSlim _keyChanges = new(1);

    /// <summary>Opens, and if need be creates, one region's storage.</summary>
    public EncryptedRecordingStorage(string root, RecordingRegion region, IMasterKeys masterKeys)
    {
        _root = Path.Combine(Path.GetFullPath(root), Folder(region));
        _keys = new RecordingKeys(region, masterKeys);
        CreateDirectory(_root);
    }

    /// <inheritdoc/>
    public Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken) =>
        CreateAsync(recordingId, name, wrappedKey: null, cancellationToken);

    /// <summary>Creates an object under a key that was made elsewhere, unless that is null.</summary>
    internal async Task<RecordingWriter> CreateAsync(Guid recordingId, string name, byte[]? wrappedKey, CancellationToken cancellationToken)
    {
        var path = PathOf(recordingId, name);
        await _keyChanges.WaitAsync(cancellationToken);
        try
        {
            if (File.Exists(path + Complete) || File.Exists(path + Partial))
                throw new RecordingObjectExistsException($"The recording has an object {name} already.");
            var directory = DirectoryOf(recordingId);
            if (!Directory.Exists(directory))
            {
                CreateDirectory(directory);
                DurableFiles.FlushDirectory(_root);
            }

            var dataKey = wrappedKey is null ? _keys.OpenOrCreate(directory, recordingId) : _keys.OpenOrAdopt(directory, recordingId, wrappedKey);
            return Writer(recordingId, name, Partial, dataKey);
        }
        finally
        {
            _keyChanges.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(recordingId, name) + Complete;
        var dataKey = _keys.Open(DirectoryOf(recordingId), recordingId);
        try
        {
            return await EncryptedObjectStream.OpenAsync(new SealedFileBytes(OpenToRead(path), DirectoryOf(recordingId)), dataKey, _keys.Context(recordingId, name), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) =>
        Task.FromResult(Names(recordingId, Complete));

    /// <inheritdoc/>
    public async Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        foreach (var name in Names(recordingId, Partial))
            await RecoverAsync(recordingId, name, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Something is left; purge again.</exception>
    public async Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(recordingId);
        await _keyChanges.WaitAsync(cancellationToken);
        try
        {
            if (!Directory.Exists(directory))
                return;
            RecordingKeys.Destroy(directory);
            Directory.Delete(directory, recursive: true);
            DurableFiles.FlushDirectory(_root);
            if (Directory.Exists(directory))
                throw new IOException($"Recording {recordingId} is not purged: its directory is still there.");
        }
        finally
        {
            _keyChanges.Release();
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        Task.FromResult(Directory.Exists(DirectoryOf(recordingId)));

    /// <inheritdoc/>
    public async Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken)
    {
        var count = new RotationCount();
        foreach (var recordingId in Recordings())
        {
            var directory = DirectoryOf(recordingId);
            await _keyChanges.WaitAsync(cancellationToken);
            try
            {
                await count.TryAsync(recordingId, () => Task.FromResult(RecordingKeys.Exists(directory) && _keys.Rewrap(directory, recordingId)));
            }
            finally
            {
                _keyChanges.Release();
            }
        }

        return count.Result;
    }

    /// <inheritdoc/>
    public void Dispose() => _keyChanges.Dispose();

    /// <summary>The file of a complete object, encrypted; null if there is none.</summary>
    internal string? SealedFile(Guid recordingId, string name) =>
        PathOf(recordingId, name) + Complete is var path && File.Exists(path) ? path : null;

    /// <summary>Deletes a complete object that is kept elsewhere by now, and with the last one the recording's key here.</summary>
    internal async Task ForgetAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(recordingId);
        await _keyChanges.WaitAsync(cancellationToken);
        try
        {
            if (!Directory.Exists(directory))
                return;
            File.Delete(PathOf(recordingId, name) + Complete);
            if (Directory.EnumerateFiles(directory).Any(file => Path.GetExtension(file) is Complete or Partial or Salvage))
                return;
            RecordingKeys.Destroy(directory);
            Directory.Delete(directory, recursive: true);
            DurableFiles.FlushDirectory(_root);
        }
        finally
        {
            _keyChanges.Release();
        }
    }

    /// <summary>Every recording of which anything is here.</summary>
    internal IEnumerable<Guid> Recordings() => Directory.EnumerateDirectories(_root)
        .Select(directory => Guid.TryParseExact(Path.GetFileName(directory), "D", out var recordingId) ? recordingId : (Guid?)null)
        .OfType<Guid>();

    /// <summary>Removes what a purge, cut short after the key, left of a recording; one with a key is left alone.</summary>
    internal async Task SweepAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(recordingId);
        await _keyChanges.WaitAsync(cancellationToken);
        try
        {
            if (!Directory.Exists(directory) || RecordingKeys.Exists(directory))
                return;
            Directory.Delete(directory, recursive: true);
            DurableFiles.FlushDirectory(_root);
        }
        finally
        {
            _keyChanges.Release();
        }
    }

    /// <summary>The region's directory name.</summary>
    internal static string Folder(RecordingRegion region) => region switch
    {
        RecordingRegion.Us => "us",
        RecordingRegion.Eea => "eea",
        RecordingRegion.Au => "au",
        _ => throw new ArgumentOutOfRangeException(nameof(region)),
    };

    private async Task RecoverAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(recordingId, name);
        using var partial = TryOpenAlone(path + Partial);
        if (partial is null)
            return;
        if (!File.Exists(path + Complete))
        {
            File.Delete(path + Salvage);
            var dataKey = _keys.Open(DirectoryOf(recordingId), recordingId);
            await using var writer = Writer(recordingId, name, Salvage, [.. dataKey]);
            await CopyVerifiedAsync(partial, dataKey, _keys.Context(recordingId, name), writer, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }

        File.Delete(path + Partial);
        DurableFiles.FlushDirectory(DirectoryOf(recordingId));
    }

    private static async Task CopyVerifiedAsync(
        SafeFileHandle partial, byte[] dataKey, string context, RecordingWriter writer, CancellationToken cancellationToken)
    {
        var header = await HeaderAsync(partial, cancellationToken);
        // Power may fail before the header is on disk; then nothing after it can be read either.
        if (header.Length < ObjectCipher.HeaderBytes || header.All(value => value == 0))
            return;
        using var cipher = ObjectCipher.ForExisting(header, dataKey, context);
        CryptographicOperations.ZeroMemory(dataKey);
        var sealedChunk = new byte[cipher.SealedChunkBytes];
        var plain = new byte[cipher.ChunkBytes];
        for (long index = 0, read = sealedChunk.Length; read == sealedChunk.Length; index++)
        {
            read = await RandomAccess.ReadAsync(partial, sealedChunk, cipher.Offset(index), cancellationToken);
            var chunk = sealedChunk.AsMemory(0, (int)read);
            // A crash between the last chunk and the rename leaves an object that is whole but for its name.
            var last = read < sealedChunk.Length;
            if (!cipher.TryOpen(index, last, chunk.Span, plain))
                break;
            await writer.WriteAsync(plain.AsMemory(0, chunk.Length - ObjectCipher.TagBytes), cancellationToken);
        }

        CryptographicOperations.ZeroMemory(plain);
    }

    private EncryptedObjectWriter Writer(Guid recordingId, string name, string draft, byte[] dataKey)
    {
        var path = PathOf(recordingId, name);
        var cipher = ObjectCipher.ForNew(dataKey, _keys.Context(recordingId, name));
        CryptographicOperations.ZeroMemory(dataKey);
        try
        {
            return new EncryptedObjectWriter(path + draft, path + Complete, cipher);
        }
        catch
        {
            cipher.Dispose();
            throw;
        }
    }

    private IReadOnlyList<string> Names(Guid recordingId, string extension)
    {
        var directory = DirectoryOf(recordingId);
        // Without its key a recording has no objects, only remains of a purge that was interrupted.
        return !RecordingKeys.Exists(directory)
            ? []
            : [.. Directory.EnumerateFiles(directory, "*" + extension)
                .Select(path => Path.GetFileName(path)[..^extension.Length])
                .Order(StringComparer.Ordinal)];
    }

    private static async Task<byte[]> HeaderAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var header = new byte[ObjectCipher.HeaderBytes];
        var read = await RandomAccess.ReadAsync(file, header, 0, cancellationToken);
        return header[..read];
    }

    private static SafeFileHandle OpenToRead(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException("There is no such recording.", e);
        }
    }

    private static SafeFileHandle? TryOpenAlone(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            // Its writer lives.
            return null;
        }
    }

    /// <summary>Makes a directory that is its owner's alone, if it is not there.</summary>
    internal static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    private string DirectoryOf(Guid recordingId) => Path.Combine(_root, recordingId.ToString("D"));

    /// <summary>Refuses a name that could leave the recording's directory.</summary>
    internal static void CheckName(string name)
    {
        if (name.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || " ._-".Contains(c)))
            throw new ArgumentException("An object's name is letters, digits, spaces, dots, dashes and underscores.", nameof(name));
    }

    private string PathOf(Guid recordingId, string name)
    {
        CheckName(name);
        return Path.Combine(DirectoryOf(recordingId), name);
    }
}
