using System.Collections.Concurrent;
using ContactCenter.Rpc.Tests.Protos;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace ContactCenter.Rpc.Tests;

/// <summary>What happened to calls, and the gate for handlers that ignore their token.</summary>
public sealed class EchoLog : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Action> _actions = new(StringComparer.Ordinal);
    private int _written;
    private int _read;

    /// <summary>Completes when the service said that this happened.</summary>
    public Task Happened(string what)
    {
        if (_actions.TryGetValue(what, out var act))
        {
            act();
            return Task.CompletedTask;
        }
        return Signal(what).Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Makes it happen when somebody asks whether it did.</summary>
    public void OnAsked(string what, Action act) => _actions[what] = act;

    public void Tell(string what) => Signal(what).TrySetResult();

    public SemaphoreSlim LetGo { get; } = new(0);

    /// <summary>Replies written by Repeat.</summary>
    public int Written => _written;

    /// <summary>Requests read by Collect.</summary>
    public int Read => _read;

    public void CountWritten() => Interlocked.Increment(ref _written);

    public void CountRead() => Interlocked.Increment(ref _read);

    public void Dispose() => LetGo.Dispose();

    private TaskCompletionSource Signal(string what) =>
        _signals.GetOrAdd(what, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

public sealed class EchoService(EchoLog log) : Echo.EchoBase
{
    public override async Task<EchoReply> Say(EchoRequest request, ServerCallContext context)
    {
        await DoAsync(request, context);
        return request.Then switch
        {
            Then.Written => new EchoReply { Count = log.Written },
            Then.Encoding => new EchoReply { Text = context.GetHttpContext().Request.Headers["grpc-encoding"].ToString(), Data = request.Data },
            _ => Reply(request, 1),
        };
    }

    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue("x-then") == "fail-early")
            throw new RpcException(new Status(StatusCode.PermissionDenied, "not you"));
        var last = new EchoRequest();
        var count = 0;
        var texts = new List<string>();
        try
        {
            await foreach (var request in requestStream.ReadAllAsync(CancellationToken.None))
            {
                log.CountRead();
                await DoAsync(last = request, context);
                texts.Add(request.Text);
                count++;
            }
        }
        catch (OperationCanceledException)
        {
            log.Tell("collect cancelled");
            throw;
        }
        return new EchoReply { Text = string.Join(',', texts), Count = count, Data = last.Data };
    }

    public override async Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        try
        {
            for (var i = 1; i <= request.Count; i++)
            {
                await responseStream.WriteAsync(Reply(request, i));
                log.CountWritten();
            }
            await DoAsync(request, context);
        }
        catch (OperationCanceledException)
        {
            log.Tell("repeat cancelled");
            throw;
        }
    }

    public override async Task Chat(IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        var count = 0;
        try
        {
            while (await requestStream.MoveNext(CancellationToken.None))
            {
                await DoAsync(requestStream.Current, context);
                await responseStream.WriteAsync(Reply(requestStream.Current, ++count));
            }
        }
        catch (OperationCanceledException)
        {
            log.Tell("chat cancelled");
            throw;
        }
    }

    private static EchoReply Reply(EchoRequest request, int count) => new()
    {
        Text = request.Text,
        Data = request.Size > 0 ? ByteString.CopyFrom(new byte[request.Size]) : request.Data,
        Count = count,
    };

    private async Task DoAsync(EchoRequest request, ServerCallContext context)
    {
        switch (request.Then)
        {
            case Then.Fail:
                context.ResponseTrailers.Add("x-trailer", "set before");
                throw new Google.Rpc.Status { Code = request.Status, Message = request.Text }
                    .WithDetail(new ErrorInfo { Reason = "TEST", Domain = "contactcenter" })
                    .WithDetail(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "text", Description = "bad" } } })
                    .ToRpcException();
            case Then.Throw:
                throw new InvalidOperationException("secret of the handler");
            case Then.Wait:
                log.Tell("waiting");
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
            case Then.Ignore:
                log.Tell("ignoring");
                await log.LetGo.WaitAsync(TimeSpan.FromSeconds(30));
                log.Tell("let go");
                break;
            case Then.Report:
                await log.Happened(request.Text);
                break;
            case Then.Metadata:
                await SendBackAsync(context);
                break;
        }
    }

    private static async Task SendBackAsync(ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }
        await context.WriteResponseHeadersAsync(headers);
    }
}
