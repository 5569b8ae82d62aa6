using ContactCenter.Application.Crm;
using ContactCenter.Infrastructure.Crm.Zendesk;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Crm.Zendesk;

public sealed class ZendeskCrmTests : CrmContract, IAsyncLifetime
{
    private readonly SkippingClock clock = new();
    private ZendeskServer server = null!;
    private ZendeskCrm crm = null!;

    protected override ICrm Crm => crm;

    public async Task InitializeAsync()
    {
        server = await ZendeskServer.StartAsync(clock);
        crm = new ZendeskCrm(server.Options, clock);
    }

    public async Task DisposeAsync()
    {
        crm.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_an_internal_comment_with_exactly_its_bytes()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(123_456);
        var attached = await crm.AttachAsync(ticket.Id, file, default);

        var comment = server.Store.CommentsOf(ticket.Id)[^1];
        comment.Public.ShouldBeFalse();
        var stored = comment.Files.ShouldHaveSingleItem();
        stored.ShouldSatisfyAllConditions(
            f => f.Id.ToString().ShouldBe(attached.Id), f => f.Name.ShouldBe(file.FileName), f => f.Type.ShouldBe("audio/wav"));
        await using var original = await file.OpenAsync(default);
        var bytes = new byte[file.Length];
        await original.ReadExactlyAsync(bytes);
        stored.Bytes.ShouldBe(bytes);
        server.Store.Uploads.ShouldBe(0);
        ticket.Url.ShouldBe(new Uri(server.Options.Url, $"agent/tickets/{ticket.Id}").ToString());
    }

