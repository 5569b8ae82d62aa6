using System.Runtime.CompilerServices;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queues page live: a snapshot, then changes; narrowed to the caller's reach (MON-6, MON-9).</summary>
/// <param name="Channel">Of this channel's menu, or null for all.</param>
/// <param name="ParentId">Directly below this one, or null for all.</param>
/// <param name="TeamId">Of this team, or null for all.</param>
/// <param name="Archived">Only archived ones, only others, or null for both.</param>
/// <param name="Search">With this in the menu path, or null for all.</param>
/// <param name="ResumeAfter">The id of the last change seen, or null.</param>
public sealed record WatchQueues(Channel? Channel, Guid? ParentId, Guid? TeamId, bool? Archived, string? Search, LogPosition? ResumeAfter)
    : IQuery<IAsyncEnumerable<BoardChange<QueueRow>>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>The shape of <see cref="WatchQueues"/>.</summary>
public sealed class WatchQueuesValidator : AbstractValidator<WatchQueues>
{
    /// <summary>Its rules.</summary>
    public WatchQueuesValidator()
    {
        RuleFor(r => r.Search).MaximumLength(100);
        RuleFor(r => r.Channel).IsInEnum();
    }
}

/// <summary>Answers <see cref="WatchQueues"/>.</summary>
public sealed class WatchQueuesHandler(QueueBoard board, MonitoringScope scope, CurrentCall call, TimeProvider time)
    : IRequestHandler<WatchQueues, Result<IAsyncEnumerable<BoardChange<QueueRow>>>>
{
    /// <inheritdoc/>
    public Task<Result<IAsyncEnumerable<BoardChange<QueueRow>>>> Handle(WatchQueues request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var changes = ScopedBoard.WatchAsync<QueueRow>(
            board,
            async token =>
            {
                var within = await scope.QueuesAsync(caller, Permissions.MonitoringRead, token);
                var view = new QueueView(request.Channel, request.ParentId, request.TeamId, request.Archived, request.Search, within);
                return (row => view.Shows(row.Queue), within);
            },
            request.ResumeAfter,
            time,
            CancellationToken.None);
        return Task.FromResult(Result<IAsyncEnumerable<BoardChange<QueueRow>>>.Ok(AgentReach.Teams(caller) is { } teams ? SeenAsync(changes, teams, CancellationToken.None) : changes));
    }

    private static async IAsyncEnumerable<BoardChange<QueueRow>> SeenAsync(
        IAsyncEnumerable<BoardChange<QueueRow>> changes, IReadOnlyList<Guid> teams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            yield return change switch
            {
                BoardSnapshot<QueueRow> all => all with { Rows = [.. all.Rows.Select(r => r.SeenBy(teams))] },
                BoardRowChanged<QueueRow> one => one with { Row = one.Row.SeenBy(teams) },
                _ => change,
            };
        }
    }
}
