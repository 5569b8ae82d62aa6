using System.Collections.Concurrent;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>The process dies here: nothing of the product handles it.</summary>
internal sealed class CrashException : Exception;

/// <summary>Counts the places where a node touches the world, before and after each touch, and fails at one of them.</summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<string> places = [];

    /// <summary>At which place, from 0; null for none.</summary>
    public int? At { get; set; }

    /// <summary>The places passed since it was armed, by name.</summary>
    public IReadOnlyList<string> Places
    {
        get
        {
            lock (gate)
                return [.. places];
        }
    }

    /// <summary>How.</summary>
    public Func<Exception> With { get; set; } = () => new CrashException();

    public bool Happened { get; private set; }

    public void Arm(int at)
    {
        lock (gate)
        {
            places.Clear();
            (At, Happened) = (at, false);
        }
    }

    public async Task<T> TouchAsync<T>(string what, Func<Task<T>> touch)
    {
        Pass($"before: {what}");
        var answer = await touch();
        Pass($"after: {what}");
        return answer;
    }

    public Task TouchAsync(string what, Func<Task> touch) => TouchAsync(what, async () =>
    {
        await touch();
        return true;
    });

    private void Pass(string place)
    {
        lock (gate)
        {
            places.Add(place);
            if (places.Count - 1 != At)
                return;
            Happened = true;
        }

        throw With();
    }
}

internal sealed class FaultyCrm(ICrm inner, Faults faults) : ICrm
{
    private readonly ConcurrentQueue<Exception> refusals = new();

    /// <summary>True: attaching takes until it is given up.</summary>
    public bool Hangs { get; set; }

    /// <summary>True: of each file it holds a byte less than it was sent.</summary>
    public bool Shortens { get; set; }

    /// <summary>The next attach fails so.</summary>
    public void Refuse(Exception why) => refusals.Enqueue(why);

    public string Name => inner.Name;

    public Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken) =>
        faults.TouchAsync("the CRM opens the ticket", () => inner.OpenTicketAsync(ticket, cancellationToken));

    public Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken) =>
        inner.AddCommentAsync(ticketId, commentId, body, cancellationToken);

    public async Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) =>
        await faults.TouchAsync("the CRM is asked for the part", () => inner.FindAttachmentAsync(ticketId, externalId, cancellationToken)) is { } found
            ? Held(found) : null;

    public async Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken)
    {
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        if (refusals.TryDequeue(out var why))
            throw why;
        return Held(await faults.TouchAsync($"the CRM attaches {file.FileName[^15..]}", () => inner.AttachAsync(ticketId, file, cancellationToken)));
    }

    private CrmAttachment Held(CrmAttachment file) => Shortens ? file with { Length = file.Length - 1 } : file;
}

/// <param name="inner">The storage.</param>
/// <param name="faults">Where it fails.</param>
/// <param name="folder">Where it keeps a recording, to die half way through a purge too; null: it does not.</param>
internal sealed class FaultyStorage(IRecordingStorage inner, Faults faults, Func<Guid, string>? folder = null) : IRecordingStorage
{
    public async Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        RecordingWriter? writer = null;
        try
        {
            return new FaultyWriter(await faults.TouchAsync("a segment is begun", async () => writer = await inner.CreateAsync(recordingId, name, cancellationToken)), faults);
        }
        catch when (writer is not null)
        {
            // Whoever dies lets go of its files.
            await writer.DisposeAsync();
            throw;
        }
    }

    public Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken) =>
        faults.TouchAsync("a segment is opened", () => inner.OpenAsync(recordingId, name, cancellationToken));

    public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) => inner.ListAsync(recordingId, cancellationToken);

    public Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken) =>
        faults.TouchAsync("what a crash left is recovered", () => inner.RecoverAsync(recordingId, cancellationToken));

    public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) =>
        faults.TouchAsync("key and audio are destroyed", async () =>
        {
            if (folder?.Invoke(recordingId) is { } directory && Directory.Exists(directory))
                await BeginPurgeAsync(directory);
            await inner.PurgeAsync(recordingId, cancellationToken);
        });

    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        faults.TouchAsync("storage is looked at", () => inner.ExistsAsync(recordingId, cancellationToken));

    /// <summary>The first half of what a purge does, in its order.</summary>
    private async Task BeginPurgeAsync(string directory)
    {
        await faults.TouchAsync("the key is destroyed", () =>
        {
            RecordingKeys.Destroy(directory);
            return Task.CompletedTask;
        });
        foreach (var file in Directory.GetFiles(directory).Order(StringComparer.Ordinal).Take(1))
        {
            await faults.TouchAsync("a first file is deleted", () =>
            {
                File.Delete(file);
                return Task.CompletedTask;
            });
        }
    }
}

internal sealed class FaultyWriter(RecordingWriter inner, Faults faults) : RecordingWriter
{
    public override long Length => inner.Length;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken) =>
        await faults.TouchAsync("audio is written", () => inner.WriteAsync(plain, cancellationToken).AsTask());

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken) =>
        await faults.TouchAsync("a segment is sealed", () => inner.CompleteAsync(cancellationToken).AsTask());

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>A voice provider that keeps a copy of every recording until it is told to delete it.</summary>
internal sealed class CopyingProvider(Faults faults) : IProviderRecordings
{
    private readonly ConcurrentDictionary<Guid, bool> copies = new();

    /// <summary>True: it says yes and deletes nothing.</summary>
    public bool Refuses { get; set; }

    public void Keep(Guid recordingId) => copies[recordingId] = true;

    public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => faults.TouchAsync("the provider's copy is deleted", () =>
    {
        if (!Refuses)
            copies.TryRemove(recordingId, out _);
        return Task.CompletedTask;
    });

    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        faults.TouchAsync("the provider is looked at", () => Task.FromResult(copies.ContainsKey(recordingId)));
}

internal sealed class FaultyLog(IEventStore inner, Faults faults) : IEventStore
{
    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        faults.TouchAsync($"the log takes {Told(append)}", () => inner.AppendAsync(append, cancellationToken));

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
        inner.ReadStreamAsync(stream, afterVersion, limit, cancellationToken);

    public Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken) => inner.ReadLogAsync(after, limit, cancellationToken);

    public Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken) => inner.ReadEndAsync(cancellationToken);

    private static string Told(Append append) => string.Join(", ", append.Writes.SelectMany(w => w.Events).Select(e => e.Data.GetType().Name));

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken) =>
        inner.FindIdempotencyAsync(actor, key, cancellationToken);
}
