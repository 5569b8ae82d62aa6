using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using ContactCenter.Application.Crm;

namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>
/// Files on their way to a comment. One that no comment took is a whole recording that Zendesk's agents could open: it is
/// deleted at once, or, where Zendesk does not answer, before the next file is sent.
/// </summary>
/// <param name="api">Zendesk.</param>
/// <param name="clock">The time.</param>
/// <param name="isAttached">Whether a ticket has the comment of a reference.</param>
internal sealed class ZendeskUploads(ZendeskApi api, TimeProvider clock, Func<long, string, CancellationToken, Task<bool>> isAttached)
{
    /// <summary>An upload with less than this to live is not attached any more.</summary>
    private static readonly TimeSpan LeastLife = TimeSpan.FromSeconds(5);

    /// <summary>How long a failed attempt is held up by deleting; then it is left to the next.</summary>
    private static readonly TimeSpan LongestDrop = TimeSpan.FromSeconds(10);

    /// <summary>Zendesk deletes what waits longer than this.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<Sent> left = new();

    /// <summary>A file's upload, sent when its token is asked for.</summary>
    public Upload For(long ticket, CrmFile file) => new(this, ticket, file);

    /// <summary>Deletes what earlier attempts left, if Zendesk answers again.</summary>
    public async Task DropLeftAsync(CancellationToken cancellationToken)
    {
        for (var count = left.Count; count > 0 && left.TryDequeue(out var sent); count--)
        {
            if (!await DropAsync(sent, cancellationToken))
                return;
        }
    }

    private bool EndsSoon(UploadSeen upload) => upload.ExpiresAt - clock.GetUtcNow() < LeastLife;

    /// <summary>Deletes one; also when its attempt was ended: then more than ever.</summary>
    private async Task DropSoonAsync(long ticket, string reference, UploadSeen upload)
    {
        using var soon = new CancellationTokenSource(LongestDrop, clock);
        await DropAsync(new Sent(ticket, reference, upload.Token, upload.ExpiresAt ?? clock.GetUtcNow() + LongestLife), soon.Token);
    }

    private async Task<(UploadSeen Upload, bool IsWhole)> SendAsync(CrmFile file, CancellationToken cancellationToken)
    {
        await using var bytes = new HashingStream(await file.OpenAsync(cancellationToken));
        using var content = new StreamContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(file.ContentType);
        content.Headers.ContentLength = file.Length;
        var upload = (await api.UploadAsync(file.FileName, content, cancellationToken)).Upload;
        var isWhole = upload.Attachments is [{ } held] && held.Size == file.Length;
        return (upload, isWhole && string.Equals(bytes.Sha256(), file.Sha256, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Deletes one unless a comment took it after all; false if Zendesk could not say or do it: then it stays on the list.</summary>
    private async Task<bool> DropAsync(Sent sent, CancellationToken cancellationToken)
    {
        // Zendesk has deleted it itself by then.
        if (sent.ExpiresAt <= clock.GetUtcNow())
            return true;
        try
        {
            if (!await isAttached(sent.Ticket, sent.Reference, cancellationToken))
                await api.DeleteUploadAsync(sent.Token, cancellationToken);
            return true;
        }
        catch (CrmException gone) when (ZendeskApi.StatusOf(gone) == HttpStatusCode.NotFound)
        {
            return true;
        }
        catch (Exception e) when (e is CrmException or OperationCanceledException)
        {
            left.Enqueue(sent);
            return false;
        }
    }

    private sealed record Sent(long Ticket, string Reference, string Token, DateTimeOffset ExpiresAt);

    /// <summary>One file's upload; deleted with it unless it was attached.</summary>
    internal sealed class Upload(ZendeskUploads uploads, long ticket, CrmFile file) : IAsyncDisposable
    {
        private UploadSeen? sent;
        private bool isAttached;

        /// <summary>Whether Zendesk gave a token for it.</summary>
        public bool IsSent => sent is not null;

        /// <summary>A comment took it.</summary>
        public void Attached() => isAttached = true;

        /// <summary>What a comment takes it by: sent now, or again if the one before is about to expire.</summary>
        public async Task<string> TokenAsync(CancellationToken cancellationToken)
        {
            if (sent is not null && !uploads.EndsSoon(sent))
                return sent.Token;
            await DropAsync();
            (sent, var isWhole) = await uploads.SendAsync(file, cancellationToken);
            return isWhole ? sent.Token : throw new CrmException(CrmFailure.NotConfirmed, "The bytes that came are not those announced.");
        }

        public async ValueTask DisposeAsync()
        {
            if (!isAttached)
                await DropAsync();
        }

        private async Task DropAsync()
        {
            if (sent is not { } dropped)
                return;
            sent = null;
            await uploads.DropSoonAsync(ticket, file.ExternalId, dropped);
        }
    }
}
