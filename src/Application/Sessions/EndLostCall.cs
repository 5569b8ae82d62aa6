using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The media engine lost a call: it is over.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">Stable word: <c>media_lost</c>.</param>
public sealed record EndLostCall(Guid SessionId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
