using System.Buffers.Binary;
using System.Net.Sockets;
using ContactCenter.Application.Monitoring;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ContactCenter.Api.Live;

/// <summary>
/// Finds out within ten seconds that a client is gone without a word (MON-2): its machine, the network to it, or a program
/// that is frozen and takes nothing any more. HTTP/2 asks by pings; beside that the transport knows what was acknowledged
/// (ADR 0061). A client that is there and reads slowly is not gone.
/// </summary>
internal static class LostClients
{
    private const int Tcp = 6;
    private const int LinuxUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 8_000;

    /// <summary>How long a client may take nothing of what it is sent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>For every connection of HTTP/2.</summary>
    public static void NoticeLostClients(this KestrelServerLimits limits)
    {
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(3);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(3);
    }

    /// <summary>Watches the connection of a request whose answer is a monitoring's stream, until disposed.</summary>
    public static IAsyncDisposable WatchClient(this HttpContext http, MonitorStream stream, TimeProvider clock)
    {
        var socket = http.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is not null)
            AskIfThere(socket);
        return new ClientWatch(http, OperatingSystem.IsLinux() ? socket : null, stream, clock);
    }

    private static void AskIfThere(Socket socket)
    {
        // While nothing is sent: two seconds of silence, then a question each second.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
        if (!OperatingSystem.IsLinux())
            return;
        // While something is, the kernel gives up for itself at last.
        Span<byte> timeout = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(timeout, UserTimeoutMilliseconds);
        socket.SetRawSocketOption(Tcp, LinuxUserTimeout, timeout);
    }
}

/// <summary>Looks every second whether the client takes what it is sent; ends the stream and the request where it does not.</summary>
internal sealed class ClientWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource end = new();
    private readonly Task watching;

    public ClientWatch(HttpContext http, Socket? socket, MonitorStream stream, TimeProvider clock) => watching = WatchAsync(http, socket, stream, clock, end.Token);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await watching;
        end.Dispose();
    }

    private static async Task WatchAsync(HttpContext http, Socket? socket, MonitorStream stream, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (acknowledged, since) = (0L, clock.GetTimestamp());
        while (true)
        {
            await Task.Delay(Pace, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return;
            var taken = socket is null ? null : Taken.By(socket);
            if (taken is not { IsAllThere: false } || taken.Value.Acknowledged != acknowledged)
                (acknowledged, since) = (taken?.Acknowledged ?? 0, clock.GetTimestamp());
            var silent = clock.GetElapsedTime(since);
            // Over HTTP/2 a connection goes on where one of its streams is read by nobody.
            if (stream.WritingSince is not 0 and var writing && clock.GetElapsedTime(writing) > silent)
                silent = clock.GetElapsedTime(writing);
            stream.IsStalled = silent >= Stalled;
            if (silent < LostClients.Patience)
                continue;
            stream.Lose();
            http.Abort();
            return;
        }
    }

    /// <summary>What Linux knows of a connection (<c>struct tcp_info</c>).</summary>
    /// <param name="Acknowledged">Bytes that the other side has.</param>
    /// <param name="IsAllThere">True if nothing is on its way, and the other side was heard of lately.</param>
    private readonly record struct Taken(long Acknowledged, bool IsAllThere)
    {
        private const int Tcp = 6;
        private const int Info = 11;
        private const int Unacknowledged = 24;
        private const int LastHeard = 56;
        private const int BytesAcknowledged = 120;
        private const int BytesNotSent = 144;
        private const int Size = 148;
        private const int LatelyMilliseconds = 3_500;

        /// <summary>As of now; null where it is closed, or the kernel does not say.</summary>
        public static Taken? By(Socket socket)
        {
            Span<byte> info = stackalloc byte[Size];
            try
            {
                if (socket.GetRawSocketOption(Tcp, Info, info) < Size)
                    return null;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }

            var isOnItsWay = BinaryPrimitives.ReadUInt32LittleEndian(info[Unacknowledged..]) > 0 || BinaryPrimitives.ReadUInt32LittleEndian(info[BytesNotSent..]) > 0;
            return new Taken(
                BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcknowledged..]),
                !isOnItsWay && BinaryPrimitives.ReadUInt32LittleEndian(info[LastHeard..]) < LatelyMilliseconds);
        }
    }
}
