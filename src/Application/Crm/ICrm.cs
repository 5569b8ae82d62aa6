using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Crm;

/// <summary>
/// The one port to a ticket system. Every call is idempotent by the id the caller gives, because callers die between
/// a call and its answer. Every adapter passes <c>CrmContract</c> in the tests.
/// </summary>
public interface ICrm
{
    /// <summary>The adapter's name: <c>builtin</c>, <c>zendesk</c>.</summary>
    string Name { get; }

    /// <summary>Opens the ticket of a session, or returns the one opened before.</summary>
    /// <exception cref="CrmException">It did not, and why.</exception>
    Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken);

    /// <summary>Adds a comment once.</summary>
    /// <exception cref="CrmException">It did not, and why.</exception>
    Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken);

    /// <summary>The attachment with this external id on the ticket, or null; asked before anything is sent again.</summary>
    /// <exception cref="CrmException">It could not say.</exception>
    Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken);

    /// <summary>Attaches a file once. Its answer is the CRM's confirmation that it holds these bytes.</summary>
    /// <exception cref="CrmException">It did not confirm, and why.</exception>
    Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken);
}

/// <summary>What a new ticket says.</summary>
/// <param name="SubjectId">The session, or the missed booked call, that it is about: one ticket each.</param>
/// <param name="Subject">One line.</param>
/// <param name="RequesterName">The consumer's name (CON-1).</param>
/// <param name="RequesterId">The consumer's unique id.</param>
/// <param name="Body">The first comment.</param>
public sealed record OpenTicket(Guid SubjectId, string Subject, string RequesterName, Guid RequesterId, string Body);

/// <summary>A ticket.</summary>
/// <param name="Id">The CRM's id.</param>
/// <param name="Url">Where a person sees it.</param>
public sealed record CrmTicket(string Id, string Url);

/// <summary>A file to attach.</summary>
/// <param name="ExternalId">Unique per file; a second attach with it gives the first attachment.</param>
/// <param name="FileName">As shown.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of the bytes, hexadecimal.</param>
/// <param name="OpenAsync">Opens the bytes from the start.</param>
public sealed record CrmFile(
    string ExternalId, string FileName, string ContentType, long Length, string Sha256, Func<CancellationToken, Task<Stream>> OpenAsync);

/// <summary>A file the CRM holds.</summary>
public sealed record CrmAttachment(string Id, string FileName, long Length, string Sha256);

/// <summary>Why the CRM did not do it; the three that matter to recordings are REC-8's.</summary>
public enum CrmFailure
{
    /// <summary>No confirmation came.</summary>
    NotConfirmed,

    /// <summary>Its API limit is reached.</summary>
    ApiLimit,

    /// <summary>The file is too large for it.</summary>
    TooLarge,
}

/// <summary>The CRM did not do it.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">For the log; no personal data.</param>
/// <param name="retryAfter">Not before, where it said so.</param>
/// <param name="innerException">The cause.</param>
public sealed class CrmException(CrmFailure failure, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The longest that a CRM is taken at its word; then it is asked again, for nobody limits for longer and means it.</summary>
    public static readonly TimeSpan LongestWait = RecordingDecider.LongestBackoff;

    /// <summary>Why.</summary>
    public CrmFailure Failure { get; } = failure;

    /// <summary>Not before, where the CRM said so; <see cref="LongestWait"/> at most.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter > LongestWait ? LongestWait : retryAfter;
}
