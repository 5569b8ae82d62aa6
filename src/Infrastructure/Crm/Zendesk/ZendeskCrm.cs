using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
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
    private const int MostCollisions = 10;
    private const string ReferenceLabel = "Reference: ";
    private const string Sha256Label = "SHA-256: ";

    /// <summary>An upload with less than this to live is not attached any more.</summary>
    private static readonly TimeSpan LeastLife = TimeSpan.FromSeconds(5);

    private readonly ZendeskOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly ZendeskApi api;

    /// <summary>Changes of one ticket take turns on this node, so that they do not make Zendesk refuse each other.</summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Makes the adapter; nothing is called yet.</summary>
    public ZendeskCrm(ZendeskOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        // The credentials follow no redirect.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        api = new ZendeskApi(http, options, clock);
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
        await FindAsync(IdOf(ticketId), externalId, cancellationToken) is { } comment ? AttachmentOf(comment) : null;

    /// <inheritdoc/>
    public async Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken)
    {
        var ticket = IdOf(ticketId);
        UploadSeen? upload = null;
        try
        {
            var comment = await CommentOnceAsync(
                ticket,
                file.ExternalId,
                async () =>
                {
                    if (upload is null || upload.ExpiresAt - clock.GetUtcNow() < LeastLife)
                        upload = await UploadAsync(file, cancellationToken);
                    return new CommentChange(Signed($"{file.FileName}\n{Sha256Label}{file.Sha256.ToLowerInvariant()}", file.ExternalId), Public: false, [upload.Token]);
                },
                cancellationToken);
            return AttachmentOf(comment) is { } attached && attached.Length == file.Length
                ? attached
                : throw new CrmException(CrmFailure.NotConfirmed, "Zendesk's comment does not have the file.");
        }
        catch (CrmException gone) when (upload is not null && ZendeskApi.StatusOf(gone) == HttpStatusCode.NotFound)
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

    /// <summary>Adds a comment unless it is there; answers it as Zendesk shows it.</summary>
    private Task<CommentSeen> CommentOnceAsync(long ticket, string reference, Func<Task<CommentChange>> make, CancellationToken cancellationToken)
    {
        return InTurnAsync(ticket.ToString(CultureInfo.InvariantCulture), AddAsync, cancellationToken);

        async Task<CommentSeen> AddAsync()
        {
            for (var collisions = 0; ; collisions++)
            {
                // Before anything is looked for: what comes after it makes Zendesk refuse the change.
                var stamp = (await api.GetAsync<TicketAnswer>($"api/v2/tickets/{ticket}.json", cancellationToken)).Ticket.UpdatedAt;
                if (await FindAsync(ticket, reference, cancellationToken) is { } there)
                    return there;
                try
                {
                    var change = new TicketChange(await make()) { SafeUpdate = true, UpdatedStamp = stamp };
                    await api.SendAsync<TicketAnswer>(HttpMethod.Put, $"api/v2/tickets/{ticket}.json", new TicketRequest(change), cancellationToken);
                }
                catch (CrmException raced) when (ZendeskApi.StatusOf(raced) == HttpStatusCode.Conflict && collisions < MostCollisions)
                {
                    continue;
                }

                return await FindAsync(ticket, reference, cancellationToken)
                    ?? throw new CrmException(CrmFailure.NotConfirmed, "Zendesk does not show the comment that it took.");
            }
        }
    }

    private async Task<UploadSeen> UploadAsync(CrmFile file, CancellationToken cancellationToken)
    {
        await using var bytes = new HashingStream(await file.OpenAsync(cancellationToken));
        using var content = new StreamContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(file.ContentType);
        content.Headers.ContentLength = file.Length;
        var upload = (await api.UploadAsync(file.FileName, content, cancellationToken)).Upload;
        var isWhole = upload.Attachments is [{ } held] && held.Size == file.Length;
        if (isWhole && string.Equals(bytes.Sha256(), file.Sha256, StringComparison.OrdinalIgnoreCase))
            return upload;
        await api.DeleteUploadAsync(upload.Token, cancellationToken);
        throw new CrmException(CrmFailure.NotConfirmed, "The bytes that came are not those announced.");
    }

    private async Task<CommentSeen?> FindAsync(long ticket, string reference, CancellationToken cancellationToken)
    {
        // The last line of an internal comment is ours alone, whatever consumers write above it or send to the ticket.
        var wanted = "\n" + ReferenceLabel + reference;
        await foreach (var comment in CommentsAsync(ticket, cancellationToken))
        {
            if (!comment.Public && comment.Text.TrimEnd().EndsWith(wanted, StringComparison.Ordinal))
                return comment;
        }

        return null;
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
}
