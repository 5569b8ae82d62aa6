using ContactCenter.Application.Messaging;

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
