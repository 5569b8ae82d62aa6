using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Google.Protobuf;
using Grpc.Core;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Grpc;

/// <summary>Live views for supervisors. What is out of the caller's reach does not exist for them (MON-1, MON-9).</summary>
public sealed class MonitoringService(GrpcCall calls) : Monitoring.MonitoringBase
{
    private static readonly NotFoundError Unseen = new("session.not_found", "There is no such session.");

    /// <inheritdoc/>
    public override async Task WatchSessions(WatchSessionsRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        if (request.AfterSequence < 0)
            throw GrpcStatusMapping.Field("afterSequence", "Must not be negative.").ToRpcException();
        LogPosition? after = request.AfterSequence == 0 ? null : new LogPosition(request.AfterSequence);
        var changes = await calls.AskAsync(new WatchSessions(Kind: null, Stage: null, new SessionFilter(), after, Selection(request)), context);
        await foreach (var change in changes.WithCancellation(Admission.Of(context).Token))
            await WriteAsync(change, responseStream, Admission.Of(context).Token);
    }

    /// <inheritdoc/>
    public override async Task WatchSession(WatchSessionRequest request, IServerStreamWriter<SessionChange> responseStream, ServerCallContext context)
    {
        var query = new WatchSession(GrpcCall.Id(request.SessionId, "sessionId"));
        var changes = await AskAboutAsync(query, Permissions.MonitoringRead, context);
        await foreach (var change in changes.WithCancellation(Admission.Of(context).Token))
            await WriteAsync(change, responseStream, Admission.Of(context).Token);
    }

    /// <inheritdoc/>
    public override async Task Listen(ListenRequest request, IServerStreamWriter<AudioFrame> responseStream, ServerCallContext context)
    {
        var command = new ListenToCall(GrpcCall.Id(request.SessionId, "sessionId"));
        var frames = await AskAboutAsync(command, Permissions.MonitoringListen, context);
        // The client knows that it hears the call before the first frame comes.
        await context.WriteResponseHeadersAsync([]);
        await foreach (var frame in frames.WithCancellation(Admission.Of(context).Token))
        {
            await responseStream.WriteAsync(
                new AudioFrame { Sequence = frame.Sequence, TimestampMs = (long)frame.Timestamp.TotalMilliseconds, Pcm = ByteString.CopyFrom(frame.Pcm.Span) },
                Admission.Of(context).Token);
        }
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

    /// <summary>Only what completes a step carries its sequence: resuming in the middle of a snapshot would lose the rest of it.</summary>
    private static async Task WriteAsync(BoardChange<SessionRow> change, IServerStreamWriter<SessionChange> responses, CancellationToken cancellationToken)
    {
        var sequence = change.Position.Value;
        switch (change)
        {
            case BoardSnapshot<SessionRow> snapshot:
                foreach (var row in snapshot.Rows)
                    await responses.WriteAsync(new SessionChange { Change = Change.Present, Session = row.ToProto() }, cancellationToken);
                await responses.WriteAsync(new SessionChange { Sequence = sequence, Change = Change.SnapshotComplete }, cancellationToken);
                break;
            case BoardRowChanged<SessionRow> changed:
                await responses.WriteAsync(new SessionChange { Sequence = sequence, Change = Change.Updated, Session = changed.Row.ToProto() }, cancellationToken);
                break;
            case BoardRowRemoved<SessionRow> removed:
                await responses.WriteAsync(
                    new SessionChange { Sequence = sequence, Change = Change.Removed, Session = new V1.MonitoredSession { SessionId = removed.Key } }, cancellationToken);
                break;
        }
    }
}
