using Npgsql;

namespace ContactCenter.Infrastructure.Database;

/// <summary>Connections to the product's database, all set up alike.</summary>
public static class PostgresDataSource
{
    /// <summary>
    /// Connections of one pool. Far more than a database works on at once: whoever comes beyond waits for one here, while a
    /// database that has given out all of its own refuses (ADR 0028).
    /// </summary>
    public const int MostConnections = 50;

    /// <summary>
    /// A pool whose statements are prepared on their second use. A transaction left idle for 30 s is ended by the
    /// server: it would hold back every reader of the log. Sessions are not reset between two uses, so whoever changes
    /// a session's settings or takes its locks keeps the connection for itself and does not give it back as it is.
    /// </summary>
    /// <param name="connectionString">Where; what it says itself about how many are prepared and pooled wins.</param>
    /// <param name="applicationName">Shown in <c>pg_stat_activity</c>.</param>
    public static NpgsqlDataSource Create(string connectionString, string applicationName = "contactcenter") =>
        NpgsqlDataSource.Create(Settings(connectionString, applicationName));

    /// <summary>What all pools of a node have in common, for a library that makes its own.</summary>
    /// <remarks>
    /// The pool takes the connection that has been idle longest. After a rush its many connections would all stay in
    /// turn, each with cold caches of its own, so those that are too many are closed soon.
    /// </remarks>
    /// <inheritdoc cref="Create"/>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString, string applicationName)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = applicationName,
            Enlist = false,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            ConnectionIdleLifetime = 10,
            ConnectionPruningInterval = 1,
        };
        if (settings.MaxAutoPrepare == 0)
            settings.MaxAutoPrepare = 100;
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = MostConnections;
        if (string.IsNullOrEmpty(settings.Options))
            settings.Options = "-c idle_in_transaction_session_timeout=30s -c timezone=UTC -c jit=off";
        return settings;
    }
}
