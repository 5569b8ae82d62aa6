using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The CRM holds a ticket for the session; may come after its end.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="TicketId">The CRM's id.</param>
/// <param name="TicketUrl">Where a person sees it.</param>
public sealed record LinkTicket(Guid SessionId, string TicketId, string TicketUrl) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="LinkTicket"/>.</summary>
public sealed class LinkTicketHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<LinkTicket, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(LinkTicket request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.LinkTicket(session.State, request.TicketId, request.TicketUrl, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
