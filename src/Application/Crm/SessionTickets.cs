using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Crm;

/// <summary>Opens the ticket of a session and links it, once, whoever asks first: its beginning, or something to put on it.</summary>
public sealed class SessionTickets(UnitOfWork work, ICrm crm, TimeProvider clock)
{
    /// <summary>The id of the session's ticket at the CRM.</summary>
    /// <exception cref="CrmException">The CRM did not open it.</exception>
    public async Task<Result<string>> OpenAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken);
        if (session.State.TicketId is { } known)
            return known;
        if (session.State.Status == SessionStatus.None)
            return Refusal(SessionDecider.LinkTicket(session.State, string.Empty, string.Empty, clock.GetUtcNow()).Rejection);

        var ticket = await crm.OpenTicketAsync(await DescribeAsync(session.State, cancellationToken), cancellationToken);
        var linked = SessionDecider.LinkTicket(session.State, ticket.Id, ticket.Url, clock.GetUtcNow());
        if (linked.IsRejected)
            return Refusal(linked.Rejection);
        work.Append(Aggregates.Session, session, linked.Events);
        var committed = await work.CommitAsync(session, cancellationToken);
        work.StartOver();
        return committed.IsOk ? ticket.Id : committed.Error;
    }

    private static Result<string> Refusal(Domain.Abstractions.DomainError? error) =>
        error is null ? string.Empty : Result<string>.Refused(error);

    private async Task<OpenTicket> DescribeAsync(Session session, CancellationToken cancellationToken)
    {
        var consumer = (await work.LoadAsync(Aggregates.Consumer, session.ConsumerId, cancellationToken)).State;
        var queue = (await work.LoadAsync(Aggregates.Queue, session.QueueId, cancellationToken)).State;
        var issue = string.Join(" > ", session.PathOf(queue));
        return new OpenTicket(
            session.Id,
            $"{session.Kind}: {issue}",
            consumer.Name.Value ?? session.ConsumerId.ToString("D"),
            session.ConsumerId,
            $"""
            {session.Kind} over {session.Channel.ToString().ToLowerInvariant()}
            Issue: {issue}
            Consumer: {session.ConsumerId:D}
            Session: {session.Id:D}
            """);
    }
}
