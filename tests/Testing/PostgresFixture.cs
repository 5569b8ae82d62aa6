using ContactCenter.Infrastructure.Database;
using Npgsql;
using Xunit;

namespace ContactCenter.Testing;

/// <summary>
/// A real PostgreSQL for tests (ADR 0003): the server that <c>CONTACTCENTER_TEST_DB</c> names, else a throw-away
/// cluster, one per test process. As an xunit class fixture it gives the class a migrated database of its own.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>Names a server to use instead of a throw-away one; its user must be allowed to create databases.</summary>
    public const string Variable = "CONTACTCENTER_TEST_DB";

    private static readonly Lazy<Task<Func<string, string>>> Server = new(FindServerAsync);
    private static int databases;

    /// <summary>The connection string of this fixture's own database, with all migrations applied.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connections to this fixture's own database.</summary>
    public NpgsqlDataSource DataSource { get; private set; } = null!;

    /// <summary>Creates an empty database and gives its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var server = await Server.Value;
        var name = $"cc_test_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        await using var admin = new NpgsqlConnection(server("postgres"));
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", admin);
        await create.ExecuteNonQueryAsync();
        return server(name);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        ConnectionString = await CreateDatabaseAsync();
        DataSource = PostgresDataSource.Create(ConnectionString, "contactcenter-tests");
        await Migrator.ForProduct(DataSource).MigrateAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await DataSource.DisposeAsync();

    // The place for a container, in a build that has the package for it, is between these two.
    private static async Task<Func<string, string>> FindServerAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return database => new NpgsqlConnectionStringBuilder(given) { Database = database }.ConnectionString;
        var cluster = await PostgresCluster.StartAsync();
        return cluster.ConnectionString;
    }
}
