using ContactCenter.Application.Crm;
using ContactCenter.Infrastructure.PersonalData;
using Npgsql;

namespace ContactCenter.Infrastructure.Crm.BuiltIn;

/// <summary>Reads what <see cref="BuiltInCrm"/> wrote.</summary>
public sealed class BuiltInTickets(NpgsqlDataSource dataSource, IPersonalDataProtector keys) : ITickets
{
    private const string Attachments =
        "select id, ticket_id, file_name, content_type, length, sha256, confirmed_at from crm_attachments where confirmed_at is not null and ";

    /// <inheritdoc/>
    public Task<Ticket?> FindAsync(Guid ticketId, CancellationToken cancellationToken) => TicketAsync("id", ticketId, cancellationToken);

    /// <inheritdoc/>
    public Task<Ticket?> FindBySubjectAsync(Guid subjectId, CancellationToken cancellationToken) =>
        TicketAsync("external_id", subjectId, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TicketComment>> CommentsAsync(Guid ticketId, CancellationToken cancellationToken)
    {
        if (await FindAsync(ticketId, cancellationToken) is not { } ticket)
            return [];
        var key = await KeyAsync(ticket.RequesterId, cancellationToken);
        return await ListAsync(
            "select id, body, created_at from crm_comments where ticket_id = $1 order by number",
            ticketId,
            row => new TicketComment(row.GetGuid(0), Reveal(key, row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TicketAttachment>> AttachmentsAsync(Guid ticketId, CancellationToken cancellationToken) =>
        await ListAsync(Attachments + "ticket_id = $1 order by confirmed_at, number", ticketId, Attachment, cancellationToken);

    /// <inheritdoc/>
    public async Task<TicketAttachment?> FindAttachmentAsync(Guid attachmentId, CancellationToken cancellationToken) =>
        (await ListAsync(Attachments + "id = $1", attachmentId, Attachment, cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(Guid attachmentId, CancellationToken cancellationToken)
    {
        if (await FindAttachmentAsync(attachmentId, cancellationToken) is not { } attachment
            || await FindAsync(attachment.TicketId, cancellationToken) is not { } ticket)
            return null;
        var key = await KeyAsync(ticket.RequesterId, cancellationToken);
        return key.IsForgotten ? null : new AttachmentStream(dataSource, attachmentId, attachment.Length, key);
    }

    private static TicketAttachment Attachment(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6));

    private static string? Reveal(PersonalDataKey key, string stored) => stored.Length == 0 ? null : key.Reveal(stored).Value;

    private async Task<PersonalDataKey> KeyAsync(Guid consumerId, CancellationToken cancellationToken) =>
        (await keys.KeysForReadingAsync([consumerId], cancellationToken)).GetValueOrDefault(consumerId, PersonalDataKey.Forgotten);

    private async Task<Ticket?> TicketAsync(string column, Guid id, CancellationToken cancellationToken)
    {
        var found = await ListAsync(
            $"select id, number, external_id, subject, requester_name, requester_id, body, created_at from crm_tickets where {column} = $1",
            id,
            row => new Ticket(
                row.GetGuid(0), row.GetInt64(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetGuid(5),
                row.GetString(6), row.GetFieldValue<DateTimeOffset>(7)),
            cancellationToken);
        if (found is not [var ticket])
            return null;
        var key = await KeyAsync(ticket.RequesterId, cancellationToken);
        return ticket with { RequesterName = Reveal(key, ticket.RequesterName!) };
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, Guid id, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
