using ContactCenter.Application.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>The prepared call of <c>append_events</c>, with parameter lists that are filled anew for each batch.</summary>
internal sealed class AppendCommand : IDisposable
{
    private static readonly Comparison<(int Append, string Stream, long Expected, long Next)> ByStream =
        (a, b) => string.CompareOrdinal(a.Stream, b.Stream);

    private readonly NpgsqlCommand command;
    private readonly List<Action> reset = [];
    private readonly List<(int Append, string Stream, long Expected, long Next)> heads = [];

    private readonly List<int> newAppend, moveAppend, eventAppend, outboxAppend, keyAppend;
    private readonly List<string> newStream, moveStream, eventStream, eventType, outboxKind, outboxKey, outboxPayload, keyActor, keyKey, keyResponse;
    private readonly List<long> newNext, moveExpected, moveNext, eventVersion;
    private readonly List<Guid> eventId, outboxId;
    private readonly List<byte[]> eventData, eventMetadata, keyHash;
    private readonly List<DateTime> outboxDue;
    private readonly NpgsqlParameter<DateTime> recorded;
    private readonly NpgsqlParameter<long> restoreOffset;

    public AppendCommand()
    {
        command = new NpgsqlCommand { CommandTimeout = 10 };
        newAppend = Add<int>(NpgsqlDbType.Integer);
        newStream = Add<string>(NpgsqlDbType.Text);
        newNext = Add<long>(NpgsqlDbType.Bigint);
        moveAppend = Add<int>(NpgsqlDbType.Integer);
        moveStream = Add<string>(NpgsqlDbType.Text);
        moveExpected = Add<long>(NpgsqlDbType.Bigint);
        moveNext = Add<long>(NpgsqlDbType.Bigint);
        eventAppend = Add<int>(NpgsqlDbType.Integer);
        eventStream = Add<string>(NpgsqlDbType.Text);
        eventVersion = Add<long>(NpgsqlDbType.Bigint);
        eventId = Add<Guid>(NpgsqlDbType.Uuid);
        eventType = Add<string>(NpgsqlDbType.Text);
        eventData = Add<byte[]>(NpgsqlDbType.Json);
        eventMetadata = Add<byte[]>(NpgsqlDbType.Json);
        outboxAppend = Add<int>(NpgsqlDbType.Integer);
        outboxId = Add<Guid>(NpgsqlDbType.Uuid);
        outboxKind = Add<string>(NpgsqlDbType.Text);
        outboxKey = Add<string>(NpgsqlDbType.Text);
        outboxPayload = Add<string>(NpgsqlDbType.Text);
        outboxDue = Add<DateTime>(NpgsqlDbType.TimestampTz);
        keyAppend = Add<int>(NpgsqlDbType.Integer);
        keyActor = Add<string>(NpgsqlDbType.Text);
        keyKey = Add<string>(NpgsqlDbType.Text);
        keyHash = Add<byte[]>(NpgsqlDbType.Bytea);
        keyResponse = Add<string>(NpgsqlDbType.Text);
        recorded = new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz };
        restoreOffset = new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint };
        command.Parameters.Add(recorded);
        command.Parameters.Add(restoreOffset);
        // As one column, not as a table: that would cost the server a quarter more for a single append.
        command.CommandText = $"select append_events({string.Join(", ", Enumerable.Range(1, command.Parameters.Count).Select(i => $"${i}"))})";
    }

    /// <summary>What is added to this cluster's transaction ids (ADR 0007); known once prepared.</summary>
    public long RestoreOffset => restoreOffset.TypedValue;

    public void Dispose() => command.Dispose();

    public async Task PrepareAsync(NpgsqlConnection connection)
    {
        // Batches of all nodes have to lock streams in the order of their arrays: no plan may change it.
        await using var session = new NpgsqlCommand(
            "set plan_cache_mode = force_generic_plan; set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off",
            connection);
        await session.ExecuteNonQueryAsync();
        await using var epoch = new NpgsqlCommand("select log_epoch_offset()", connection);
        restoreOffset.TypedValue = (long)(await epoch.ExecuteScalarAsync())!;
        command.Connection = connection;
        await command.PrepareAsync();
    }

    public void Fill(List<PendingAppend> batch, DateTimeOffset now)
    {
        foreach (var clear in reset)
            clear();
        heads.Clear();
        for (var i = 0; i < batch.Count; i++)
            Fill(i, batch[i]);
        // Every batch of every node locks its streams in this order.
        if (heads.Count > 1)
            heads.Sort(ByStream);
        foreach (var head in heads)
            Fill(head);
        recorded.TypedValue = now.UtcDateTime;
    }

    /// <summary>
    /// One round trip. The position of the batch's first event, and which of its appends were not written. It blocks:
    /// waking a thread for the answer takes about as long as the answer itself, and few threads can be here at once.
    /// </summary>
    public (long Base, int[] Failed) Execute()
    {
        using var reader = command.ExecuteReader();
        reader.Read();
        var answer = reader.GetFieldValue<object?[]>(0);
        // Only the end of the statement says that it is committed.
        while (reader.NextResult())
        {
        }
        return ((long)answer[0]!, answer[1] as int[] ?? []);
    }

    private void Fill(int index, PendingAppend append)
    {
        foreach (var write in append.Append.Writes)
            heads.Add((index, write.Stream.Value, write.ExpectedVersion, write.ExpectedVersion + write.Events.Count));
        foreach (var look in append.Append.Looks)
            heads.Add((index, look.Stream.Value, look.ExpectedVersion, look.ExpectedVersion));
        foreach (var @event in append.Events)
        {
            eventAppend.Add(index);
            eventStream.Add(@event.Stream);
            eventVersion.Add(@event.Version);
            eventId.Add(@event.Id);
            eventType.Add(@event.Type);
            eventData.Add(@event.Data);
            eventMetadata.Add(append.Metadata);
        }
        foreach (var message in append.Append.Outbox)
        {
            outboxAppend.Add(index);
            outboxId.Add(message.Id);
            outboxKind.Add(message.Kind);
            outboxKey.Add(message.Key);
            outboxPayload.Add(message.Payload);
            outboxDue.Add(message.DueAt.UtcDateTime);
        }
        if (append.Append.Idempotency is { } key)
            Fill(index, key);
    }

    private void Fill(int index, IdempotencyRecord key)
    {
        keyAppend.Add(index);
        keyActor.Add(key.Actor);
        keyKey.Add(key.Key);
        keyHash.Add(key.RequestHash);
        keyResponse.Add(key.Response);
    }

    private void Fill((int Append, string Stream, long Expected, long Next) head)
    {
        if (head.Expected == 0 && head.Next > 0)
        {
            newAppend.Add(head.Append);
            newStream.Add(head.Stream);
            newNext.Add(head.Next);
            return;
        }
        moveAppend.Add(head.Append);
        moveStream.Add(head.Stream);
        moveExpected.Add(head.Expected);
        moveNext.Add(head.Next);
    }

    private List<T> Add<T>(NpgsqlDbType type)
    {
        var list = new List<T>();
        command.Parameters.Add(new NpgsqlParameter<List<T>> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = list });
        reset.Add(list.Clear);
        return list;
    }
}
