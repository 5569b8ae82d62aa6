using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace ContactCenter.Rpc.Tests;

/// <summary>A request as no well-behaved client would send it, and what came back.</summary>
public sealed record RawCall(HttpStatusCode Http, StatusCode? Status, string? Message, HttpResponseHeaders Headers, byte[] Body, bool StatusInHeaders)
{
    public static byte[] Frame(byte[] payload, byte flag = 0)
    {
        var frame = new byte[payload.Length + 5];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public static async Task<RawCall> SendAsync(
        RpcServer server, string path, byte[] body, Action<HttpRequestMessage>? change = null, string contentType = "application/grpc")
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(server.Address), path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        change?.Invoke(request);
        using var response = await client.SendAsync(request);
        var content = await response.Content.ReadAsByteArrayAsync();
        var status = Value(response.Headers, "grpc-status");
        var any = status ?? Value(response.TrailingHeaders, "grpc-status");
        return new RawCall(
            response.StatusCode, any is null ? null : (StatusCode)int.Parse(any),
            Value(response.Headers, "grpc-message") ?? Value(response.TrailingHeaders, "grpc-message"), response.Headers, content, status is not null);
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.Single() : null;
}
