using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.CrmKeys;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Database;

/// <summary>Everything that is forgotten by its age goes in short transactions, however much it is: a long one holds back all readers of the log.</summary>
public sealed class BatchedDeleteTests(PostgresFixture database) : IClassFixture<PostgresFixture>
{
    private const int Many = 12_000;

    [Fact]
    public async Task Idempotency_keys_go_in_short_transactions_and_young_ones_stay()
    {
        await CountAsync("idempotency_keys");
        await ExecuteAsync(
            $"""
            insert into idempotency_keys (actor, key, request_hash, response, position, created_at)
            select 'actor', n::text, '', '', n, clock_timestamp() - case when n = 0 then interval '1 hour' else interval '25 hours' end from generate_series(0, {Many}) n
            """);
        await new LogMaintenance(database.DataSource).DeleteIdempotencyKeysAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(24), default);
        (await ScalarAsync<string>("select string_agg(key, ',') from idempotency_keys")).ShouldBe("0");
        await ShouldBeShortAsync(Many, BatchedDelete.SmallRows);
    }

    [Fact]
    public async Task Nonces_go_in_short_transactions_and_young_ones_stay()
    {
        await CountAsync("crm_nonces");
        await ExecuteAsync(
            $"""
            insert into crm_nonces (key_id, nonce, seen_at)
            select gen_random_uuid(), n::text, clock_timestamp() - case when n = 0 then interval '1 minute' else interval '2 hours' end from generate_series(0, {Many}) n
            """);
        await new PostgresNonces(database.DataSource).ForgetAsync(TimeSpan.FromHours(1), default);
        (await ScalarAsync<string>("select string_agg(nonce, ',') from crm_nonces")).ShouldBe("0");
        await ShouldBeShortAsync(Many, BatchedDelete.SmallRows);
    }

    [Fact]
    public async Task Bytes_never_confirmed_go_in_short_transactions_and_others_stay()
    {
        const int Chunks = 450;
        await CountAsync("crm_attachment_chunks");
        await ExecuteAsync(
            $"""
            with ticket as (
              insert into crm_tickets (id, external_id, subject, requester_name, requester_id, body, created_at)
              values (gen_random_uuid(), gen_random_uuid(), '', '', gen_random_uuid(), '', clock_timestamp()) returning id),
            file as (
              insert into crm_attachments (id, ticket_id, external_id, file_name, content_type, length, sha256, created_at, confirmed_at)
              select gen_random_uuid(), ticket.id, name, name, '', 0, '', clock_timestamp() - age::interval, case when name = 'confirmed' then clock_timestamp() end
              from ticket, (values ('confirmed', '2 hours'), ('young', '1 minute'), ('old', '2 hours'), ('older', '3 hours')) f (name, age) returning id)
            insert into crm_attachment_chunks (attachment_id, number, bytes) select file.id, n, '' from file, generate_series(1, {Chunks}) n
            """);
        using var keys = new PostgresPersonalDataProtector(database.DataSource, LogNode.MasterKey, TimeProvider.System);
        await new BuiltInCrm(database.DataSource, keys, TimeProvider.System).DropUnconfirmedAsync(default);
        (await ScalarAsync<string>("select string_agg(file_name, ',' order by file_name) from crm_attachments")).ShouldBe("confirmed,young");
        (await ScalarAsync<long>("select count(*) from crm_attachment_chunks")).ShouldBe(2 * Chunks);
        await ShouldBeShortAsync(2 * Chunks, BuiltInCrm.DroppedChunks);
    }

    /// <summary>Notes how many rows each transaction deletes.</summary>
    private Task CountAsync(string table) => ExecuteAsync(
        $$"""
        drop table if exists deletions;
        create table deletions (rows bigint not null, by xid8 not null);
        create or replace function count_deleted() returns trigger language plpgsql as $f$
        begin
          insert into deletions select count(*), pg_current_xact_id() from gone;
          return null;
        end $f$;
        create trigger counted after delete on {{table}} referencing old table as gone for each statement execute function count_deleted();
        """);

    private async Task ShouldBeShortAsync(int rows, int most)
    {
        (await ScalarAsync<long>("select sum(rows)::bigint from deletions")).ShouldBe(rows);
        (await ScalarAsync<long>("select max(rows)::bigint from (select sum(rows) from deletions group by by) t (rows)")).ShouldBe(most);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
