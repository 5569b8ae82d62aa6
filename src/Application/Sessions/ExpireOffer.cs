using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>An offer's time is up. Fires whatever happened since; the state decides whether there is anything to do.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer.</param>
public sealed record ExpireOffer(Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
