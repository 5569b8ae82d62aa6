using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>The process dies here: nothing of the product handles it.</summary>
internal sealed class CrashException : Exception;

/// <summary>Counts the places where a node touches the world, before and after each touch, and fails at one of them.</summary>
internal sealed class Faults
{
    private int passed;

    /// <summary>At which place, from 0; null for none.</summary>
    public int? At { get; set; }

    /// <summary>How.</summary>
    public Func<Exception> With { get; set; } = () => new CrashException();

    public bool Happened { get; private set; }

    public void Arm(int at)
    {
        (At, passed, Happened) = (at, 0, false);
    }

    public async Task<T> TouchAsync<T>(Func<Task<T>> touch)
    {
        Pass();
        var answer = await touch();
        Pass();
        return answer;
    }

    private void Pass()
    {
        if (Interlocked.Increment(ref passed) - 1 != At)
            return;
        Happened = true;
        throw With();
    }
}

internal sealed class FaultyCrm(ICrm inner, Faults faults) : ICrm
{
    public string Name => inner.Name;

    public Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.OpenTicketAsync(ticket, cancellationToken));

    public Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken) =>
        inner.AddCommentAsync(ticketId, commentId, body, cancellationToken);

    public Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.FindAttachmentAsync(ticketId, externalId, cancellationToken));

    public Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.AttachAsync(ticketId, file, cancellationToken));
}

internal sealed class FaultyStorage(IRecordingStorage inner, Faults faults) : IRecordingStorage
{
    public Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken) =>
        inner.CreateAsync(recordingId, name, cancellationToken);

    public Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.OpenAsync(recordingId, name, cancellationToken));

    public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) => inner.ListAsync(recordingId, cancellationToken);

    public Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken) => inner.RecoverAsync(recordingId, cancellationToken);

    public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => faults.TouchAsync(async () =>
    {
        await inner.PurgeAsync(recordingId, cancellationToken);
        return true;
    });

    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.ExistsAsync(recordingId, cancellationToken));
}

internal sealed class FaultyLog(IEventStore inner, Faults faults) : IEventStore
{
    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        faults.TouchAsync(() => inner.AppendAsync(append, cancellationToken));

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
        inner.ReadStreamAsync(stream, afterVersion, limit, cancellationToken);

    public Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken) => inner.ReadLogAsync(after, limit, cancellationToken);

    public Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken) => inner.ReadEndAsync(cancellationToken);

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken) =>
        inner.FindIdempotencyAsync(actor, key, cancellationToken);
}
