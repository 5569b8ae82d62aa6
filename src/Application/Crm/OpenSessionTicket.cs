using ContactCenter.Application.Messaging;
using MediatR;

namespace ContactCenter.Application.Crm;

/// <summary>A session gets its ticket at the CRM, with the consumer's name and id (CON-1), and is linked to it.</summary>
/// <param name="SessionId">The session.</param>
public sealed record OpenSessionTicket(Guid SessionId) : ICommand<string>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="OpenSessionTicket"/>; answers the ticket's id.</summary>
public sealed class OpenSessionTicketHandler(SessionTickets tickets) : IRequestHandler<OpenSessionTicket, Result<string>>
{
    /// <inheritdoc/>
    public Task<Result<string>> Handle(OpenSessionTicket request, CancellationToken cancellationToken) =>
        tickets.OpenAsync(request.SessionId, cancellationToken);
}
