using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ContactCenter.Application.Crm;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.PersonalData;
using Npgsql;

namespace ContactCenter.Infrastructure.Crm.BuiltIn;

/// <summary>
/// Tickets, comments and attachments in the product's own database (ADM-6, ADR 0017). What a consumer said, and their
/// name, is encrypted with their own key: forgetting them takes it out of here and of every backup (ADM-4).
/// </summary>
public sealed class BuiltInCrm(NpgsqlDataSource dataSource, IPersonalDataProtector keys, TimeProvider clock) : ICrm
{
    /// <summary>How long bytes that were never confirmed are kept: far longer than any attach takes.</summary>
    public static readonly TimeSpan UnconfirmedLimit = TimeSpan.FromHours(1);

    /// <summary>Chunks that one transaction deletes: 25 MB.</summary>
    public const int DroppedChunks = 100;

    /// <inheritdoc/>
    public string Name => "builtin";

    /// <inheritdoc/>
    public Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var key = await keys.KeyForWritingAsync(ticket.RequesterId, cancellationToken);
        await ExecuteAsync(
            """
            insert into crm_tickets (id, external_id, subject, requester_name, requester_id, body, created_at)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (external_id) do nothing
            """,
            cancellationToken,
            Guid.CreateVersion7(clock.GetUtcNow()), ticket.SubjectId, ticket.Subject,
            key.Protect(new PersonalText(ticket.RequesterName)) ?? "", ticket.RequesterId, ticket.Body, clock.GetUtcNow().ToUniversalTime());
        var id = await ScalarAsync<Guid>("select id from crm_tickets where external_id = $1", cancellationToken, ticket.SubjectId);
        return new CrmTicket(id.ToString("D"), $"/v1/tickets/{id:D}");
    });

    /// <inheritdoc/>
    public Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var (ticket, key) = await KeyOfAsync(ticketId, cancellationToken);
        return await ExecuteAsync(
            "insert into crm_comments (id, ticket_id, body, created_at) values ($1, $2, $3, $4) on conflict (id) do nothing",
            cancellationToken,
            commentId, ticket, key.Protect(new PersonalText(body)) ?? "", clock.GetUtcNow().ToUniversalTime());
    });

    /// <inheritdoc/>
    public Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = Command(
            """
            select id, file_name, length, sha256 from crm_attachments
            where ticket_id = $1 and external_id = $2 and confirmed_at is not null
            """,
            IdOf(ticketId), externalId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new CrmAttachment(reader.GetGuid(0).ToString("D"), reader.GetString(1), reader.GetInt64(2), reader.GetString(3))
            : null;
    });

    /// <inheritdoc/>
    public async Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken)
    {
        if (await FindAttachmentAsync(ticketId, file.ExternalId, cancellationToken) is { } there)
            return there;
        return await GuardAsync(async () =>
        {
            var (ticket, key) = await KeyOfAsync(ticketId, cancellationToken);
            if (key.IsForgotten)
                throw new CrmException(CrmFailure.NotConfirmed, "The ticket's requester is forgotten: nothing more of theirs is kept.");
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            await ExecuteAsync(
                """
                insert into crm_attachments (id, ticket_id, external_id, file_name, content_type, length, sha256, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                cancellationToken,
                id, ticket, file.ExternalId, file.FileName, file.ContentType, file.Length, Lower(file.Sha256), clock.GetUtcNow().ToUniversalTime());
            try
            {
                await StoreAsync(id, file, key, cancellationToken);
                return await ConfirmAsync(ticketId, id, file, cancellationToken);
            }
            catch
            {
                await TryDropAsync(id);
                throw;
            }
        });
    }

    /// <summary>Removes bytes of attaches that died before they were confirmed.</summary>
    public async Task DropUnconfirmedAsync(CancellationToken cancellationToken)
    {
        List<Guid> old = [];
        await using (var command = Command(
            "select id from crm_attachments where confirmed_at is null and created_at < $1 order by created_at",
            (clock.GetUtcNow() - UnconfirmedLimit).ToUniversalTime()))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                old.Add(reader.GetGuid(0));
        }

        foreach (var id in old)
            await DropAsync(id, cancellationToken);
    }

    private async Task StoreAsync(Guid id, CrmFile file, PersonalDataKey key, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = await file.OpenAsync(cancellationToken);
        var buffer = new byte[AttachmentStream.ChunkBytes];
        var length = 0L;
        for (var number = 0; ; number++)
        {
            var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            length += read;
            await ExecuteAsync(
                "insert into crm_attachment_chunks (attachment_id, number, bytes) values ($1, $2, $3)",
                cancellationToken,
                id, number, key.ProtectBytes(buffer.AsSpan(0, read), AttachmentStream.Place(id, number))!);
        }

        if (length != file.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != Lower(file.Sha256))
            throw new CrmException(CrmFailure.NotConfirmed, "The bytes that came are not those announced.");
    }

    /// <summary>Makes it the one attachment with its external id. Who comes second gives the first one's answer.</summary>
    private async Task<CrmAttachment> ConfirmAsync(string ticketId, Guid id, CrmFile file, CancellationToken cancellationToken)
    {
        try
        {
            var confirmed = await ExecuteAsync(
                "update crm_attachments set confirmed_at = $2 where id = $1 and not dropped", cancellationToken, id, clock.GetUtcNow().ToUniversalTime());
            return confirmed == 1
                ? new CrmAttachment(id.ToString("D"), file.FileName, file.Length, Lower(file.Sha256))
                : throw new CrmException(CrmFailure.NotConfirmed, "The attach took too long: its bytes are given up.");
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await TryDropAsync(id);
            return await FindAttachmentAsync(ticketId, file.ExternalId, cancellationToken)
                ?? throw new CrmException(CrmFailure.NotConfirmed, "Another attach of the same file was withdrawn.", innerException: taken);
        }
    }

    private async Task TryDropAsync(Guid id)
    {
        try
        {
            await DropAsync(id, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // DropUnconfirmedAsync takes it later.
        }
    }

    private async Task DropAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await ExecuteAsync("update crm_attachments set dropped = true where id = $1 and confirmed_at is null", cancellationToken, id) == 0)
            return;
        await dataSource.DeleteInBatchesAsync("crm_attachment_chunks", "attachment_id = $1", DroppedChunks, cancellationToken, id);
        await ExecuteAsync("delete from crm_attachments where id = $1", cancellationToken, id);
    }

    private async Task<(Guid Ticket, PersonalDataKey Key)> KeyOfAsync(string ticketId, CancellationToken cancellationToken)
    {
        var id = IdOf(ticketId);
        var requester = await ScalarAsync<Guid?>("select requester_id from crm_tickets where id = $1", cancellationToken, id)
            ?? throw new CrmException(CrmFailure.NotConfirmed, "There is no such ticket.");
        return (id, await keys.KeyForWritingAsync(requester, cancellationToken));
    }

    private static Guid IdOf(string ticketId) => Guid.TryParse(ticketId, out var id)
        ? id
        : throw new CrmException(CrmFailure.NotConfirmed, "A ticket of another CRM.");

    private static string Lower(string hex) => hex.ToLowerInvariant();

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    /// <summary>A database that does not answer is a CRM that did not confirm.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, [CallerMemberName] string what = "")
    {
        try
        {
            return await call();
        }
        catch (NpgsqlException failure)
        {
            throw new CrmException(CrmFailure.NotConfirmed, $"The database did not do {what}.", innerException: failure);
        }
    }
}
