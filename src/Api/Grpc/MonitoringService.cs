using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Grpc;

/// <summary>Live views for supervisors. What is out of the caller's reach does not exist for them (MON-1, MON-9).</summary>
public sealed partial class MonitoringService(GrpcCall calls, MonitorStreams streams, MonitorAccess access, SessionLive live, TimeProvider clock) : Monitoring.MonitoringBase
{
    private static readonly NotFoundError Unseen = new("session.not_found", "There is no such session.");

    /// <inheritdoc/>
    public override async Task WatchSessions(WatchSessionsRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        var query = new WatchSessions(Kind: null, Stage: null, new SessionFilter(), After(request.AfterSequence), Selection(request));
        await PumpAsync(await calls.AskAsync(query, context), SessionOf, responseStream, context);
    }

    /// <inheritdoc/>
    public override async Task WatchAgents(WatchAgentsRequest request, IServerStreamWriter<AgentChange> responseStream, ServerCallContext context)
    {
        var query = new WatchAgents(Presence: null, TeamId: null, Search: null, After(request.AfterSequence));
        await PumpAsync(await calls.AskAsync(query, context), AgentOf, responseStream, context);
    }

    /// <inheritdoc/>
    public override async Task WatchQueues(WatchQueuesRequest request, IServerStreamWriter<QueueChange> responseStream, ServerCallContext context)
    {
        var query = new WatchQueues(Channel: null, ParentId: null, TeamId: null, Archived: null, Search: null, After(request.AfterSequence));
        await PumpAsync(await calls.AskAsync(query, context), QueueOf, responseStream, context);
    }

    /// <inheritdoc/>
    public override async Task WatchSession(WatchSessionRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        var query = new WatchSession(GrpcCall.Id(request.SessionId, "sessionId"));
        await PumpAsync(await AskAboutAsync(query, Permissions.MonitoringRead, context), SessionOf, responseStream, context);
    }

    /// <summary>Who has the permission, but not for this session, is told what they are told of one that does not exist.</summary>
    private async Task<T> AskAboutAsync<T>(MediatR.IRequest<Result<T>> request, string permission, ServerCallContext context)
    {
        var admission = Admission.Of(context);
        var answer = await calls.SendAsync(request, context, admission.Token);
        if (answer.IsOk)
            return answer.Value;
        var unseen = answer.Error is ForbiddenError && admission.Caller.ScopeOf(permission) is not null;
        throw (unseen ? Unseen : answer.Error).ToRpcException();
    }

    private static SessionSelection Selection(WatchSessionsRequest request) => new(
        [.. request.Kinds.Select(k => ProtoWords.ToDomain(k) ?? throw Unknown("kinds"))],
        [.. request.Statuses.Select(s => ProtoWords.ToDomain(s) ?? throw Unknown("statuses"))],
        [.. request.QueueIds.Select(id => GrpcCall.Id(id, "queueIds"))]);

    private static RpcException Unknown(string field) => GrpcStatusMapping.Field(field, "Must be values that exist.").ToRpcException();

    private static LogPosition? After(long sequence) => sequence switch
    {
        < 0 => throw GrpcStatusMapping.Field("afterSequence", "Must not be negative.").ToRpcException(),
        0 => null,
        _ => new LogPosition(sequence),
    };

    /// <summary>Only what completes a step carries its sequence: resuming in the middle of a snapshot would lose the rest of it.</summary>
    private static async Task PumpAsync<TRow, TMessage>(
        IAsyncEnumerable<BoardChange<TRow>> changes, Func<long, Change, string?, TRow?, TMessage> message, IServerStreamWriter<TMessage> responses, ServerCallContext context)
        where TRow : class
    {
        var token = Admission.Of(context).Token;
        await foreach (var change in changes.WithCancellation(token))
        {
            var sequence = change.Position.Value;
            switch (change)
            {
                case BoardSnapshot<TRow> snapshot:
                    foreach (var row in snapshot.Rows)
                        await responses.WriteAsync(message(0, Change.Present, null, row), token);
                    await responses.WriteAsync(message(sequence, Change.SnapshotComplete, null, null), token);
                    break;
                case BoardRowChanged<TRow> changed:
                    await responses.WriteAsync(message(sequence, Change.Updated, changed.Key, changed.Row), token);
                    break;
                case BoardRowRemoved<TRow> removed:
                    await responses.WriteAsync(message(sequence, Change.Removed, removed.Key, null), token);
                    break;
            }
        }
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
