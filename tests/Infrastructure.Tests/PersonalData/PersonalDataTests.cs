using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.PersonalData;

public sealed class PersonalDataTests : IAsyncLifetime
{
    private readonly Guid consumer = Sample.NewId();
    private LogNode node = null!;

    public async Task InitializeAsync() => node = await LogNode.StartAsync(await PostgresFixture.CreateDatabaseAsync());

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Personal_data_reads_back_in_clear_for_the_product()
    {
        var stream = await AppendAsync("Ada Lovelace", number: 7);

        (await ReadAsync(stream)).ShouldBe(new SampleWritten(consumer, new PersonalText("Ada Lovelace"), 7));
    }

    [Fact]
    public async Task A_dump_of_the_database_holds_no_personal_data()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var dumped = await LogNode.StartAsync(cluster.ConnectionString());
        await dumped.Store.AppendAsync(Append(Sample.NewStream(), "Ada Lovelace"), default);

        var dump = await cluster.RunClientAsync("pg_dump", "postgres");

        dump.ShouldContain("sample.written.v1");
        dump.ShouldNotContain("Lovelace");
        dump.ShouldNotContain(Convert.ToBase64String("Ada Lovelace"u8));
        dump.ShouldNotContain(Convert.ToHexStringLower("Ada Lovelace"u8));
    }

    [Fact]
    public async Task Forgetting_a_consumer_leaves_order_and_numbers_and_nothing_else()
    {
        var stream = await AppendAsync("Ada Lovelace", number: 7);

        await node.Keys.ForgetAsync(consumer, default);
        await node.Keys.ForgetAsync(consumer, default);

        (await ReadAsync(stream)).ShouldBe(new SampleWritten(consumer, PersonalText.Forgotten, 7));
    }

    [Fact]
    public async Task What_is_written_about_a_forgotten_consumer_is_not_kept()
    {
        await node.Keys.ForgetAsync(consumer, default);

        var stream = await AppendAsync("Ada Lovelace", number: 1);

        (await ReadAsync(stream)).Text.IsForgotten.ShouldBeTrue();
        (await node.Keys.KeyForWritingAsync(consumer, default)).IsForgotten.ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_personal_fact_again_is_a_repeat_though_it_is_encrypted_anew()
    {
        var append = Append(Sample.NewStream(), "Ada Lovelace");
        await node.Store.AppendAsync(append, default);

        (await node.Store.AppendAsync(append, default)).ShouldBeOfType<Appended>().Repeated.ShouldBeTrue();
        var write = append.Writes[0];
        var changed = append with { Writes = [write with { Events = [write.Events[0] with { Data = new SampleWritten(consumer, new PersonalText("Eve"), 1) }] }] };
        (await node.Store.AppendAsync(changed, default)).ShouldBeOfType<EventIdReused>();
    }

    [Fact]
    public async Task Another_node_notices_within_ten_seconds()
    {
        var clock = new ManualClock();
        using var other = new PostgresPersonalDataProtector(node.DataSource, LogNode.MasterKey, clock);
        (await other.KeyForWritingAsync(consumer, default)).IsForgotten.ShouldBeFalse();

        await node.Keys.ForgetAsync(consumer, default);
        clock.Advance(TimeSpan.FromSeconds(10));

        (await other.KeyForWritingAsync(consumer, default)).IsForgotten.ShouldBeTrue();
        (await other.KeysForReadingAsync([consumer], default))[consumer].IsForgotten.ShouldBeTrue();
    }

    [Fact]
    public async Task Nodes_that_write_about_a_new_consumer_at_the_same_time_agree_on_one_key()
    {
        using var other = new PostgresPersonalDataProtector(node.DataSource, LogNode.MasterKey, TimeProvider.System);

        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            await (i % 2 == 0 ? node.Keys : other).KeyForWritingAsync(consumer, default))));

        foreach (var key in keys)
            keys[0].Reveal(key.Protect(new PersonalText("same"))).Value.ShouldBe("same");
    }

    [Fact]
    public async Task A_wrong_master_key_is_told_instead_of_reading_as_forgotten()
    {
        await AppendAsync("Ada Lovelace", number: 1);
        using var wrong = new PostgresPersonalDataProtector(node.DataSource, new byte[32], TimeProvider.System);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await wrong.KeyForWritingAsync(consumer, default)))
            .Message.ShouldContain("master key");
    }

    [Fact]
    public async Task One_damaged_key_is_no_sign_of_a_wrong_master_key_and_all_of_them_are()
    {
        await AppendAsync("Ada Lovelace", number: 1);
        var marks = new KeyMarks(node.DataSource);
        await using var damage = node.DataSource.CreateCommand("update personal_data_keys set wrapped_key = '\\x00'");
        await damage.ExecuteNonQueryAsync();
        (await marks.OpensAsync(LogNode.MasterKey, default)).ShouldBeFalse();

        await node.Keys.KeyForWritingAsync(Sample.NewId(), default);

        (await marks.OpensAsync(LogNode.MasterKey, default)).ShouldBeTrue();
        (await marks.OpensAsync(new byte[32], default)).ShouldBeFalse();
    }

    private static Append Append(StreamId stream, Guid consumer, string text, int number) =>
        Sample.Append(stream, 0, new NewEvent(Sample.NewId(), new SampleWritten(consumer, new PersonalText(text), number)));

    private Append Append(StreamId stream, string text) => Append(stream, consumer, text, 1);

    private async Task<StreamId> AppendAsync(string text, int number)
    {
        var stream = Sample.NewStream();
        (await node.Store.AppendAsync(Append(stream, consumer, text, number), default)).ShouldBeOfType<Appended>();
        return stream;
    }

    private async Task<SampleWritten> ReadAsync(StreamId stream) =>
        (SampleWritten)(await node.Store.ReadStreamAsync(stream, 0, 1, default)).Single().Data;
}
