using System.Net.Sockets;
using Npgsql;

namespace ContactCenter.Infrastructure.Database;

/// <summary>What a PostgreSQL error says about trying again.</summary>
internal static class Transience
{
    /// <summary>The database failed, or the way to it: the driver lets some failures of the network through as they are.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>The server is going away or coming up: the connection is of no more use, and the outcome unknown.</summary>
    public static bool IsShutdown(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        || exception.SqlState.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Rolled back because of what another transaction did: the same again may succeed.</summary>
    public static bool IsRetryable(PostgresException exception) => exception.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.UniqueViolation;
}
