using System.Diagnostics;
using System.Globalization;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Benchmarks;

/// <summary>Clients in a process of their own that listen to calls and count what they are given.</summary>
internal sealed class ListenerProcess : IDisposable
{
    private readonly Process process;

    public ListenerProcess(Uri address, string token) => process = Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(ListenerProcess).Assembly.Location, Listeners.Argument, address.ToString(), token])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    public async Task BeginAsync(IEnumerable<Guid> sessions)
    {
        await process.StandardInput.WriteLineAsync(string.Join(' ', sessions));
        await AnswerAsync();
    }

    /// <summary>How many frames they were given so far.</summary>
    public async Task<long> FramesAsync()
    {
        await process.StandardInput.WriteLineAsync();
        return await AnswerAsync();
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private async Task<long> AnswerAsync() =>
        long.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The listeners are gone."), CultureInfo.InvariantCulture);
}

/// <summary>The process: begins one for each session of the first line, and answers each further line with the number of frames.</summary>
internal static class Listeners
{
    public const string Argument = "--listen";
    private const int Channels = 10;
    private static readonly object Nothing = new();

    // Reading the frames is the clients' business, not what is measured.
    private static readonly Method<ListenRequest, object> Listen = new(
        MethodType.ServerStreaming, "contactcenter.v1.Monitoring", "Listen",
        Marshallers.Create(static (ListenRequest r) => Google.Protobuf.MessageExtensions.ToByteArray(r), ListenRequest.Parser.ParseFrom),
        Marshallers.Create<object>(static _ => [], static _ => Nothing));

    private static long frames;

    public static async Task<int> RunAsync(string address, string token)
    {
        var channels = Enumerable.Range(0, Channels).Select(_ => GrpcChannel.ForAddress(address)).ToList();
        var sessions = (await Console.In.ReadLineAsync() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var headers = new Metadata { { "authorization", $"Bearer {token}" } };
        List<Task> reading = [];
        foreach (var some in sessions.Index().Chunk(50))
        {
            var begun = some.Select(one => channels[one.Index % Channels].CreateCallInvoker().AsyncServerStreamingCall(
                Listen, host: null, new CallOptions(headers), new ListenRequest { SessionId = one.Item })).ToList();
            await Task.WhenAll(begun.Select(call => call.ResponseHeadersAsync));
            reading.AddRange(begun.Select(ReadAsync));
        }

        do
            await Console.Out.WriteLineAsync(Interlocked.Read(ref frames).ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is not null);
        channels.ForEach(channel => channel.Dispose());
        await Task.WhenAll(reading);
        return 0;
    }

    private static async Task ReadAsync(AsyncServerStreamingCall<object> call)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                Interlocked.Increment(ref frames);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // Ended as asked.
        }
    }
}
