namespace ContactCenter.Application.Crm;

/// <summary>What the built-in CRM holds, for people to read. Another CRM shows its tickets itself.</summary>
public interface ITickets
{
    /// <summary>A ticket, or null.</summary>
    Task<Ticket?> FindAsync(Guid ticketId, CancellationToken cancellationToken);

    /// <summary>The ticket of a session or of a missed booked call, or null if there is none yet.</summary>
    Task<Ticket?> FindBySubjectAsync(Guid subjectId, CancellationToken cancellationToken);

    /// <summary>A ticket's comments, oldest first.</summary>
    Task<IReadOnlyList<TicketComment>> CommentsAsync(Guid ticketId, CancellationToken cancellationToken);

    /// <summary>A ticket's confirmed attachments, oldest first.</summary>
    Task<IReadOnlyList<TicketAttachment>> AttachmentsAsync(Guid ticketId, CancellationToken cancellationToken);

    /// <summary>A confirmed attachment, or null.</summary>
    Task<TicketAttachment?> FindAttachmentAsync(Guid attachmentId, CancellationToken cancellationToken);

    /// <summary>An attachment's bytes, seekable, read as they are asked for; null if there is none, or no key to it.</summary>
    Task<Stream?> OpenAsync(Guid attachmentId, CancellationToken cancellationToken);
}

/// <summary>A ticket of the built-in CRM.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">For people, from 1.</param>
/// <param name="SubjectId">The session, or the missed booked call, that it was opened for.</param>
/// <param name="Subject">One line.</param>
/// <param name="RequesterName">The consumer's name, or null once they are forgotten (ADM-4).</param>
/// <param name="RequesterId">The consumer's unique id.</param>
/// <param name="Body">The first comment.</param>
/// <param name="CreatedAt">When.</param>
public sealed record Ticket(
    Guid Id, long Number, Guid SubjectId, string Subject, string? RequesterName, Guid RequesterId, string Body, DateTimeOffset CreatedAt);

/// <summary>A comment on a ticket.</summary>
/// <param name="Id">The id its author gave it.</param>
/// <param name="Body">Its text, or null once the consumer is forgotten (ADM-4).</param>
/// <param name="CreatedAt">When.</param>
public sealed record TicketComment(Guid Id, string? Body, DateTimeOffset CreatedAt);

/// <summary>A file on a ticket.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TicketId">The ticket.</param>
/// <param name="FileName">As shown.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of the bytes, lower-case hexadecimal.</param>
/// <param name="AttachedAt">When it was confirmed.</param>
public sealed record TicketAttachment(
    Guid Id, Guid TicketId, string FileName, string ContentType, long Length, string Sha256, DateTimeOffset AttachedAt);
