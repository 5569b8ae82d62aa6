using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.PersonalData;
using Npgsql;

namespace ContactCenter.Testing;

/// <summary>One node's log on a database, wired as the product does.</summary>
public sealed class LogNode : IAsyncDisposable
{
    public static readonly byte[] MasterKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private LogNode(NpgsqlDataSource dataSource, EventTypeRegistry types, PostgresEventStoreOptions? options)
    {
        DataSource = dataSource;
        Keys = new PostgresPersonalDataProtector(dataSource, MasterKey, TimeProvider.System);
        Store = new PostgresEventStore(dataSource, types, Keys, TimeProvider.System, options);
    }

    public NpgsqlDataSource DataSource { get; }

    public PostgresPersonalDataProtector Keys { get; }

    public PostgresEventStore Store { get; }

    /// <summary>A node that has started: schema migrated, log prepared.</summary>
    public static async Task<LogNode> StartAsync(string connectionString, EventTypeRegistry? types = null, PostgresEventStoreOptions? options = null)
    {
        var dataSource = PostgresDataSource.Create(connectionString, "contactcenter-node");
        await Migrator.ForProduct(dataSource).MigrateAsync(CancellationToken.None);
        await new LogMaintenance(dataSource).PrepareAsync(CancellationToken.None);
        return new LogNode(dataSource, types ?? Sample.Types, options);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Keys.Dispose();
        await DataSource.DisposeAsync();
    }
}
