using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>One session with metrics, transfers and participants (MON-4).</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSession(Guid SessionId) : IQuery<SessionDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionReaders.Of(SessionId);
}

/// <summary>Handles <see cref="GetSession"/>.</summary>
public sealed class GetSessionHandler(SessionTeller sessions) : IRequestHandler<GetSession, Result<SessionDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<SessionDetails>> Handle(GetSession request, CancellationToken cancellationToken) =>
        await sessions.TellAsync(request.SessionId, cancellationToken) is { } session
            ? session
            : new NotFoundError("session.not_found", "There is no such session.");
}

/// <summary>Tells a session from its events, with the names of today.</summary>
public sealed class SessionTeller(AggregateReader reader, CurrentCall call, IEventStore store)
{
    /// <summary>All there is to know about it, or null if there is none.</summary>
    public async Task<SessionDetails?> TellAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var story = new SessionStory();
        await foreach (var stored in store.ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
            story.Add(stored);

        return await story.TellAsync(reader, call.Now, cancellationToken);
    }
}
