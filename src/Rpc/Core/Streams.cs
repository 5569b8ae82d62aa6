using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>What a write may do. Mirrors <c>Grpc.Core.WriteFlags</c>.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary>May wait in the buffer for the next write.</summary>
    BufferHint = 1,
    /// <summary>This message is not to be compressed.</summary>
    NoCompress = 2,
}

/// <summary>How to write. Mirrors <c>Grpc.Core.WriteOptions</c>.</summary>
/// <param name="flags">What a write may do.</param>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>What a write may do.</summary>
    public WriteFlags Flags { get; } = flags;
}

/// <summary>Reads messages one after the other. Mirrors <c>Grpc.Core.IAsyncStreamReader</c>.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message read last.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false at the end.</summary>
    /// <exception cref="RpcException">The call ended with a status other than OK (client), or a message is malformed.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Writes messages; one write at a time. Mirrors <c>Grpc.Core.IAsyncStreamWriter</c>.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the following writes are done.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; completes when the transport took it, so a slow reader slows its writer.</summary>
    /// <exception cref="InvalidOperationException">The previous write is not done, or the call is over.</exception>
    Task WriteAsync(T message);

    /// <summary>As <see cref="WriteAsync(T)"/>; once cancelled, the message may arrive or not, and on the client the call is over.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException("This writer cannot cancel a write.")
        : WriteAsync(message);
}

/// <summary>The client's requests of a streaming call. Mirrors <c>Grpc.Core.IClientStreamWriter</c>.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more requests follow.</summary>
    Task CompleteAsync();
}

/// <summary>The server's responses of a streaming call. Mirrors <c>Grpc.Core.IServerStreamWriter</c>.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>Reading conveniences. Mirrors <c>Grpc.Core.AsyncStreamReaderExtensions</c>.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message; false at the end.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader) => streamReader.MoveNext(CancellationToken.None);

    /// <summary>The rest of the stream.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await streamReader.MoveNext(cancellationToken))
            yield return streamReader.Current;
    }
}
