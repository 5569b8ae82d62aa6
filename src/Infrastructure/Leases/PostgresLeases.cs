using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Leases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Leases;

/// <summary>
/// Leases as PostgreSQL advisory locks of one session, which this node keeps open for nothing else. The session is
/// asked every <see cref="Heartbeat"/> whether it is alive; the server ends it when it hears nothing for
/// <see cref="Silence"/>, so that a node that froze or lost its network is followed by another within 10 s.
/// </summary>
public sealed class PostgresLeases(NpgsqlDataSource dataSource, TimeProvider time, ILogger<PostgresLeases> log) : ILeases, IAsyncDisposable
{
    /// <summary>How often the session is used.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1.5);

    /// <summary>How long the server waits for it.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private LeaseSession? session;

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ended the work, the lease is given up and sought again.")]
    public async Task RunWhileLeaderAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TryLeadAsync(name, work, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Lease {Lease} was given up; it is sought again.", name);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (session is { } last)
            await last.DisposeAsync();
        gate.Dispose();
    }

    private async Task TryLeadAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var current = await SessionAsync(cancellationToken);
        var key = KeyOf(name);
        if (!await current.TryLockAsync(key, cancellationToken))
            return;
        log.LogInformation("Lease {Lease} is held.", name);
        try
        {
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, current.Lost);
            await work(leading.Token);
        }
        finally
        {
            await current.UnlockAsync(key);
        }
    }

    private async Task<LeaseSession> SessionAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (session is { Lost.IsCancellationRequested: true } dead)
            {
                session = null;
                await dead.DisposeAsync();
            }

            return session ??= await LeaseSession.OpenAsync(dataSource, time, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private static long KeyOf(string name) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("lease:" + name)));
}

/// <summary>The session that holds a node's locks. It is never repaired: once anything fails, all of its locks count as lost.</summary>
internal sealed class LeaseSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource;
    private readonly NpgsqlConnection connection;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource lost = new();
    private readonly Task heart;

    private LeaseSession(NpgsqlDataSource dataSource, NpgsqlConnection connection, TimeProvider time)
    {
        this.dataSource = dataSource;
        this.connection = connection;
        this.time = time;
        Lost = lost.Token;
        heart = BeatAsync();
    }

    /// <summary>Cancelled when the locks may be gone.</summary>
    public CancellationToken Lost { get; }

    public static async Task<LeaseSession> OpenAsync(NpgsqlDataSource dataSource, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var settings = $"set idle_session_timeout = '{PostgresLeases.Silence.TotalSeconds}s'; set application_name = 'contactcenter-leases'";
            await using var set = new NpgsqlCommand(settings, opened);
            await set.ExecuteNonQueryAsync(cancellationToken);
            return new LeaseSession(dataSource, opened, time);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public Task<bool> TryLockAsync(long key, CancellationToken cancellationToken) => AskAsync($"select pg_try_advisory_lock({key})", cancellationToken);

    [SuppressMessage("Design", "CA1031", Justification = "A session that cannot unlock has lost the lock, or is about to.")]
    public async Task UnlockAsync(long key)
    {
        try
        {
            if (!Lost.IsCancellationRequested)
                await AskAsync($"select pg_advisory_unlock({key})", CancellationToken.None);
        }
        catch (Exception)
        {
            await lost.CancelAsync();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A session that the server has ended may say so once more when it is closed.")]
    public async ValueTask DisposeAsync()
    {
        await lost.CancelAsync();
        await heart;
        // Whoever still asks or waits to ask is let finish first: they find the session lost.
        await gate.WaitAsync();
        try
        {
            // Pooled connections keep their session, and with it locks and settings, until they are used again.
            dataSource.Clear();
            await connection.DisposeAsync();
        }
        catch (Exception)
        {
            // It is gone either way.
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<bool> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            Lost.ThrowIfCancellationRequested();
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3 };
            // Not cancelled half way: nobody would know whether the lock is held.
            return await command.ExecuteScalarAsync(CancellationToken.None) is true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await lost.CancelAsync();
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Any failure means the same: the locks may be gone.")]
    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PostgresLeases.Heartbeat, time, Lost);
                await AskAsync("select true", Lost);
            }
        }
        catch (Exception)
        {
            await lost.CancelAsync();
        }
    }
}
