using System.Net.Sockets;
using ContactCenter.Application.EventSourcing;
using Npgsql;

namespace ContactCenter.Infrastructure.Database;

/// <summary>What a failure of PostgreSQL says about trying again.</summary>
public static class Transience
{
    /// <summary>
    /// The database cannot serve now, and the same request may succeed later: it is away, going or coming, out of
    /// connections, memory or disk, failing to read or write its files, only reading as after a failover, or was told to
    /// cancel. The connection is of no more use then, and the outcome unknown. A statement that it refuses for itself is
    /// none of these: that is a bug.
    /// </summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        EventStoreUnavailableException => true,
        PostgresException e => e.SqlState[..2] is "08" or "53" or "57" or "58" || e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        _ => exception is NpgsqlException,
    };

    /// <summary>The database failed, or the way to it: the driver lets some failures of the network through as they are.</summary>
    internal static bool IsFailure(Exception exception) =>
        exception is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>Rolled back because of what another transaction did: the same again may succeed.</summary>
    internal static bool IsRetryable(PostgresException exception) => exception.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.UniqueViolation;
}
