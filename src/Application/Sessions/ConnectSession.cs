using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent heard whisper and countdown to their end: consumer and agent are connected.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer.</param>
public sealed record ConnectSession(Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
