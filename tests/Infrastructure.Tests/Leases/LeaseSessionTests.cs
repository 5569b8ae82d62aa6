using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.Leases;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Leases;

/// <summary>What a node leads ends with the session that says so.</summary>
public sealed class LeaseSessionTests(PostgresFixture database) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_session_that_is_given_up_leaves_none_of_its_locks_in_the_pool()
    {
        await using var pool = PostgresDataSource.Create(database.ConnectionString, "contactcenter-tests");
        var given = await LeaseSession.OpenAsync(pool, TimeProvider.System, default);
        (await given.TryLockAsync(1, default)).ShouldBeTrue();
        await using var other = await LeaseSession.OpenAsync(database.DataSource, TimeProvider.System, default);
        (await other.TryLockAsync(1, default)).ShouldBeFalse();

        await given.DisposeAsync();
        // The server ends a session a moment after its client has.
        await Eventually.TrueAsync(() => other.TryLockAsync(1, default));
    }
}
