using ContactCenter.Infrastructure.Database;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Database;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly Migration First = new(1, "first", "create table counted (n int); insert into counted values (1)");
    private static readonly Migration Second = new(2, "second", "insert into counted values (2)");
    private NpgsqlDataSource database = null!;

    public async Task InitializeAsync() => database = PostgresDataSource.Create(await PostgresFixture.CreateDatabaseAsync());

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Eight_nodes_that_start_at_the_same_time_apply_each_migration_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new Migrator(database, [First, Second]).MigrateAsync(default))));

        applied.Sum().ShouldBe(2);
        (await ScalarAsync("select count(*) from counted")).ShouldBe(2L);
        (await ScalarAsync("select count(*) from schema_migrations")).ShouldBe(2L);
    }

    [Fact]
    public async Task Eight_nodes_prepare_the_products_log_at_the_same_time()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => LogNode.StartAsync(connectionString))));

        foreach (var node in nodes)
        {
            (await node.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default)).ShouldBeOfType<Application.EventSourcing.Appended>();
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_migration_changed_after_it_was_applied_is_refused()
    {
        await new Migrator(database, [First]).MigrateAsync(default);

        var refused = await Should.ThrowAsync<SchemaException>(() =>
            new Migrator(database, [First with { Sql = First.Sql + ";" }, Second]).MigrateAsync(default));

        refused.Message.ShouldContain("0001_first was changed");
        (await ScalarAsync("select count(*) from counted")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused()
    {
        await new Migrator(database, [First, Second]).MigrateAsync(default);

        (await Should.ThrowAsync<SchemaException>(() => new Migrator(database, [First]).MigrateAsync(default)))
            .Message.ShouldContain("0002_second");
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind()
    {
        await Should.ThrowAsync<PostgresException>(() =>
            new Migrator(database, [First, Second with { Sql = "insert into counted values (2); select 1 / 0" }]).MigrateAsync(default));

        (await ScalarAsync("select to_regclass('counted') is null")).ShouldBe(true);
    }

    [Fact]
    public void The_line_ends_of_a_checkout_do_not_change_a_checksum() =>
        new Migration(1, "x", "a\r\nb").Checksum.ShouldBe(new Migration(1, "x", "a\nb").Checksum);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
