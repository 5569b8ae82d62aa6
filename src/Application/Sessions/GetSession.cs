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
public sealed class GetSessionHandler(AggregateReader reader, CurrentCall call, IEventStore store) : IRequestHandler<GetSession, Result<SessionDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<SessionDetails>> Handle(GetSession request, CancellationToken cancellationToken)
    {
        var story = new SessionStory();
        await foreach (var stored in store.ReadAllAsync(Aggregates.Session.Stream(request.SessionId), cancellationToken))
            story.Add(stored);

        return await story.TellAsync(reader, call.Now, cancellationToken) is { } details
            ? details
            : new NotFoundError("session.not_found", "There is no such session.");
    }
}
