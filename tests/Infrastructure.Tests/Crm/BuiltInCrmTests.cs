using ContactCenter.Application.Crm;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Crm;

public sealed class BuiltInCrmTests : CrmContract, IClassFixture<PostgresFixture>, IDisposable
{
    private readonly PostgresFixture database;
    private readonly PostgresPersonalDataProtector keys;
    private readonly BuiltInCrm crm;
    private readonly BuiltInTickets tickets;

    public BuiltInCrmTests(PostgresFixture database)
    {
        this.database = database;
        keys = new PostgresPersonalDataProtector(database.DataSource, LogNode.MasterKey, TimeProvider.System);
        crm = new BuiltInCrm(database.DataSource, keys, TimeProvider.System);
        tickets = new BuiltInTickets(database.DataSource, keys);
    }

    protected override ICrm Crm => crm;

    public void Dispose() => keys.Dispose();

    [Fact]
    public async Task A_ticket_reads_as_it_was_opened_with_a_number_for_people()
    {
        var wanted = NewTicket();
        var opened = await crm.OpenTicketAsync(wanted, default);
        var ticket = (await tickets.FindBySubjectAsync(wanted.SubjectId, default)).ShouldNotBeNull();
        ticket.ShouldBe(await tickets.FindAsync(Guid.Parse(opened.Id), default));
        ticket.Number.ShouldBePositive();
        ticket.RequesterName.ShouldBe(wanted.RequesterName);
        opened.Url.ShouldBe($"/v1/tickets/{opened.Id}");
    }

    [Fact]
    public async Task Comments_read_in_the_order_they_came()
    {
        var wanted = NewTicket();
        var ticket = await crm.OpenTicketAsync(wanted, default);
        foreach (var text in new[] { "one", "two", "three" })
            await crm.AddCommentAsync(ticket.Id, Sample.NewId(), text, default);
        (await tickets.CommentsAsync(Guid.Parse(ticket.Id), default)).Select(c => c.Body).ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_143)]
    [InlineData(262_144)]
    [InlineData(262_145)]
    [InlineData(1_000_000)]
    public async Task An_attachment_reads_from_anywhere(int length)
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(length);
        var original = new byte[length];
        await (await file.OpenAsync(default)).ReadExactlyAsync(original);
        await crm.AttachAsync(ticket.Id, file, default);

        var attachment = (await tickets.AttachmentsAsync(Guid.Parse(ticket.Id), default)).ShouldHaveSingleItem();
        foreach (var start in new[] { 0, length / 3, Math.Max(0, length - 1), length }.Distinct())
        {
            await using var content = (await tickets.OpenAsync(attachment.Id, default)).ShouldNotBeNull();
            content.Position = start;
            var read = new MemoryStream();
            await content.CopyToAsync(read);
            read.ToArray().ShouldBe(original[start..]);
        }
    }

    [Fact]
    public async Task An_attach_that_dies_half_way_leaves_nothing_to_read_and_its_bytes_go()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(600_000);
        var broken = file with { OpenAsync = async ct => new BrokenStream(await file.OpenAsync(ct), failAfter: 300_000) };
        await Should.ThrowAsync<IOException>(() => crm.AttachAsync(ticket.Id, broken, default));
        (await tickets.AttachmentsAsync(Guid.Parse(ticket.Id), default)).ShouldBeEmpty();
        await using var command = database.DataSource.CreateCommand("select count(*) from crm_attachments where ticket_id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(ticket.Id) });
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task Bytes_on_their_way_out_are_not_confirmed_any_more()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(300_000);
        var slow = new SlowEnd(await file.OpenAsync(default));
        var attaching = crm.AttachAsync(ticket.Id, file with { OpenAsync = _ => Task.FromResult<Stream>(slow) }, default);
        await slow.Reached.WaitAsync(TimeSpan.FromSeconds(30));

        Task dropping;
        await using (var connection = await database.DataSource.OpenConnectionAsync())
        {
            await using var holding = await connection.BeginTransactionAsync();
            await ExecuteAsync(
                "select from crm_attachment_chunks c join crm_attachments a on a.id = c.attachment_id where a.ticket_id = $1 for update of c", connection, Guid.Parse(ticket.Id));
            await using (var late = await database.DataSource.OpenConnectionAsync())
                await ExecuteAsync("update crm_attachments set created_at = created_at - interval '2 hours' where ticket_id = $1", late, Guid.Parse(ticket.Id));
            dropping = crm.DropUnconfirmedAsync(default);
            await Eventually.TrueAsync(async () => await WaitingAsync() == 1);
            slow.Release();
            // It is confirmed, or waits to throw away what it cannot confirm.
            await Eventually.TrueAsync(async () => attaching.IsCompleted || await WaitingAsync() == 2);
            await holding.CommitAsync();
        }

        await dropping;
        (await Should.ThrowAsync<CrmException>(() => attaching)).Failure.ShouldBe(CrmFailure.NotConfirmed);
        (await crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_forgotten_consumer_is_gone_from_ticket_comments_and_audio()
    {
        var wanted = NewTicket();
        var ticket = await crm.OpenTicketAsync(wanted, default);
        await crm.AddCommentAsync(ticket.Id, Sample.NewId(), "My number is 555-0100.", default);
        var attached = await crm.AttachAsync(ticket.Id, NewFile(1000), default);
        await keys.ForgetAsync(wanted.RequesterId, default);

        var read = (await tickets.FindBySubjectAsync(wanted.SubjectId, default)).ShouldNotBeNull();
        read.RequesterName.ShouldBeNull();
        (await tickets.CommentsAsync(read.Id, default)).ShouldHaveSingleItem().Body.ShouldBeNull();
        (await tickets.OpenAsync(Guid.Parse(attached.Id), default)).ShouldBeNull();
        (await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile(10), default))).Failure.ShouldBe(CrmFailure.NotConfirmed);
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, Guid value)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Statements about chunks that wait for somebody's lock.</summary>
    private async Task<long> WaitingAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%crm_attachment%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A file whose end is long in coming.</summary>
    private sealed class SlowEnd(Stream inner) : MemoryStream
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public void Release() => released.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if (read > 0 || released.Task.IsCompleted)
                return read;
            reached.TrySetResult();
            await released.Task.WaitAsync(cancellationToken);
            return 0;
        }
    }

    private sealed class BrokenStream(Stream inner, int failAfter) : MemoryStream
    {
        private int given;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given >= failAfter)
                throw new IOException("The disk is gone.");
            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, 50_000)], cancellationToken);
            given += read;
            return read;
        }
    }
}
