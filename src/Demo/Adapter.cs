using System.Threading.Channels;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Demo;

/// <summary>An agent's client on the bidirectional stream.</summary>
internal sealed class Adapter : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<AdapterEvent, AdapterCommand> call;
    private readonly Channel<AdapterCommand> heard = System.Threading.Channels.Channel.CreateUnbounded<AdapterCommand>();
    private readonly List<AdapterCommand> pending = [];
    private readonly Task reading;
    private int requests;

    private Adapter(AsyncDuplexStreamingCall<AdapterEvent, AdapterCommand> call)
    {
        this.call = call;
        reading = ReadAsync();
    }

    public static async Task<Adapter> SignInAsync(AgentAdapter.AgentAdapterClient client, string token, CancellationToken ct)
    {
        var adapter = new Adapter(client.Connect(new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: ct));
        await adapter.DoAsync(new AdapterEvent { SignIn = new() { Calls = 1, Chats = 2 } }, ct);
        return adapter;
    }

    /// <summary>Sends an event and waits for its acknowledgement.</summary>
    public async Task DoAsync(AdapterEvent what, CancellationToken ct)
    {
        what.RequestId = $"{++requests}";
        await call.RequestStream.WriteAsync(what, ct);
        var ack = (await NextAsync(c => c.Ack?.RequestId == what.RequestId, ct)).Ack;
        if (!ack.Accepted)
            throw new DemoException($"{what.EventCase} was refused: {ack.Code} {ack.Message}");
    }

    /// <summary>The next command of this kind; others wait for whoever asks for them.</summary>
    public async Task<AdapterCommand> NextAsync(Predicate<AdapterCommand> wanted, CancellationToken ct)
    {
        while (true)
        {
            if (pending.FindIndex(wanted) is >= 0 and var index)
            {
                var found = pending[index];
                pending.RemoveAt(index);
                return found;
            }

            pending.Add(await heard.Reader.ReadAsync(ct));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await call.RequestStream.CompleteAsync();
        call.Dispose();
        await reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                heard.Writer.TryWrite(call.ResponseStream.Current);
            heard.Writer.TryComplete();
        }
        catch (RpcException e)
        {
            heard.Writer.TryComplete(new DemoException($"The adapter's stream ended: {e.Status}"));
        }
    }
}
