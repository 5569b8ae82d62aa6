using System.Data;
using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.Database;
using Npgsql;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// Commits batches over one connection of its own, each in one round trip, and answers every append of them,
/// whatever happens. Used by one batch at a time.
/// </summary>
internal sealed class BatchCommitter(
    NpgsqlDataSource dataSource, AppendLookup lookup, TimeProvider time, PostgresEventStoreOptions options, CommitSignal signal) : IAsyncDisposable
{
    private const int MaxRetries = 10;

    private readonly AppendCommand statement = new();
    private readonly LoneAppendCommand lone = new();
    private NpgsqlConnection? connection;

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        statement.Dispose();
        lone.Dispose();
    }

    /// <summary>Never throws: what goes wrong is the answer of the appends it concerns.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "An append left without an answer would wait forever.")]
    public async Task CommitAsync(List<PendingAppend> batch)
    {
        try
        {
            await CommitOrIsolateAsync(batch);
        }
        catch (Exception exception)
        {
            var unavailable = exception as EventStoreUnavailableException ?? new EventStoreUnavailableException("The log failed unexpectedly.", exception);
            foreach (var append in batch)
                append.Fail(unavailable);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever broke the connection, the log itself is asked what happened.")]
    private async Task CommitOrIsolateAsync(List<PendingAppend> batch)
    {
        (long Base, int[] Failed) outcome;
        await ConnectAsync();
        try
        {
            outcome = Execute(batch);
        }
        catch (PostgresException exception) when (connection!.State == ConnectionState.Open && !Transience.IsUnavailable(exception))
        {
            await IsolateAsync(batch, exception);
            return;
        }
        catch (Exception exception)
        {
            await DisconnectAsync();
            await FindOutAsync(batch, exception);
            return;
        }
        signal.Raise();
        await AnswerAsync(batch, outcome.Base, outcome.Failed);
    }

    private (long Base, int[] Failed) Execute(List<PendingAppend> batch)
    {
        if (LoneAppendCommand.Fits(batch))
            return lone.Execute(batch[0], time.GetUtcNow());
        statement.Fill(batch, time.GetUtcNow());
        return statement.Execute();
    }

    private async Task AnswerAsync(List<PendingAppend> batch, long first, int[] failed)
    {
        var position = first;
        for (var i = 0; i < batch.Count; i++)
        {
            if (failed.Length > 0 && failed.Contains(i))
                continue;
            position += batch[i].Events.Count;
            batch[i].Complete(batch[i].Written(new LogPosition(position - 1), repeated: false));
        }
        foreach (var index in failed)
            await ExplainAsync(batch[index], cause: null);
    }

    /// <summary>One append of the batch is refused by the database, and nothing was written: halves find out which.</summary>
    private async Task IsolateAsync(List<PendingAppend> batch, PostgresException cause)
    {
        if (batch.Count == 1)
        {
            await ExplainAsync(batch[0], cause);
            return;
        }
        await CommitAsync(batch[..(batch.Count / 2)]);
        await CommitAsync(batch[(batch.Count / 2)..]);
    }

    /// <summary>Answers an append that was refused: why, or by trying again if the reason is gone.</summary>
    private async Task ExplainAsync(PendingAppend append, PostgresException? cause)
    {
        try
        {
            if (await lookup.ExplainAsync(append, CancellationToken.None) is { } result)
                append.Complete(result);
            else if (++append.Retries > MaxRetries)
                append.Fail(new EventStoreUnavailableException("The log's positions are behind: was it restored without a restart?", cause));
            else if (cause is null || Transience.IsRetryable(cause))
                await CommitAsync([append]);
            else
                append.Fail(new InvalidOperationException($"The database refuses the append: {cause.MessageText}", cause));
        }
        catch (NpgsqlException exception)
        {
            append.Fail(new EventStoreUnavailableException("The log cannot be reached.", exception));
        }
    }

    /// <summary>The connection went away with the answer: the event ids tell, on a new one, whether it was committed.</summary>
    private async Task FindOutAsync(List<PendingAppend> batch, Exception cause)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await ConnectAsync();
                foreach (var append in batch)
                {
                    if (await lookup.FindAsync(append, CancellationToken.None) is { } written)
                        append.Complete(written with { Repeated = false });
                    else
                        append.Fail(new EventStoreUnavailableException("The connection to the log was lost during the append.", cause));
                }
                signal.Raise();
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or EventStoreUnavailableException)
            {
                if (time.GetElapsedTime(started) > options.LostAnswerTimeout)
                    throw new EventStoreUnavailableException("The connection to the log was lost during the append.", cause);
                await Task.Delay(TimeSpan.FromMilliseconds(50), time);
            }
        }
    }

    private async Task ConnectAsync()
    {
        if (connection is { State: ConnectionState.Open })
            return;
        await DisconnectAsync();
        try
        {
            connection = await dataSource.OpenConnectionAsync();
            await statement.PrepareAsync(connection);
            await lone.PrepareAsync(connection, statement.RestoreOffset);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            await DisconnectAsync();
            throw new EventStoreUnavailableException("The log cannot be reached.", exception);
        }
    }

    private async Task DisconnectAsync()
    {
        if (connection is not { } lost)
            return;
        connection = null;
        // Its settings are for this statement alone: no other user of the pool may get the session. What else is there is of
        // the same server, which is in trouble; NpgsqlConnection.ClearPool knows no pool of a data source.
        dataSource.Clear();
        await lost.DisposeAsync();
    }
}
