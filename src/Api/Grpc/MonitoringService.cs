using System.Runtime.CompilerServices;
using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.V1;
using Grpc.Core;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Grpc;

/// <summary>Live views for supervisors. What is out of the caller's reach does not exist for them (MON-1, MON-9).</summary>
public sealed partial class MonitoringService(
    GrpcCall calls, MonitorStreams streams, MonitorAccess access, SessionLive live, ActionChanges actionChanges, TimeProvider clock) : Monitoring.MonitoringBase
{
    /// <inheritdoc/>
    [Sends(typeof(WatchSessions))]
    public override async Task WatchSessions(WatchSessionsRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        var query = new WatchSessions(Kind: null, StageOf(request), FilterOf(request), After(request.AfterSequence), Selection(request));
        await PumpAsync(MessagesAsync(await calls.AskAsync(query, context), SessionOf, CancellationToken.None), responseStream, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(WatchAgents))]
    public override async Task WatchAgents(WatchAgentsRequest request, IServerStreamWriter<AgentChange> responseStream, ServerCallContext context)
    {
        var filter = new AgentFilter(
            Presence: null, Text(request.Status), GrpcCall.OptionalId(request.TeamId, "teamId"), GrpcCall.OptionalId(request.QueueId, "queueId"), Text(request.Search));
        var query = new WatchAgents(filter, After(request.AfterSequence));
        await PumpAsync(MessagesAsync(await calls.AskAsync(query, context), AgentOf, CancellationToken.None), responseStream, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(WatchQueues))]
    public override async Task WatchQueues(WatchQueuesRequest request, IServerStreamWriter<QueueChange> responseStream, ServerCallContext context)
    {
        var channel = request.Channel == V1.Channel.Unspecified ? (Domain.Sessions.Channel?)null : ProtoWords.ToDomain(request.Channel) ?? throw Unknown("channel");
        var query = new WatchQueues(
            channel, GrpcCall.OptionalId(request.ParentId, "parentId"), GrpcCall.OptionalId(request.TeamId, "teamId"), Archived: null, Text(request.Search), After(request.AfterSequence));
        await PumpAsync(MessagesAsync(await calls.AskAsync(query, context), QueueOf, CancellationToken.None), responseStream, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(WatchSession))]
    public override async Task WatchSession(WatchSessionRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        var query = new WatchSession(GrpcCall.Id(request.SessionId, "sessionId"), After(request.AfterSequence));
        var changes = MessagesAsync(await calls.AskAsync(query, context), SessionOf, CancellationToken.None);
        await PumpAsync(WithActionsAsync(changes, query, context, CancellationToken.None), responseStream, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(EndSession))]
    public override async Task<Done> EndSession(EndSessionRequest request, ServerCallContext context)
    {
        var command = new EndSession(GrpcCall.Id(request.SessionId, "sessionId"), request.Confirm, request.Reason);
        return DoneOf(await calls.AskAsync(command, context, request.Version == 0 ? null : request.Version));
    }

    /// <inheritdoc/>
    [Sends(typeof(ForceAgentSignOut))]
    public override async Task<Done> SignOutAgent(SignOutAgentRequest request, ServerCallContext context)
    {
        var command = new ForceAgentSignOut(GrpcCall.Id(request.AgentId, "agentId"), request.Reason);
        return DoneOf(await calls.AskAsync(command, context, request.HasVersion ? request.Version : null));
    }

    private static Done DoneOf(Receipt receipt) => new() { Id = receipt.Id.ToString("D"), Version = receipt.Version };

    private static SessionStage? StageOf(WatchSessionsRequest request) => request.Stage switch
    {
        WatchSessionsRequest.Types.Stage.Unspecified => null,
        WatchSessionsRequest.Types.Stage.Queued => SessionStage.Queued,
        WatchSessionsRequest.Types.Stage.Connected => SessionStage.Connected,
        _ => throw Unknown("stage"),
    };

    private static SessionFilter FilterOf(WatchSessionsRequest request) => new(
        AgentId: GrpcCall.OptionalId(request.AgentId, "agentId"), TeamId: GrpcCall.OptionalId(request.TeamId, "teamId"), Language: Text(request.Language),
        Flag: Text(request.Flag), Stuck: request.HasStuck ? request.Stuck : null, Search: Text(request.Search));

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private static SessionSelection Selection(WatchSessionsRequest request) => new(
        [.. request.Kinds.Select(k => ProtoWords.ToDomain(k) ?? throw Unknown("kinds"))],
        [.. request.Statuses.Select(s => ProtoWords.ToDomain(s) ?? throw Unknown("statuses"))],
        [.. request.QueueIds.Select(id => GrpcCall.Id(id, "queueIds"))],
        [.. request.Channels.Select(c => ProtoWords.ToDomain(c) ?? throw Unknown("channels"))]);

    private static BadFieldException Unknown(string field) => new(field, "Must be values that exist.");

    private static LogPosition? After(long sequence) => sequence switch
    {
        < 0 => throw new BadFieldException("afterSequence", "Must not be negative."),
        0 => null,
        _ => new LogPosition(sequence),
    };

    private static async Task PumpAsync<TMessage>(IAsyncEnumerable<TMessage> messages, IServerStreamWriter<TMessage> responses, ServerCallContext context)
    {
        var token = Admission.Of(context).Token;
        await foreach (var message in messages.WithCancellation(token))
            await responses.WriteAsync(message, token);
    }

    /// <summary>Only what completes a step carries its sequence: resuming in the middle of a snapshot would lose the rest of it.</summary>
    private static async IAsyncEnumerable<TMessage> MessagesAsync<TRow, TMessage>(
        IAsyncEnumerable<BoardChange<TRow>> changes, Func<long, Change, string?, TRow?, TMessage> message, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRow : class
    {
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            var sequence = change.IsPart ? 0 : change.Position.Value;
            switch (change)
            {
                case BoardSnapshot<TRow> snapshot:
                    foreach (var row in snapshot.Rows)
                        yield return message(0, Change.Present, null, row);
                    yield return message(sequence, Change.SnapshotComplete, null, null);
                    break;
                case BoardRowChanged<TRow> changed:
                    yield return message(sequence, Change.Updated, changed.Key, changed.Row);
                    break;
                case BoardRowRemoved<TRow> removed:
                    yield return message(sequence, Change.Removed, removed.Key, null);
                    break;
            }
        }
    }

    /// <summary>
    /// Puts to each change of one session what the caller may do to it now, and tells that alone where it alone is another.
    /// What it was is not known of who comes back.
    /// </summary>
    private async IAsyncEnumerable<SessionChange> WithActionsAsync(
        IAsyncEnumerable<SessionChange> changes, WatchSession query, ServerCallContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var others = await actionChanges.BeginAsync(query.SessionId, Admission.Of(context).Caller, cancellationToken);
        var isBack = query.ResumeAfter is not null;
        IReadOnlyList<string>? told = null;
        var both = changes.WithAsideAsync(OthersAsync(others, isBack, CancellationToken.None), afterFirst: false, CancellationToken.None);
        await foreach (var change in both.WithCancellation(cancellationToken))
        {
            if (change.Change is Change.Present or Change.Updated or Change.Actions)
            {
                // Whose reach has just ended is told so by what follows.
                var actions = (await calls.SendAsync(new GetSessionActions(query.SessionId, others.Begun), context, cancellationToken)).Value;
                var isOther = actions is not null && (told is null ? isBack : !told.SequenceEqual(actions));
                if (change.Change == Change.Actions && !isOther)
                    continue;
                told = actions;
                change.Actions.AddRange(actions ?? []);
            }

            yield return change;
        }
    }

    private static async IAsyncEnumerable<SessionChange> OthersAsync(
        ActionFollowing others, bool isBack, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (isBack)
            yield return new SessionChange { Change = Change.Actions };
        await foreach (var _ in others.NextAsync(cancellationToken))
            yield return new SessionChange { Change = Change.Actions };
    }

    private static SessionChange SessionOf(long sequence, Change change, string? key, SessionRow? row) => new()
    {
        Sequence = sequence,
        Change = change,
        Session = row?.ToProto() ?? (key is null ? null : new V1.MonitoredSession { SessionId = key }),
    };

    private static AgentChange AgentOf(long sequence, Change change, string? key, AgentRow? row) => new()
    {
        Sequence = sequence,
        Change = change,
        Agent = row?.ToProto() ?? (key is null ? null : new MonitoredAgent { AgentId = key }),
    };

    private static QueueChange QueueOf(long sequence, Change change, string? key, QueueRow? row) => new()
    {
        Sequence = sequence,
        Change = change,
        Queue = row?.ToProto() ?? (key is null ? null : new MonitoredQueue { QueueId = key }),
    };
}
