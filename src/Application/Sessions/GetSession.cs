using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>One session with metrics, transfers and participants (MON-4).</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSession(Guid SessionId) : IQuery<SessionDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.Of(SessionId);
}
