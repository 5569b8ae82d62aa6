using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>The consumer of a booked call answered: they wait in the queue now.</summary>
/// <param name="SessionId">The session.</param>
public sealed record AnswerScheduledCall(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="AnswerScheduledCall"/>.</summary>
public sealed class AnswerScheduledCallHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<AnswerScheduledCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AnswerScheduledCall request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var queue = (await work.LoadAsync(Aggregates.Queue, session.State.QueueId, cancellationToken)).State;
        var answered = SessionDecider.AnswerScheduled(session.State, queue, call.Now);
        if (work.Append(Aggregates.Session, session, answered) is { } refusal)
            return refusal;
        if (answered.Events.Count > 0)
        {
            var booking = await work.LoadAsync(Aggregates.ScheduledCall, session.State.ScheduledCallId!.Value, cancellationToken);
            work.Append(Aggregates.ScheduledCall, booking, ScheduledCallDecider.Reach(booking.State, call.Now));
        }

        return await work.CommitAsync(session, cancellationToken);
    }
}
