using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ContactCenter.Application.Crm;

namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>
/// Tickets in Zendesk (ADR 0056). Zendesk knows none of our ids but a ticket's, so each comment ends with its own, and is
/// looked for by it before it is added; whoever else changes the ticket meanwhile makes Zendesk refuse, and it is looked
/// for again. Comments are internal: no consumer is written to.
/// </summary>
public sealed class ZendeskCrm : ICrm, IDisposable
{
    private const int PageSize = 100;
    private const string Closed = "closed";
    private const int MostCollisions = 10;
    private const string ReferenceLabel = "Reference: ";
    private const string Sha256Label = "SHA-256: ";

    private readonly ZendeskOptions options;
    private readonly HttpClient http;
    private readonly ZendeskApi api;
    private readonly ZendeskUploads uploads;

    /// <summary>Changes of one ticket take turns on this node, so that they do not make Zendesk refuse each other.</summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Makes the adapter; nothing is called yet.</summary>
    public ZendeskCrm(ZendeskOptions options, TimeProvider clock)
    {
        this.options = options;
        // The credentials follow no redirect.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        api = new ZendeskApi(http, options, clock);
        uploads = new ZendeskUploads(api, clock, HasCommentAsync);
    }

    /// <inheritdoc/>
    public string Name => "zendesk";

