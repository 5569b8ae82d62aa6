using System.Threading.Channels;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// The agents' clients. Each stream reads events in order, sends them as commands, and writes acks and updates through
/// one writer: an adapter that does not read holds back its own stream only.
/// </summary>
public sealed class AgentAdapterService(
    GrpcCall calls, AdapterHub hub, IEventStore store, AggregateReader reader, AdapterConnections connections, IAdapterPresence presence)
    : AgentAdapter.AgentAdapterBase
{
    private const int AckBacklog = 256;

    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<AdapterEvent> requestStream, IServerStreamWriter<AdapterCommand> responseStream, ServerCallContext context)
    {
        var agentId = AgentOf(context);
        if (!await requestStream.MoveNext(context.CancellationToken))
            return;
        using var claim = connections.Claim(agentId, context.CancellationToken);
        await presence.SeenAsync(agentId, claim.Connection, context.CancellationToken);
        try
        {
            await ServeAsync(agentId, requestStream, responseStream, claim, context);
        }
        catch (OperationCanceledException) when (claim.IsSuperseded)
        {
            throw new ConflictError("adapter.superseded", "This agent's adapter connected again elsewhere.").ToRpcException();
        }
        catch (AdapterTooSlowException)
        {
            throw new TooManyRequestsError("adapter.too_slow", "The adapter did not read what it was sent; resume.", TimeSpan.FromSeconds(1)).ToRpcException();
        }
        finally
        {
            presence.Gone(agentId, claim.Connection);
        }
    }

    private static Guid AgentOf(ServerCallContext context)
    {
        var caller = GrpcCall.CallerOf(context);
        return caller.UserId is { } user && caller.ScopeOf(Permissions.SessionsHandle) is not null
            ? user
            : throw new ForbiddenError(ErrorCodes.Forbidden, "Only a user with sessions.handle connects an adapter.").ToRpcException();
    }

    private async Task ServeAsync(
        Guid agentId, IAsyncStreamReader<AdapterEvent> events, IServerStreamWriter<AdapterCommand> responses, AdapterClaim claim, ServerCallContext context)
    {
        var first = events.Current;
        var ack = await BeginAsync(agentId, first, context, claim.Token);
        LogPosition? after = first.EventCase == AdapterEvent.EventOneofCase.Resume && first.Resume.LastSequence > 0
            ? new LogPosition(first.Resume.LastSequence)
            : null;
        using var connection = await AdapterConnection.OpenAsync(hub, store, reader, agentId, after, claim.Token);

        var outgoing = Channel.CreateBounded<AdapterCommand>(AckBacklog);
        await responses.WriteAsync(AdapterWords.Welcome(agentId, (int)IAdapterPresence.LostAfter.TotalSeconds, connection), claim.Token);
        if (ack is not null)
            await responses.WriteAsync(ack, claim.Token);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(claim.Token);
        var reading = ReadAsync(agentId, events, outgoing.Writer, context, ended.Token);
        var updating = UpdateAsync(connection, outgoing.Writer, ended.Token);
        var writing = WriteAsync(outgoing.Reader, responses, ended.Token);
        var done = await Task.WhenAny(reading, updating, writing);
        if (done == reading && reading.IsCompletedSuccessfully)
            await Drain(outgoing.Writer, writing);
        await ended.CancelAsync();
        await Settle(reading, updating, writing);
        await done;
    }

    /// <summary>The first event must sign in or resume: whatever else would act for an agent that is not there.</summary>
    private async Task<AdapterCommand?> BeginAsync(Guid agentId, AdapterEvent first, ServerCallContext context, CancellationToken cancellationToken)
    {
        switch (first.EventCase)
        {
            case AdapterEvent.EventOneofCase.Resume when first.Resume.LastSequence >= 0:
                var agent = await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken);
                if (agent.State.Presence == Domain.Agents.Presence.Offline && agent.State.Work.IsEmpty)
                    throw new ConflictError("agent.signed_out", "The agent is signed out: sign in.").ToRpcException();
                return AckOf(first, refusal: null);
            case AdapterEvent.EventOneofCase.SignIn:
                var command = AdapterRequests.Read(agentId, first);
                var refusal = command.IsOk ? (await calls.SendAsync(command.Value, context, cancellationToken)).Error : command.Error;
                return refusal is null ? AckOf(first, refusal: null) : throw refusal.ToRpcException();
            default:
                throw GrpcStatusMapping.Field("event", "The first event must be signIn or resume.").ToRpcException();
        }
    }

    private async Task ReadAsync(
        Guid agentId, IAsyncStreamReader<AdapterEvent> events, ChannelWriter<AdapterCommand> outgoing, ServerCallContext context, CancellationToken cancellationToken)
    {
        while (await events.MoveNext(cancellationToken))
        {
            var sent = events.Current;
            var command = AdapterRequests.Read(agentId, sent);
            var refusal = command.IsOk ? (await calls.SendAsync(command.Value, context, cancellationToken)).Error : command.Error;
            if (AckOf(sent, refusal) is { } ack)
                await outgoing.WriteAsync(ack, cancellationToken);
            if (sent.EventCase == AdapterEvent.EventOneofCase.SignOut && refusal is null)
                return;
        }
    }

    private static async Task UpdateAsync(AdapterConnection connection, ChannelWriter<AdapterCommand> outgoing, CancellationToken cancellationToken)
    {
        await foreach (var update in connection.UpdatesAsync(cancellationToken))
            await outgoing.WriteAsync(AdapterWords.Of(update), cancellationToken);
    }

    private static async Task WriteAsync(ChannelReader<AdapterCommand> outgoing, IServerStreamWriter<AdapterCommand> responses, CancellationToken cancellationToken)
    {
        await foreach (var command in outgoing.ReadAllAsync(cancellationToken))
            await responses.WriteAsync(command, cancellationToken);
    }

    private static AdapterCommand? AckOf(AdapterEvent sent, DomainError? refusal) =>
        sent.RequestId.Length == 0 ? null : AdapterWords.Ack(sent.RequestId, refusal);

    private static async Task Drain(ChannelWriter<AdapterCommand> outgoing, Task writing)
    {
        outgoing.TryComplete();
        await Settle(writing);
    }

    private static Task Settle(params Task[] tasks) => Task.WhenAll(tasks).ContinueWith(
        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
