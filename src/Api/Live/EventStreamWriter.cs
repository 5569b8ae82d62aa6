using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace ContactCenter.Api.Live;

/// <summary>One event of a stream as the client sees it.</summary>
/// <param name="Id">Where to resume from: the client sends it back as <c>Last-Event-ID</c>; null leaves the last one.</param>
/// <param name="Name">What kind: <c>snapshot</c>, <c>changed</c>, <c>removed</c>, <c>message</c>.</param>
/// <param name="Data">Written as JSON.</param>
public readonly record struct ServerSentEvent(string? Id, string Name, object Data);

/// <summary>
/// Writes Server-Sent Events straight into the response's pipe. What a slow client has not read is bounded by that
/// pipe: the writer waits, and whoever feeds it drops to reading the log or merges changes. Meanwhile nobody else waits.
/// </summary>
internal sealed class EventStreamWriter(PipeWriter output, JsonSerializerOptions json)
{
    private static readonly byte[] Ping = "event: ping\ndata: {}\n\n"u8.ToArray();

    private static readonly byte[] Filling = [(byte)':', .. Enumerable.Repeat((byte)' ', (32 * 1024) - 3), (byte)'\n', (byte)'\n'];

    /// <summary>Writes one event; nobody sees it before the next flush.</summary>
    public void Write(ServerSentEvent happened)
    {
        if (happened.Id is { } id)
            Line("id: ", id);
        Line("event: ", happened.Name);
        output.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(output))
        {
            if (happened.Data is IWritesJson own)
                own.Write(writer, json);
            else
                JsonSerializer.Serialize(writer, happened.Data, happened.Data.GetType(), json);
        }

        output.Write("\n\n"u8);
    }

    /// <summary>How much is written and not flushed, in bytes.</summary>
    public long Unflushed => output.UnflushedBytes;

    /// <summary>Lets go of what is written.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public ValueTask<FlushResult> PingAsync(CancellationToken cancellationToken) => output.WriteAsync(Ping, cancellationToken);

    /// <summary>
    /// A comment, which clients skip: a program that is frozen reads nothing, and its connection is full after a few of them,
    /// as one with a call's audio would be.
    /// </summary>
    public ValueTask<FlushResult> FillAsync(CancellationToken cancellationToken) => output.WriteAsync(Filling, cancellationToken);

    public ValueTask<FlushResult> OpenAsync(CancellationToken cancellationToken) => output.WriteAsync("retry: 1000\n\n"u8.ToArray(), cancellationToken);

    private void Line(string field, string value)
    {
        Encoding.UTF8.GetBytes(field, output);
        Encoding.UTF8.GetBytes(value, output);
        output.Write("\n"u8);
    }
}
