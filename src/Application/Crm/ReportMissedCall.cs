using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.ScheduledCalls;
using MediatR;

namespace ContactCenter.Application.Crm;

/// <summary>
/// A booked call was not placed: a ticket of its own says so, once, so that somebody calls (ADR 0039). Nobody can call who is
/// forgotten, and nothing of theirs is kept: then there is none.
/// </summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="CommentId">Tells the comment with the number from others when it is sent again.</param>
public sealed record ReportMissedCall(Guid ScheduledCallId, Guid CommentId) : ICommand<string>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="ReportMissedCall"/>; answers the ticket's id.</summary>
public sealed class ReportMissedCallHandler(UnitOfWork work, ScheduledCallNumbers numbers, ICrm crm) : IRequestHandler<ReportMissedCall, Result<string>>
{
    /// <inheritdoc/>
    public async Task<Result<string>> Handle(ReportMissedCall request, CancellationToken cancellationToken)
    {
        var missed = (await work.LoadAsync(Aggregates.ScheduledCall, request.ScheduledCallId, cancellationToken)).State;
        if (missed.Status != ScheduledCallStatus.Missed)
            return new NotFoundError("scheduled_call.not_missed", "There is no such missed call.");
        if (await numbers.FindAsync(missed.Id, cancellationToken) is not { IsForgotten: false, Value: var number })
            return new NotFoundError("scheduled_call.consumer_forgotten", "There is nobody to call any more.");
        var ticket = await crm.OpenTicketAsync(await DescribeAsync(missed, cancellationToken), cancellationToken);
        // The number is the consumer's: a comment is encrypted with their key, a ticket's body is not.
        await crm.AddCommentAsync(ticket.Id, request.CommentId, $"Call {number}.", cancellationToken);
        return ticket.Id;
    }

    private async Task<OpenTicket> DescribeAsync(ScheduledCall missed, CancellationToken cancellationToken)
    {
        var consumer = (await work.LoadAsync(Aggregates.Consumer, missed.ConsumerId, cancellationToken)).State;
        var queue = (await work.LoadAsync(Aggregates.Queue, missed.QueueId, cancellationToken)).State;
        var issue = string.Join(" > ", queue.Path);
        return new OpenTicket(
            missed.Id,
            $"Missed scheduled call: {issue}",
            consumer.Name.Value ?? missed.ConsumerId.ToString("D"),
            missed.ConsumerId,
            $"""
            The call booked for {missed.StartsAt:yyyy-MM-dd HH:mm}Z was not placed ({missed.Reason}). Please call the consumer.
            Issue: {issue}
            Consumer: {missed.ConsumerId:D}
            Scheduled call: {missed.Id:D}
            """);
    }
}
