using System.Net;
using System.Net.Sockets;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>
/// Carries connections to the service until it is frozen: from then on it reads nothing and writes nothing, and closes
/// nothing either, as a program does that hangs. What may lie unread is little: by default the kernel takes megabytes.
/// </summary>
internal sealed class FrozenNetwork : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly List<Socket> sockets = [];
    private readonly TaskCompletionSource frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FrozenNetwork(Uri to)
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        _ = AcceptAsync(to);
    }

    /// <summary>Where the service is to be called.</summary>
    public Uri Address { get; }

    public void Freeze() => frozen.TrySetResult();

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        lock (sockets)
            sockets.ForEach(s => s.Dispose());
        end.Dispose();
    }

    private async Task AcceptAsync(Uri to)
    {
        try
        {
            while (true)
            {
                var client = Keep(await listener.AcceptSocketAsync(end.Token));
                var server = Keep(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 16 * 1024 });
                await server.ConnectAsync(to.Host, to.Port, end.Token);
                _ = CarryAsync(client, server);
                _ = CarryAsync(server, client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private Socket Keep(Socket socket)
    {
        lock (sockets)
            sockets.Add(socket);
        return socket;
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (!frozen.Task.IsCompleted)
            {
                await Task.WhenAny(from.ReceiveAsync(Array.Empty<byte>(), SocketFlags.None, end.Token).AsTask(), frozen.Task);
                if (frozen.Task.IsCompleted)
                    return;
                var read = await from.ReceiveAsync(buffer, SocketFlags.None, end.Token);
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), SocketFlags.None, end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either side is gone.
        }
    }
}