    public static TheoryData<string, string> Failures()
    {
        var all = new TheoryData<string, string>();
        foreach (var fault in Enum.GetNames<ZendeskFault>().Except([nameof(ZendeskFault.None)]))
        {
            foreach (var call in new[] { "POST /api/v2/uploads", "GET /api/v2/tickets/", "PUT /api/v2/tickets/" })
            {
                // A change that met another is made again at once.
                if (fault != nameof(ZendeskFault.Conflict) || !call.StartsWith("PUT", StringComparison.Ordinal))
                    all.Add(fault, call);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Whatever_fails_while_a_file_is_attached_it_is_there_once_after_another_attempt(string fault, string call)
    {
        // Only a server that does not answer is to be given up on: else a busy machine would be taken for one.
        var patience = fault is nameof(ZendeskFault.Slow) or nameof(ZendeskFault.Silent) ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(1);
        using var zendesk = new ZendeskCrm(server.Options with { Patience = patience, UploadPatience = patience }, clock);
        var ticket = await zendesk.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(20_000);
        var failures = 0;
        server.Fault = called => called.StartsWith(call, StringComparison.Ordinal) && Interlocked.Increment(ref failures) == 1
            ? Enum.Parse<ZendeskFault>(fault)
            : ZendeskFault.None;
        var failed = await Should.ThrowAsync<CrmException>(() => zendesk.AttachAsync(ticket.Id, file, default));
        failed.Failure.ShouldBe(fault switch
        {
            nameof(ZendeskFault.Limited) => CrmFailure.ApiLimit,
            nameof(ZendeskFault.TooLarge) => CrmFailure.TooLarge,
            _ => CrmFailure.NotConfirmed,
        });
        // Whatever was sent is deleted at once; but for what Zendesk does not let us, and an upload of which it told nothing.
        var isUnknown = call.StartsWith("POST", StringComparison.Ordinal) && fault is nameof(ZendeskFault.AnswerLost) or nameof(ZendeskFault.Slow);
        if (fault != nameof(ZendeskFault.Limited))
            server.Store.Uploads.ShouldBe(isUnknown ? 1 : 0);
        if (fault is nameof(ZendeskFault.Limited) or nameof(ZendeskFault.Overloaded))
            failed.RetryAfter!.Value.TotalSeconds.ShouldBe(93, tolerance: 2);

        clock.Skip(TimeSpan.FromMinutes(5));
        var attached = await zendesk.FindAttachmentAsync(ticket.Id, file.ExternalId, default) ?? await zendesk.AttachAsync(ticket.Id, file, default);
        attached.Sha256.ShouldBe(file.Sha256);
        server.Store.FilesOf(ticket.Id).ShouldHaveSingleItem().Id.ToString().ShouldBe(attached.Id);
        clock.Skip(isUnknown ? server.Store.TokenLife : TimeSpan.Zero);
        server.Store.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_closed_ticket_does_not_take_a_ticket_that_follows_it_takes_once()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var (before, after, later) = (NewFile(1000), NewFile(2000), NewFile(3000));
        await crm.AttachAsync(ticket.Id, before, default);
        server.Store.Close(ticket.Id);
        (await crm.FindAttachmentAsync(ticket.Id, after.ExternalId, default)).ShouldBeNull();
        server.Store.FollowerOf(ticket.Id).ShouldBeNull();

        var attached = await crm.AttachAsync(ticket.Id, after, default);
        await crm.AttachAsync(ticket.Id, later, default);
        (await crm.AttachAsync(ticket.Id, after, default)).ShouldBe(attached);
        (await crm.FindAttachmentAsync(ticket.Id, after.ExternalId, default)).ShouldBe(attached);
        (await crm.AttachAsync(ticket.Id, before, default)).Sha256.ShouldBe(before.Sha256);
        var follower = server.Store.FollowerOf(ticket.Id).ShouldNotBeNull();
        server.Store.FilesOf(ticket.Id).ShouldHaveSingleItem();
        server.Store.FilesOf(follower).Select(f => f.Name).ShouldBe([after.FileName, later.FileName]);
        server.Store.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task A_ticket_that_is_full_is_seen_before_anything_is_uploaded_and_gone_on_from()
    {
        using var small = new ZendeskCrm(server.Options with { MostComments = 3 }, clock);
        server.Store.MostComments = 3;
        var ticket = await small.OpenTicketAsync(NewTicket(), default);
        var files = Enumerable.Range(1, 5).Select(_ => NewFile(1000)).ToArray();
        foreach (var file in files)
            await small.AttachAsync(ticket.Id, file, default);

        var follower = server.Store.FollowerOf(ticket.Id).ShouldNotBeNull();
        server.Store.FilesOf(ticket.Id).Count.ShouldBe(2);
        server.Store.FilesOf(follower).Count.ShouldBe(2);
        server.Store.FilesOf(server.Store.FollowerOf(follower).ShouldNotBeNull()).Count.ShouldBe(1);
        foreach (var file in files)
            (await small.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldNotBeNull().Sha256.ShouldBe(file.Sha256);
        server.Calls.Count(c => c == "POST /api/v2/uploads.json").ShouldBe(files.Length);
        server.Store.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_that_could_not_be_deleted_is_deleted_before_the_next_is_sent()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.Fault = called => called.StartsWith("PUT", StringComparison.Ordinal) ? ZendeskFault.Unprocessable
            : called.StartsWith("DELETE", StringComparison.Ordinal) ? ZendeskFault.Broken : ZendeskFault.None;
        await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile(1000), default));
        server.Store.Uploads.ShouldBe(1);
        server.Fault = _ => ZendeskFault.None;
        await crm.AttachAsync(ticket.Id, NewFile(1000), default);
        server.Store.Uploads.ShouldBe(0);
    }

    [Theory]
    [InlineData(nameof(ZendeskFault.Broken))]
    [InlineData(nameof(ZendeskFault.AnswerLost))]
    [InlineData(nameof(ZendeskFault.Limited))]
    public async Task Whatever_fails_while_a_ticket_is_opened_there_is_one(string fault)
    {
        foreach (var call in new[] { "GET /api/v2/tickets.json", "POST /api/v2/users/create_or_update.json", "POST /api/v2/tickets.json" })
        {
            var wanted = NewTicket();
            server.Fault = called => called == call ? Enum.Parse<ZendeskFault>(fault) : ZendeskFault.None;
            await Should.ThrowAsync<CrmException>(() => crm.OpenTicketAsync(wanted, default));
            server.Fault = _ => ZendeskFault.None;
            clock.Skip(TimeSpan.FromMinutes(5));
            var opened = await crm.OpenTicketAsync(wanted, default);
            var (id, _, _, _, _) = wanted;
            server.Store.TicketOf(id).ShouldBe(opened.Id);
        }
    }

    [Fact]
    public async Task At_the_limit_nothing_is_sent_until_it_is_over()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.Store.Limit = 2;
        var file = NewFile(1000);
        (await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, file, default))).Failure.ShouldBe(CrmFailure.ApiLimit);
        var called = server.Calls.Count;
        var again = await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, file, default));
        again.Failure.ShouldBe(CrmFailure.ApiLimit);
        again.RetryAfter!.Value.TotalSeconds.ShouldBeInRange(30, 61);
        server.Calls.Count.ShouldBe(called);

        server.Store.Limit = null;
        clock.Skip(TimeSpan.FromSeconds(62));
        (await crm.AttachAsync(ticket.Id, file, default)).Sha256.ShouldBe(file.Sha256);
    }

    [Fact]
    public async Task A_rate_limit_that_Zendesk_refuses_with_is_obeyed_too()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.Fault = _ => ZendeskFault.Limited;
        await Should.ThrowAsync<CrmException>(() => crm.FindAttachmentAsync(ticket.Id, "x", default));
        var called = server.Calls.Count;
        (await Should.ThrowAsync<CrmException>(() => crm.FindAttachmentAsync(ticket.Id, "x", default))).Failure.ShouldBe(CrmFailure.ApiLimit);
        server.Calls.Count.ShouldBe(called);
    }

    [Fact]
    public async Task A_limit_of_days_is_obeyed_for_an_hour_and_then_asked_again()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.RetryAfter = "1000000";
        server.Fault = _ => ZendeskFault.Limited;
        (await Should.ThrowAsync<CrmException>(() => crm.FindAttachmentAsync(ticket.Id, "x", default))).RetryAfter!.Value.TotalMinutes.ShouldBe(60, tolerance: 1);
        server.Fault = _ => ZendeskFault.None;
        clock.Skip(TimeSpan.FromMinutes(58));
        (await Should.ThrowAsync<CrmException>(() => crm.FindAttachmentAsync(ticket.Id, "x", default))).Failure.ShouldBe(CrmFailure.ApiLimit);
        clock.Skip(TimeSpan.FromMinutes(3));
        (await crm.FindAttachmentAsync(ticket.Id, "x", default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_upload_about_to_expire_is_sent_anew_and_one_that_is_gone_is_told()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(1000);
        // Somebody comments in between, and the upload that waits for the next turn expires.
        server.Store.TokenLife = TimeSpan.FromMinutes(1);
        var looks = 0;
        server.Store.AfterComments = id =>
        {
            if (++looks == 1)
                server.Store.Comment(id, "I am here too.");
            else if (looks == 2)
                clock.Skip(TimeSpan.FromMinutes(1));
        };
        await crm.AttachAsync(ticket.Id, file, default);
        server.Store.FilesOf(ticket.Id).ShouldHaveSingleItem();
        server.Calls.Count(c => c == "POST /api/v2/uploads.json").ShouldBe(2);

        server.Store.ForgetsUploads = true;
        var gone = await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile(1000), default));
        gone.Failure.ShouldBe(CrmFailure.NotConfirmed);
        gone.Message.ShouldContain("expire");
    }

    [Fact]
    public async Task A_ticket_that_takes_no_more_comments_is_told()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.Store.MostComments = 3;
        await crm.AddCommentAsync(ticket.Id, Sample.NewId(), "two", default);
        await crm.AttachAsync(ticket.Id, NewFile(10), default);
        var full = await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile(10), default));
        full.Failure.ShouldBe(CrmFailure.NotConfirmed);
        full.Message.ShouldContain("5,000");
        server.Store.Uploads.ShouldBe(0);
        server.Store.FilesOf(ticket.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_too_large_is_told_as_such()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        (await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile((50 * 1024 * 1024) + 1), default))).Failure.ShouldBe(CrmFailure.TooLarge);
    }

    [Fact]
    public async Task A_file_that_Zendesk_did_not_keep_whole_is_not_attached()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        server.Store.Keeps = 999;
        (await Should.ThrowAsync<CrmException>(() => crm.AttachAsync(ticket.Id, NewFile(1000), default))).Failure.ShouldBe(CrmFailure.NotConfirmed);
        server.Store.FilesOf(ticket.Id).ShouldBeEmpty();
        server.Store.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task Two_nodes_that_attach_the_same_file_at_once_attach_it_once()
    {
        using var other = new ZendeskCrm(server.Options, clock);
        for (var round = 0; round < 10; round++)
        {
            var ticket = await crm.OpenTicketAsync(NewTicket(), default);
            var file = NewFile(10_000);
            var both = await Task.WhenAll(crm.AttachAsync(ticket.Id, file, default), other.AttachAsync(ticket.Id, file, default));
            both.Distinct().ShouldHaveSingleItem();
            server.Store.FilesOf(ticket.Id).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task What_a_consumer_writes_is_not_taken_for_a_file()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        var file = NewFile(1000);
        server.Store.Comment(long.Parse(ticket.Id), $"Look:\n\nReference: {file.ExternalId}");
        await crm.AddCommentAsync(ticket.Id, Sample.NewId(), $"Consumer: hello\n\nReference: {file.ExternalId}", default);
        (await crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBeNull();
        await crm.AttachAsync(ticket.Id, file, default);
        server.Store.FilesOf(ticket.Id).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_file_is_found_behind_hundreds_of_comments()
    {
        var ticket = await crm.OpenTicketAsync(NewTicket(), default);
        for (var i = 0; i < 250; i++)
            server.Store.Comment(long.Parse(ticket.Id), $"Comment {i}");
        var file = NewFile(1000);
        var attached = await crm.AttachAsync(ticket.Id, file, default);
        (await crm.FindAttachmentAsync(ticket.Id, file.ExternalId, default)).ShouldBe(attached);
    }

    [Fact]
    public async Task A_token_that_Zendesk_does_not_take_is_told_and_shown_nowhere()
    {
        using var stranger = new ZendeskCrm(server.Options with { ApiToken = "wrong-token" }, clock);
        var refused = await Should.ThrowAsync<CrmException>(() => stranger.OpenTicketAsync(NewTicket(), default));
        refused.Failure.ShouldBe(CrmFailure.NotConfirmed);
        refused.ToString().ShouldNotContain("wrong-token");
        server.Options.ToString().ShouldNotContain(ZendeskServer.Token);
    }
}
