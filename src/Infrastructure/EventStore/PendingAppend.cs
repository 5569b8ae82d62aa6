using System.Text;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>An append on its way: checked, serialised, and waiting for its answer.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource<AppendResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PendingAppend(Append append, List<PendingEvent> events, byte[] metadata, int bytes, CancellationToken cancellationToken)
    {
        Append = append;
        Events = events;
        Metadata = metadata;
        Bytes = bytes;
        CancellationToken = cancellationToken;
    }

    public Append Append { get; }

    public List<PendingEvent> Events { get; }

    public byte[] Metadata { get; }

    public int Bytes { get; }

    /// <summary>Heeded until the append is taken into a batch; what is being written is always answered.</summary>
    public CancellationToken CancellationToken { get; }

    public Task<AppendResult> Answer => answer.Task;

    /// <summary>How often it was found possible but not written; more than a few say that the log needs its epoch raised.</summary>
    public int Retries { get; set; }

    public static async ValueTask<PendingAppend> PrepareAsync(
        Append append, EventSerializer serializer, PostgresEventStoreOptions options, CancellationToken cancellationToken)
    {
        Check(append);
        var metadata = EventSerializer.WriteMetadata(append.Metadata);
        var events = new List<PendingEvent>();
        long bytes = append.Outbox.Sum(o => (long)o.Payload.Length) + (append.Idempotency?.Response.Length ?? 0);
        foreach (var write in append.Writes)
        {
            var version = write.ExpectedVersion;
            foreach (var @event in write.Events)
            {
                var (type, data) = await serializer.WriteAsync(@event.Data, cancellationToken);
                events.Add(new PendingEvent(write.Stream.Value, ++version, @event.Id, type, data));
                bytes += data.Length + metadata.Length;
            }
        }
        if (events.Count > options.MaxEventsPerAppend || bytes > options.MaxBytesPerAppend)
        {
            throw new ArgumentException(
                $"An append of {events.Count} events and {bytes} bytes is too large: at most {options.MaxEventsPerAppend} events and {options.MaxBytesPerAppend} bytes.",
                nameof(append));
        }
        return new PendingAppend(append, events, metadata, (int)bytes, cancellationToken);
    }

    public Appended Written(LogPosition position, bool repeated) => new(
        position, Append.Writes.Count == 1 ? [Events[^1].Version] : [.. Append.Writes.Select(w => w.ExpectedVersion + w.Events.Count)], repeated);

    public void Complete(AppendResult result) => answer.TrySetResult(result);

    public void Fail(Exception exception) => answer.TrySetException(exception);

    public void Cancel() => answer.TrySetCanceled(CancellationToken);

    /// <summary>What the database would refuse is refused here, so that it never meets its neighbours in a batch.</summary>
    public static void Check(Append append)
    {
        Require(append.Writes.Count > 0, "An append needs at least one write.");
        for (var i = 0; i < append.Writes.Count; i++)
        {
            var write = append.Writes[i];
            Check(write.Stream, write.ExpectedVersion);
            Require(write.Events.Count > 0, "A write needs at least one event.");
            for (var other = 0; other < i; other++)
                Require(append.Writes[other].Stream != write.Stream, $"The append writes stream {write.Stream} twice.");
        }
        foreach (var look in append.Looks)
        {
            Check(look.Stream, look.ExpectedVersion);
            foreach (var write in append.Writes)
                Require(write.Stream != look.Stream, $"The append writes stream {look.Stream}, and looks at it.");
        }
        foreach (var message in append.Outbox)
            Require(IsText(message.Kind) && IsText(message.Key) && IsText(message.Payload), "Outbox messages are valid text without NUL.");
        if (append.Idempotency is { } key)
            Require(IsText(key.Actor) && IsText(key.Key) && IsText(key.Response), "Idempotency records are valid text without NUL.");
        CheckIds(append);
    }

    private static void Check(StreamId stream, long expectedVersion)
    {
        Require(stream.Value is { Length: > 0 and <= 100 } name && Ascii.IsValid(name) && !name.Contains('\0'), "A stream's name is 1 to 100 ASCII characters.");
        Require(expectedVersion >= 0, "An expected version is 0 or more.");
    }

    private static void CheckIds(Append append)
    {
        if (append.Writes is [{ Events.Count: 1 }])
            return;
        var ids = new HashSet<Guid>();
        foreach (var write in append.Writes)
        {
            foreach (var @event in write.Events)
                Require(ids.Add(@event.Id), $"The append holds event id {@event.Id} twice.");
        }
    }

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
                return false;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
                return false;
        }
        return true;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message, nameof(condition));
    }
}

/// <summary>One event of a pending append, as it will be stored if the append succeeds.</summary>
internal readonly record struct PendingEvent(string Stream, long Version, Guid Id, string Type, byte[] Data);
