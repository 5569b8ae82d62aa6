using System.Buffers;

namespace Grpc.Core;

/// <summary>The four kinds of calls. Mirrors <c>Grpc.Core.MethodType</c>.</summary>
public enum MethodType
{
    /// <summary>One request, one response.</summary>
    Unary,
    /// <summary>Many requests, one response.</summary>
    ClientStreaming,
    /// <summary>One request, many responses.</summary>
    ServerStreaming,
    /// <summary>Many requests, many responses.</summary>
    DuplexStreaming,
}

/// <summary>A method without its message types. Mirrors <c>Grpc.Core.IMethod</c>.</summary>
public interface IMethod
{
    /// <summary>Kind of call.</summary>
    MethodType Type { get; }

    /// <summary>Full name of the service, like <c>contactcenter.v1.Monitoring</c>.</summary>
    string ServiceName { get; }

    /// <summary>Name of the method alone.</summary>
    string Name { get; }

    /// <summary>The path of its requests, <c>/service/method</c>.</summary>
    string FullName { get; }
}

/// <summary>A method with the marshallers of its messages. Mirrors <c>Grpc.Core.Method</c>.</summary>
/// <param name="type">Kind of call.</param>
/// <param name="serviceName">Full name of the service.</param>
/// <param name="name">Name of the method alone.</param>
/// <param name="requestMarshaller">Reads and writes requests.</param>
/// <param name="responseMarshaller">Reads and writes responses.</param>
public class Method<TRequest, TResponse>(
    MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller) : IMethod
{
    /// <inheritdoc/>
    public MethodType Type { get; } = type;

    /// <inheritdoc/>
    public string ServiceName { get; } = serviceName;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string FullName { get; } = $"/{serviceName}/{name}";

    /// <summary>Reads and writes requests.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; } = requestMarshaller;

    /// <summary>Reads and writes responses.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; } = responseMarshaller;
}

/// <summary>Turns messages into bytes and back. Mirrors <c>Grpc.Core.Marshaller</c>.</summary>
/// <param name="serializer">Writes a message into the context.</param>
/// <param name="deserializer">Reads a message from the context.</param>
public class Marshaller<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
{
    /// <summary>Creates it from functions over arrays; slower.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
        : this((message, context) => context.Complete(serializer(message)), context => deserializer(context.PayloadAsNewBuffer()))
    {
    }

    /// <summary>Writes a message into the context.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; } = serializer;

    /// <summary>Reads a message from the context.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; } = deserializer;
}

/// <summary>Creates marshallers. Mirrors <c>Grpc.Core.Marshallers</c>.</summary>
public static class Marshallers
{
    /// <summary>From functions over contexts.</summary>
    public static Marshaller<T> Create<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);

    /// <summary>From functions over arrays.</summary>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) => new(serializer, deserializer);
}

/// <summary>Takes the bytes of one message. Mirrors <c>Grpc.Core.SerializationContext</c>.</summary>
public abstract class SerializationContext
{
    /// <summary>Completes with the whole message at once.</summary>
    public abstract void Complete(byte[] payload);

    /// <summary>Where to write the message.</summary>
    public abstract IBufferWriter<byte> GetBufferWriter();

    /// <summary>Tells the length in bytes before writing, so that no copy is needed.</summary>
    public abstract void SetPayloadLength(int payloadLength);

    /// <summary>Completes what was written to <see cref="GetBufferWriter"/>.</summary>
    public abstract void Complete();
}

/// <summary>Gives the bytes of one message. Mirrors <c>Grpc.Core.DeserializationContext</c>.</summary>
public abstract class DeserializationContext
{
    /// <summary>Length of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the message's bytes.</summary>
    public abstract byte[] PayloadAsNewBuffer();

    /// <summary>The message's bytes where they are; valid only while deserializing.</summary>
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}
