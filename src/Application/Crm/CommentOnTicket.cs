using System.Globalization;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using MediatR;

namespace ContactCenter.Application.Crm;

/// <summary>
/// Adds a comment to a session's ticket, once; opens the ticket if it is not there yet. A text that is too long for one goes on
/// in the next.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="CommentId">Tells the comment from others when it is sent again.</param>
/// <param name="Paragraphs">Its text: what is to stay in one comment, each on a line of its own.</param>
public sealed record CommentOnTicket(Guid SessionId, Guid CommentId, IReadOnlyList<string> Paragraphs) : ICommand<string>
{
    /// <summary>With each line as a paragraph.</summary>
    public CommentOnTicket(Guid sessionId, Guid commentId, string body)
        : this(sessionId, commentId, body.Split('\n'))
    {
    }

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
        if (!ticket.IsOk)
            return ticket;
        var comments = CommentParts.Of(request.Paragraphs);
        for (var part = 1; part <= comments.Count; part++)
        {
            var commentId = part == 1 ? request.CommentId : DerivedId.Of(request.CommentId, string.Create(CultureInfo.InvariantCulture, $"part {part}"));
            await crm.AddCommentAsync(ticket.Value, commentId, comments[part - 1], cancellationToken);
        }

        return ticket;
    }
}
