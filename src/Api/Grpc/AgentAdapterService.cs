using ContactCenter.Api.Errors;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// The agents' clients (ADR 0020). The first event signs in or resumes; then the stream is served until the agent signs
/// out, the client ends it, or a newer connection of the same agent takes its place.
/// </summary>
public sealed class AgentAdapterService(
    GrpcCall calls, Dispatcher dispatcher, AdapterHub hub, IEventStore store, AggregateReader reader, ICenterConfiguration configuration, AdapterConnections connections, IAdapterPresence presence, TypingBus typing, TimeProvider clock,
    ILogger<AgentAdapterService> logger)
    : AgentAdapter.AgentAdapterBase
{
    private static readonly TimeSpan LossPatience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    [Sends(
        typeof(SignInAgent), typeof(MakeAgentAvailable), typeof(PauseAgent), typeof(AcceptOffer), typeof(DeclineOffer), typeof(HoldSession), typeof(ResumeSession),
        typeof(TransferSession), typeof(EndOwnSession), typeof(FinishWrapUp), typeof(SendAgentMessage), typeof(PauseRecording), typeof(ResumeRecording),
        typeof(ReportPreparation), typeof(TransferOutside), typeof(StartConsultation), typeof(CompleteConsultation), typeof(CancelConsultation),
        typeof(SetForwarding), typeof(ClearForwarding), typeof(GetTransferTargets), typeof(ReportTyping), typeof(SignOutAgent))]
    public override async Task Connect(
        IAsyncStreamReader<AdapterEvent> requestStream, IServerStreamWriter<AdapterCommand> responseStream, ServerCallContext context)
    {
        var agentId = await AgentOfAsync(context);
        var events = new AdapterEvents(requestStream, calls, context);
        if (!await events.MoveNext(Admission.Of(context).Token))
            return;
        var first = events.Current;
        if (WhyNotFirst(first) is { } malformed)
            throw (await events.RefuseAsync(malformed)).ToRpcException();

        using var claim = connections.Claim(agentId, Admission.Of(context).Token);
        try
        {
            await presence.SeenAsync(agentId, claim.Connection, claim.Token);
            await ServeAsync(agentId, first, events, responseStream, claim, context);
        }
        catch (Exception e) when (claim.IsSuperseded && e is not RpcException)
        {
            throw Superseded.ToRpcException();
        }
        catch (AdapterTooSlowException)
        {
            throw new TooManyRequestsError("adapter.too_slow", "The adapter did not read what it was sent; resume.", TimeSpan.FromSeconds(1)).ToRpcException();
        }
        catch (UnknownSequenceException)
        {
            throw (await events.RefuseAsync(GrpcStatusMapping.Field("resume.lastSequence", "The agent has not come to this sequence number: sign in to start from what is in hand."))).ToRpcException();
        }
        finally
        {
            presence.Gone(agentId, claim.Connection);
            await LoseAsync(agentId, claim.Connection);
        }
    }

    private static StaleVersionError Superseded => new("adapter.superseded", "This agent's adapter connected again elsewhere.", CurrentVersion: 0);

    private async Task<Guid> AgentOfAsync(ServerCallContext context)
    {
        var caller = Admission.Of(context).Caller;
        if (caller.UserId is { } user && caller.ScopeOf(Permissions.SessionsHandle) is not null)
            return user;
        await calls.RefusedAsync(context, command: null, subject: null, ErrorCodes.Forbidden);
        throw new ForbiddenError(ErrorCodes.Forbidden, "Only a user with sessions.handle connects an adapter.").ToRpcException();
    }

    private static DomainError? WhyNotFirst(AdapterEvent first) => first switch
    {
        { EventCase: AdapterEvent.EventOneofCase.SignIn } or { Resume.LastSequence: >= 0 } => null,
        { EventCase: AdapterEvent.EventOneofCase.Resume } => GrpcStatusMapping.Field("resume.lastSequence", "Must not be negative."),
        _ => GrpcStatusMapping.Field("event", "The first event must be signIn or resume."),
    };

    private async Task ServeAsync(
        Guid agentId, AdapterEvent first, AdapterEvents events, IServerStreamWriter<AdapterCommand> responses, AdapterClaim claim, ServerCallContext context)
    {
        await BeginAsync(agentId, first, events, context, claim.Token);
        var connected = await dispatcher.SendAsSystemAsync("adapters", new ConnectAdapter(agentId, claim.Connection), claim.Token);
        if (!connected.IsOk)
            throw connected.Error.ToRpcException();
        AdapterSequence? after = first.EventCase == AdapterEvent.EventOneofCase.Resume ? new AdapterSequence(first.Resume.LastSequence) : null;
        using var connection = await AdapterConnection.OpenAsync(hub, store, reader, configuration, agentId, after, claim.Token);
        using var stream = new AdapterStream(agentId, calls, typing, clock, events, responses, context);
        await stream.WelcomeAsync(first, connection, claim.Token);
        await stream.RunAsync(connection, claim.Token);
    }

    /// <summary>
    /// Tells routing that nobody is there to be asked. If that cannot be written, the agent is found lost a little later.
    /// </summary>
    private async Task LoseAsync(Guid agentId, string connection)
    {
        using var limit = new CancellationTokenSource(LossPatience, clock);
        try
        {
            await dispatcher.SendAsSystemAsync("adapters", new LoseAdapter(agentId, connection), limit.Token);
        }
#pragma warning disable CA1031 // the call has ended already, and with its own reason
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "The loss of the adapter of agent {AgentId} was not written", agentId);
        }
    }

    /// <summary>Signs in, or sees that the agent is there to be resumed.</summary>
    private async Task BeginAsync(Guid agentId, AdapterEvent first, AdapterEvents events, ServerCallContext context, CancellationToken cancellationToken)
    {
        if (first.EventCase == AdapterEvent.EventOneofCase.SignIn)
        {
            var command = AdapterRequests.Read(agentId, first);
            var refusal = command.IsOk ? (await calls.SendAsync(command.Value, context, cancellationToken)).Error : await events.RefuseAsync(command.Error);
            if (refusal is not null)
                throw refusal.ToRpcException();
            return;
        }

        var agent = await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken);
        if (agent.State.Presence == Domain.Agents.Presence.Offline && agent.State.Work.IsEmpty)
            throw (await events.RefuseAsync(new ConflictError("agent.signed_out", "The agent is signed out: sign in."))).ToRpcException();
    }
}