    /// <inheritdoc/>
    public async Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken)
    {
        var (subjectId, subject, requesterName, requesterId, body) = ticket;
        var externalId = subjectId.ToString("D");
        return await InTurnAsync(externalId, OpenAsync, cancellationToken);

        async Task<CrmTicket> OpenAsync()
        {
            var found = await api.GetAsync<TicketsAnswer>($"api/v2/tickets.json?external_id={externalId}", cancellationToken);
            if (found.Tickets.Count > 0)
                return Opened(found.Tickets.Min(t => t.Id));
            var requester = await api.SendAsync<UserAnswer>(
                HttpMethod.Post, "api/v2/users/create_or_update.json", new UserRequest(new UserChange(requesterName, requesterId.ToString("D"))), cancellationToken);
            var wanted = new TicketChange(new CommentChange(body, Public: false)) { Subject = subject, ExternalId = externalId, RequesterId = requester.User.Id };
            // The same key from another node gives the same ticket.
            var made = await api.SendAsync<TicketAnswer>(
                HttpMethod.Post, "api/v2/tickets.json", new TicketRequest(wanted), cancellationToken, idempotencyKey: externalId);
            return Opened(made.Ticket.Id);
        }
    }

    /// <inheritdoc/>
    public async Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken)
    {
        var (ticket, reference) = (IdOf(ticketId), commentId.ToString("D"));
        await CommentOnceAsync(ticket, reference, () => Task.FromResult(new CommentChange(Signed(body, reference), Public: false)), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) =>
        (await SeekAsync(IdOf(ticketId), externalId, cancellationToken)).Comment is { } comment ? AttachmentOf(comment) : null;

    /// <inheritdoc/>
    public async Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken)
    {
        var ticket = IdOf(ticketId);
        await uploads.DropLeftAsync(cancellationToken);
        await using var upload = uploads.For(ticket, file);
        try
        {
            var comment = await CommentOnceAsync(
                ticket,
                file.ExternalId,
                async () => new CommentChange(
                    Signed($"{file.FileName}\n{Sha256Label}{file.Sha256.ToLowerInvariant()}", file.ExternalId), Public: false, [await upload.TokenAsync(cancellationToken)]),
                cancellationToken,
                upload.Attached);
            return AttachmentOf(comment) is { } attached && attached.Length == file.Length
                ? attached
                : throw new CrmException(CrmFailure.NotConfirmed, "Zendesk's comment does not have the file.");
        }
        catch (CrmException gone) when (upload.IsSent && ZendeskApi.StatusOf(gone) == HttpStatusCode.NotFound)
        {
            throw new CrmException(CrmFailure.NotConfirmed, "Zendesk let the upload expire.", innerException: gone);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        http.Dispose();
        foreach (var turn in turns)
            turn.Dispose();
    }

    /// <summary>
    /// Adds a comment unless it is there; answers it as Zendesk shows it. A ticket that takes none any more is looked at before
    /// anything is made for it, and gone on from in a ticket that follows it.
    /// </summary>
    private Task<CommentSeen> CommentOnceAsync(
        long ticket, string reference, Func<Task<CommentChange>> make, CancellationToken cancellationToken, Action? added = null)
    {
        return InTurnAsync(ticket.ToString(CultureInfo.InvariantCulture), AddAsync, cancellationToken);

        async Task<CommentSeen> AddAsync()
        {
            for (var collisions = 0; ; collisions++)
            {
                var (there, last) = await SeekAsync(ticket, reference, cancellationToken);
                if (there is not null)
                    return there;
                if (!last.TakesComments)
                {
                    ticket = await FollowAsync(last.Ticket, cancellationToken);
                    continue;
                }

                var id = last.Ticket.Id;
                var change = new TicketChange(await make()) { SafeUpdate = true, UpdatedStamp = last.Ticket.UpdatedAt };
                try
                {
                    await api.SendAsync<TicketAnswer>(HttpMethod.Put, $"api/v2/tickets/{id}.json", new TicketRequest(change), cancellationToken);
                }
                catch (CrmException raced) when (ZendeskApi.StatusOf(raced) == HttpStatusCode.Conflict && collisions < MostCollisions)
                {
                    continue;
                }

                added?.Invoke();
                return (await FindAsync(id, reference, cancellationToken)).Comment
                    ?? throw new CrmException(CrmFailure.NotConfirmed, "Zendesk does not show the comment that it took.");
            }
        }
    }

    /// <summary>A comment of ours on a ticket or on one that follows it; and the last of these tickets that was looked at.</summary>
    private async Task<(CommentSeen? Comment, LastTicket Last)> SeekAsync(long ticket, string reference, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before its comments: what comes after it makes Zendesk refuse the change.
            var seen = (await api.GetAsync<TicketAnswer>($"api/v2/tickets/{ticket}.json", cancellationToken)).Ticket;
            var (comment, count) = await FindAsync(ticket, reference, cancellationToken);
            var last = new LastTicket(seen, TakesComments: seen.Status != Closed && count < options.MostComments);
            if (comment is not null || last.TakesComments || await FollowerAsync(seen, cancellationToken) is not { } next)
                return (comment, last);
            ticket = next;
        }
    }

    private async Task<bool> HasCommentAsync(long ticket, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return (await SeekAsync(ticket, reference, cancellationToken)).Comment is not null;
        }
        catch (CrmException gone) when (ZendeskApi.StatusOf(gone) == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<long?> FollowerAsync(TicketSeen of, CancellationToken cancellationToken)
    {
        var found = await api.GetAsync<TicketsAnswer>($"api/v2/tickets.json?external_id={FollowerName(of)}", cancellationToken);
        return found.Tickets.Count > 0 ? found.Tickets.Min(t => t.Id) : null;
    }

    private async Task<long> FollowAsync(TicketSeen closed, CancellationToken cancellationToken)
    {
        var comment = new CommentChange($"Goes on from ticket {closed.Id}, which takes no more comments.", Public: false);
        var wanted = new TicketChange(comment)
        {
            Subject = closed.Subject,
            ExternalId = FollowerName(closed),
            RequesterId = closed.RequesterId,
            // Zendesk makes a follow-up of closed tickets alone; a full one is only named.
            ViaFollowupSourceId = closed.Status == Closed ? closed.Id : null,
        };
        // The same key from another node gives the same ticket.
        var made = await api.SendAsync<TicketAnswer>(
            HttpMethod.Post, "api/v2/tickets.json", new TicketRequest(wanted), cancellationToken, idempotencyKey: FollowerName(closed));
        return made.Ticket.Id;
    }

    private static string FollowerName(TicketSeen of) => string.Create(CultureInfo.InvariantCulture, $"follows-{of.Id}");

    private async Task<(CommentSeen? Comment, int Count)> FindAsync(long ticket, string reference, CancellationToken cancellationToken)
    {
        // The last line of an internal comment is ours alone, whatever consumers write above it or send to the ticket.
        var wanted = "\n" + ReferenceLabel + reference;
        var count = 0;
        await foreach (var comment in CommentsAsync(ticket, cancellationToken))
        {
            count++;
            if (!comment.Public && comment.Text.TrimEnd().EndsWith(wanted, StringComparison.Ordinal))
                return (comment, count);
        }

        return (null, count);
    }

    private async IAsyncEnumerable<CommentSeen> CommentsAsync(long ticket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var page = await api.GetAsync<CommentsAnswer>($"api/v2/tickets/{ticket}/comments.json?page[size]={PageSize}{after}", cancellationToken);
            foreach (var comment in page.Comments)
                yield return comment;
            if (page.Meta is not { HasMore: true, AfterCursor: { } cursor })
                yield break;
            after = $"&page[after]={Uri.EscapeDataString(cursor)}";
        }
    }

    private async Task<T> InTurnAsync<T>(string key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var turn = turns[(uint)key.GetHashCode(StringComparison.Ordinal) % turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private static CrmAttachment? AttachmentOf(CommentSeen comment)
    {
        if (comment.Attachments is not [{ } held, ..])
            return null;
        var sha256 = comment.Text.Split('\n').FirstOrDefault(line => line.StartsWith(Sha256Label, StringComparison.Ordinal))?[Sha256Label.Length..].Trim();
        return new CrmAttachment(held.Id.ToString(CultureInfo.InvariantCulture), held.FileName, held.Size, sha256 ?? "");
    }

    private static string Signed(string body, string reference) => $"{body}\n\n{ReferenceLabel}{reference}";

    private CrmTicket Opened(long id) => new(id.ToString(CultureInfo.InvariantCulture), new Uri(options.Url, $"agent/tickets/{id}").ToString());

    private static long IdOf(string ticketId) => long.TryParse(ticketId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new CrmException(CrmFailure.NotConfirmed, "A ticket of another CRM.");

    /// <summary>A ticket, and whether it takes another comment.</summary>
    private sealed record LastTicket(TicketSeen Ticket, bool TakesComments);
}
