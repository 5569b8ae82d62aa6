using ContactCenter.Application.Agents;
using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// One adapter's open stream. Events become commands one after the other; acks and updates take turns writing. An
/// adapter that does not read holds back its own stream and nothing else.
/// </summary>
internal sealed class AdapterStream(
    Guid agentId, GrpcCall calls, TypingBus typing, TimeProvider clock,
    AdapterEvents events, IServerStreamWriter<AdapterCommand> responses, ServerCallContext context) : IDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly TaskCompletionSource toldOffline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool leaving;

    /// <summary>What is in hand, and the answer to the first event.</summary>
    public async Task WelcomeAsync(AdapterEvent first, AdapterConnection connection, CancellationToken cancellationToken)
    {
        await responses.WriteAsync(AdapterWords.Welcome(agentId, (int)IAdapterPresence.LostAfter.TotalSeconds, connection), cancellationToken);
        await AckAsync(first, refusal: null, cancellationToken);
    }

    /// <summary>Serves until the agent signs out or the client sends no more; throws for any other end.</summary>
    public async Task RunAsync(AdapterConnection connection, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] all = [ReadAsync(end.Token), UpdateAsync(connection, end.Token), TypingAsync(end.Token)];
        var first = await Task.WhenAny(all);
        await end.CancelAsync();
        // None of them may touch the stream once the call has ended.
        await Task.WhenAll(all).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await events.MoveNext(cancellationToken))
        {
            var sent = events.Current;
            // Set before the command: the update may overtake its answer.
            leaving = sent.EventCase == AdapterEvent.EventOneofCase.SignOut;
            if (sent.EventCase == AdapterEvent.EventOneofCase.ListTransferTargets)
            {
                await AckAsync(sent, await ListTargetsAsync(sent.ListTransferTargets.SessionId, cancellationToken), cancellationToken);
                continue;
            }

            var answer = await HandleAsync(sent, cancellationToken);
            await AckAsync(sent, answer.Error, cancellationToken);
            if (leaving && answer.IsOk)
            {
                await FarewellAsync(answer.Value, cancellationToken);
                return;
            }
        }
    }

    private async Task<DomainError?> ListTargetsAsync(string session, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(session, "D", out var sessionId))
            return ValidationError.Field("listTransferTargets.sessionId", "Must be a UUID.");
        var targets = await calls.SendAsync(new GetTransferTargets(sessionId), context, cancellationToken);
        if (targets.IsOk)
            await WriteAsync(AdapterWords.Targets(sessionId, targets.Value), cancellationToken);
        return targets.Error;
    }

    private async Task<Result<Receipt>> HandleAsync(AdapterEvent sent, CancellationToken cancellationToken)
    {
        var request = AdapterRequests.Read(agentId, sent);
        return request.IsOk ? await calls.SendAsync(request.Value, context, cancellationToken) : Result<Receipt>.Refused(await events.RefuseAsync(request.Error));
    }

    /// <summary>An agent who signed out is told so before the stream ends.</summary>
    private async Task FarewellAsync(Receipt signedOut, CancellationToken cancellationToken)
    {
        if (signedOut.Position == "0")
            return;
        await Task.WhenAny(toldOffline.Task, Task.Delay(FarewellPatience, clock, cancellationToken));
    }

    private async Task UpdateAsync(AdapterConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var update in connection.UpdatesAsync(cancellationToken))
        {
            await WriteAsync(AdapterWords.Of(update), cancellationToken);
            if (leaving && update is PresenceChanged { Presence: Presence.Offline })
                toldOffline.TrySetResult();
        }
    }

    private async Task TypingAsync(CancellationToken cancellationToken)
    {
        await foreach (var sessionId in typing.ListenAsync(agentId, cancellationToken))
            await WriteAsync(new AdapterCommand { ConsumerTyping = new() { SessionId = sessionId.ToString("D") } }, cancellationToken);
    }

    private async ValueTask AckAsync(AdapterEvent sent, DomainError? refusal, CancellationToken cancellationToken)
    {
        if (sent.RequestId.Length > 0)
            await WriteAsync(AdapterWords.Ack(sent.RequestId, refusal), cancellationToken);
    }

    private async ValueTask WriteAsync(AdapterCommand command, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await responses.WriteAsync(command, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
