using System.Security.Cryptography;
using ContactCenter.Application.Crm;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Crm;

/// <summary>What every CRM adapter must keep to.</summary>
public abstract class CrmContract
{
    protected abstract ICrm Crm { get; }

    [Fact]
    public async Task A_ticket_opened_twice_is_one_ticket()
    {
        var wanted = NewTicket();
        var first = await Crm.OpenTicketAsync(wanted, default);
        (await Crm.OpenTicketAsync(wanted, default)).ShouldBe(first);
        (await Crm.OpenTicketAsync(NewTicket(), default)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Twenty_who_open_one_ticket_at_once_get_one_ticket()
    {
        var wanted = NewTicket();
        var tickets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Crm.OpenTicketAsync(wanted, default)));
        tickets.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_attachment_is_there_with_its_name_length_and_hash()
    {
        var ticket = await Crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(700_001);
        (await Crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBeNull();
        var attached = await Crm.AttachAsync(ticket.Id, file, default);
        attached.ShouldSatisfyAllConditions(
            a => a.FileName.ShouldBe(file.FileName),
            a => a.Length.ShouldBe(file.Length),
            a => a.Sha256.ShouldBe(file.Sha256));
        (await Crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBe(attached);
    }

    [Fact]
    public async Task A_file_attached_twice_or_by_many_at_once_is_one_attachment()
    {
        var ticket = await Crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(300_000);
        var attached = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Crm.AttachAsync(ticket.Id, file, default)));
        attached.Distinct().ShouldHaveSingleItem();
        (await Crm.AttachAsync(ticket.Id, file, default)).ShouldBe(attached[0]);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_announced_are_not_confirmed()
    {
        var ticket = await Crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(10_000);
        var other = NewFile(10_000);
        var lie = file with { OpenAsync = other.OpenAsync };
        (await Should.ThrowAsync<CrmException>(() => Crm.AttachAsync(ticket.Id, lie, default))).Failure.ShouldBe(CrmFailure.NotConfirmed);
        (await Crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBeNull();
        (await Crm.AttachAsync(ticket.Id, file, default)).Sha256.ShouldBe(file.Sha256);
    }

    [Fact]
    public async Task A_comment_added_twice_does_no_harm_and_a_missing_ticket_is_told()
    {
        var ticket = await Crm.OpenTicketAsync(NewTicket(), default);
        var comment = Sample.NewId();
        await Crm.AddCommentAsync(ticket.Id, comment, "Hello.", default);
        await Crm.AddCommentAsync(ticket.Id, comment, "Hello.", default);
        await Should.ThrowAsync<CrmException>(() => Crm.AddCommentAsync(Sample.NewId().ToString(), comment, "Hello.", default));
        await Should.ThrowAsync<CrmException>(() => Crm.AddCommentAsync("no ticket", comment, "Hello.", default));
    }

    protected static OpenTicket NewTicket(string name = "Ada Lovelace") =>
        new(Sample.NewId(), "Call: Support > Billing", name, Sample.NewId(), "Call over web");

    protected static CrmFile NewFile(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        return new CrmFile(
            Sample.NewId().ToString(), "Call recording.wav", "audio/wav", length, Convert.ToHexStringLower(SHA256.HashData(bytes)),
            _ => Task.FromResult<Stream>(new MemoryStream(bytes)));
    }
}
