using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Infrastructure.Recordings.S3;
using ContactCenter.Infrastructure.Tests.Recordings.S3;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>A storage of one kind in a place of its own, and that place as whoever has it in hand sees it.</summary>
internal interface IStorageHouse : IAsyncDisposable
{
    IRecordingStorage Storage { get; }

    /// <summary>Another node's storage at the same place.</summary>
    IRecordingStorage Open(string masterKey = "first", Dictionary<string, byte[]>? keys = null);

    /// <summary>Every file and object, whatever it is, by name.</summary>
    IReadOnlyDictionary<string, byte[]> Everything();

    /// <summary>Puts other bytes in place of an object's, or takes it away.</summary>
    void Overwrite(string name, byte[]? bytes);

    string ObjectOf(Guid recording, string name);

    string KeyOf(Guid recording);
}

internal sealed class LocalHouse : IStorageHouse
{
    private readonly RecordingFolder _folder = new();
    private readonly List<IDisposable> _open = [];

    public IRecordingStorage Storage => _folder.Storage;

    public IRecordingStorage Open(string masterKey = "first", Dictionary<string, byte[]>? keys = null)
    {
        var storage = _folder.Open(masterKey: masterKey, keys: keys);
        _open.Add(storage);
        return storage;
    }

    public IReadOnlyDictionary<string, byte[]> Everything() => _folder.Files().ToDictionary(file => file, File.ReadAllBytes);

    public void Overwrite(string name, byte[]? bytes)
    {
        if (bytes is null)
            File.Delete(name);
        else
            File.WriteAllBytes(name, bytes);
    }

    public string ObjectOf(Guid recording, string name) => _folder.FileOf(recording, name);

    public string KeyOf(Guid recording) => Path.Combine(_folder.DirectoryOf(recording), "key");

    public ValueTask DisposeAsync()
    {
        _open.ForEach(storage => storage.Dispose());
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed class S3House : IStorageHouse
{
    private readonly List<IDisposable> _open = [];

    private S3House(S3Server server)
    {
        Server = server;
        Storage = Open();
    }

    public S3Server Server { get; }

    public string Spool { get; } = Directory.CreateTempSubdirectory("spool-").FullName;

    public IRecordingStorage Storage { get; }

    public BucketPlace Place => new(S3Server.BucketName, "eu-central-1", Server.Endpoint, S3Server.AccessKey, S3Server.SecretKey)
    {
        // Small, so that what goes in parts need not be large.
        PartBytes = 3 * RecordingFolder.Chunk,
        Retries = 0,
        Patience = TimeSpan.FromSeconds(20),
    };

    public static async Task<S3House> StartAsync() => new(await S3Server.StartAsync());

    public IRecordingStorage Open(string masterKey = "first", Dictionary<string, byte[]>? keys = null) =>
        Open(Spool, Place, new MasterKeys(masterKey, keys ?? RecordingFolder.Keys));

    public S3RecordingStorage<EeaRegion> Open(string spool, BucketPlace place, IMasterKeys? keys = null)
    {
        keys ??= new MasterKeys("first", RecordingFolder.Keys);
        var storage = new S3RecordingStorage<EeaRegion>(new RecordingBucket<EeaRegion>(place), new RecordingSpool<EeaRegion>(spool, keys), keys);
        _open.Add(storage);
        return storage;
    }

    public IReadOnlyDictionary<string, byte[]> Everything() => Server.Contents.Everything()
        .Concat(Spooled().Select(file => KeyValuePair.Create(file, File.ReadAllBytes(file)))).ToDictionary();

    public string[] Spooled() => Directory.GetFiles(Spool, "*", SearchOption.AllDirectories);

    public void Overwrite(string name, byte[]? bytes) => Server.Contents.Overwrite(name, bytes);

    public string ObjectOf(Guid recording, string name) => $"eea/{recording}/{name}.enc";

    public string KeyOf(Guid recording) => $"eea/{recording}/key";

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(storage => storage.Dispose());
        await Server.DisposeAsync();
        Directory.Delete(Spool, recursive: true);
    }
}
