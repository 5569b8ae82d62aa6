using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ContactCenter.Api.Live;

/// <summary>
/// Finds out within ten seconds that a client is gone without a word (MON-2): its machine, or the network to it. HTTP/2 asks
/// by pings; on HTTP/1.1 the transport does. A client that is there and reads slowly is not gone.
/// </summary>
internal static class LostClients
{
    private const int Tcp = 6;
    private const int LinuxUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 8_000;

    /// <summary>For every connection of HTTP/2.</summary>
    public static void NoticeLostClients(this KestrelServerLimits limits)
    {
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(4);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
    }

    /// <summary>For the connection of one HTTP/1.1 request, whose answer is a stream.</summary>
    public static void NoticeLoss(this HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        // While nothing is sent: three seconds of silence, then two questions.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 2);
        if (!OperatingSystem.IsLinux())
            return;
        // While something is: how long it may stay unacknowledged.
        Span<byte> timeout = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(timeout, UserTimeoutMilliseconds);
        socket.SetRawSocketOption(Tcp, LinuxUserTimeout, timeout);
    }
}
