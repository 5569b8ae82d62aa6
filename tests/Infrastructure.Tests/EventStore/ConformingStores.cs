using ContactCenter.Application.EventSourcing;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.EventStore;

public sealed class InMemoryEventStoreTests : EventStoreConformance
{
    protected override IEventStore Store { get; } = new InMemoryEventStore(Sample.Types, TimeProvider.System);
}

public sealed class PostgresEventStoreTests(PostgresFixture database) : EventStoreConformance, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private LogNode node = null!;

    protected override IEventStore Store => node.Store;

    public async Task InitializeAsync() => node = await LogNode.StartAsync(database.ConnectionString);

    public async Task DisposeAsync() => await node.DisposeAsync();
}
