using ContactCenter.Application.Messaging;
using MediatR;

namespace ContactCenter.Application.Crm;

/// <summary>Adds a comment to a session's ticket, once; opens the ticket if it is not there yet.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="CommentId">Tells the comment from others when it is sent again.</param>
/// <param name="Body">Its text.</param>
public sealed record CommentOnTicket(Guid SessionId, Guid CommentId, string Body) : ICommand<string>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="CommentOnTicket"/>; answers the ticket's id.</summary>
public sealed class CommentOnTicketHandler(SessionTickets tickets, ICrm crm) : IRequestHandler<CommentOnTicket, Result<string>>
{
    /// <inheritdoc/>
    public async Task<Result<string>> Handle(CommentOnTicket request, CancellationToken cancellationToken)
    {
        var ticket = await tickets.OpenAsync(request.SessionId, cancellationToken);
        if (ticket.IsOk)
            await crm.AddCommentAsync(ticket.Value, request.CommentId, request.Body, cancellationToken);
        return ticket;
    }
}
