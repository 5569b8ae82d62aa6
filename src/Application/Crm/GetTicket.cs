using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Crm;

/// <summary>A ticket of the built-in CRM with all there is on it.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Comments">Oldest first.</param>
/// <param name="Attachments">Oldest first.</param>
public sealed record TicketDetails(Ticket Ticket, IReadOnlyList<TicketComment> Comments, IReadOnlyList<TicketAttachment> Attachments);

/// <summary>A file and its bytes, seekable; whoever gets it closes it.</summary>
/// <param name="Attachment">The file.</param>
/// <param name="Content">Its bytes.</param>
public sealed record OpenedAttachment(TicketAttachment Attachment, Stream Content);

/// <summary>One ticket. Within reach is whose session is (REC-12); the others are not there for the caller.</summary>
/// <param name="TicketId">The ticket.</param>
public sealed record GetTicket(Guid TicketId) : IQuery<TicketDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.TicketsRead);
}

/// <summary>The ticket of a session.</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSessionTicket(Guid SessionId) : IQuery<TicketDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.TicketsRead, Target.Session(SessionId)), Requirement.AgentIn(SessionId));
}

/// <summary>A file on a ticket: a recording, a transcript (REC-12).</summary>
/// <param name="TicketId">The ticket.</param>
/// <param name="AttachmentId">The file.</param>
public sealed record OpenAttachment(Guid TicketId, Guid AttachmentId) : IQuery<OpenedAttachment>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.TicketsRead);
}

/// <summary>Answers all three from what the built-in CRM holds.</summary>
public sealed class TicketQueriesHandler(ITickets tickets, Authorizer authorizer, CurrentCall call) :
    IRequestHandler<GetTicket, Result<TicketDetails>>,
    IRequestHandler<GetSessionTicket, Result<TicketDetails>>,
    IRequestHandler<OpenAttachment, Result<OpenedAttachment>>
{
    private static readonly NotFoundError NoTicket = new("ticket.not_found", "There is no such ticket.");
    private static readonly NotFoundError NoAttachment = new("ticket.attachment_not_found", "The ticket has no such file.");

    /// <inheritdoc/>
    public async Task<Result<TicketDetails>> Handle(GetTicket request, CancellationToken cancellationToken)
    {
        var ticket = await ReachableAsync(request.TicketId, cancellationToken);
        return ticket is null ? NoTicket : await DetailsAsync(ticket, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Result<TicketDetails>> Handle(GetSessionTicket request, CancellationToken cancellationToken)
    {
        var ticket = await tickets.FindBySubjectAsync(request.SessionId, cancellationToken);
        return ticket is null ? NoTicket : await DetailsAsync(ticket, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Result<OpenedAttachment>> Handle(OpenAttachment request, CancellationToken cancellationToken)
    {
        if (await ReachableAsync(request.TicketId, cancellationToken) is null)
            return NoTicket;
        var attachment = await tickets.FindAttachmentAsync(request.AttachmentId, cancellationToken);
        if (attachment is null || attachment.TicketId != request.TicketId)
            return NoAttachment;
        var content = await tickets.OpenAsync(attachment.Id, cancellationToken);
        return content is null ? NoAttachment : new OpenedAttachment(attachment, content);
    }

    private async Task<Ticket?> ReachableAsync(Guid ticketId, CancellationToken cancellationToken)
    {
        if (await tickets.FindAsync(ticketId, cancellationToken) is not { } ticket)
            return null;
        // A booked call that was missed has a ticket and no session.
        var needed = Requirement.AnyOf(
            new GetSessionTicket(ticket.SubjectId).Requirement,
            Requirement.Permission(Permissions.TicketsRead, Target.ScheduledCall(ticket.SubjectId)));
        return await authorizer.RefusalAsync(call.Context.Caller, needed, cancellationToken) is null ? ticket : null;
    }

    private async Task<TicketDetails> DetailsAsync(Ticket ticket, CancellationToken cancellationToken) => new(
        ticket, await tickets.CommentsAsync(ticket.Id, cancellationToken), await tickets.AttachmentsAsync(ticket.Id, cancellationToken));
}
