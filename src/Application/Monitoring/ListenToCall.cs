using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// What a call sounds like, live and unnoticed (MON-3, MON-8). A command, so that who listened is in the audit trail;
/// in the call's own stream there is nothing of it.
/// </summary>
/// <param name="SessionId">The call.</param>
public sealed record ListenToCall(Guid SessionId) : ICommand<IAsyncEnumerable<AudioFrame>>
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Monitor.RequirementOf(SessionId, Guid.Empty);
}

/// <summary>Handles <see cref="ListenToCall"/>.</summary>
public sealed class ListenToCallHandler(UnitOfWork work, IMediaEngine media) : IRequestHandler<ListenToCall, Result<IAsyncEnumerable<AudioFrame>>>
{
    /// <inheritdoc/>
    public async Task<Result<IAsyncEnumerable<AudioFrame>>> Handle(ListenToCall request, CancellationToken cancellationToken)
    {
        var session = (await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken)).State;
        return SessionDecider.WhyNotHeard(session) is { } refusal
            ? refusal
            : Result<IAsyncEnumerable<AudioFrame>>.Ok(media.ListenAsync(request.SessionId, CancellationToken.None));
    }
}
