using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using ContactCenter.Rpc.Wire;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Options of every gRPC service of this application. Mirrors <c>Grpc.AspNetCore.Server.GrpcServiceOptions</c>.</summary>
public class GrpcServiceOptions
{
    /// <summary>Largest request in bytes, also after unpacking; null for none. Larger ones end in RESOURCE_EXHAUSTED. 4 MB by default.</summary>
    public int? MaxReceiveMessageSize { get; set; } = Protocol.DefaultMaxReceiveMessageSize;

    /// <summary>Largest response in bytes, before packing; null, the default, for none.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Whether the text of an unexpected exception goes to the client. Off by default: it may hold what no client should see.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary><c>gzip</c> to compress responses for clients that accept it; null, the default, for not at all.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard to compress; <see cref="CompressionLevel.Fastest"/> by default.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>How long streams may go on once the server is stopping, before they end in UNAVAILABLE. Two seconds by default; not in Grpc.AspNetCore.</summary>
    public TimeSpan StreamShutdownGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asked how a call ends that no interceptor will see: its metadata are too many or malformed, or its request cannot be read. Given
    /// what the call would end with; null, the default, leaves it at that. Not in Grpc.AspNetCore.
    /// </summary>
    public Func<ServerCallContext, RpcException, Task<RpcException>>? Unread { get; set; }

    /// <summary>Interceptors of every call; the first added is the outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}

/// <summary>The interceptors of a server. Mirrors <c>Grpc.AspNetCore.Server.InterceptorCollection</c>.</summary>
public class InterceptorCollection : List<InterceptorRegistration>
{
    /// <summary>Adds an interceptor; it comes from the service provider if registered there, else a new one is made for each call.</summary>
    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    /// <summary>Adds an interceptor; it comes from the service provider if registered there, else a new one is made for each call.</summary>
    public void Add([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type interceptorType, params object[] args) =>
        Add(new InterceptorRegistration(interceptorType, args));
}

/// <summary>One interceptor of a server. Mirrors <c>Grpc.AspNetCore.Server.InterceptorRegistration</c>.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;
    private readonly ObjectFactory _factory;

    internal InterceptorRegistration([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] arguments)
    {
        if (!typeof(Interceptor).IsAssignableFrom(type))
            throw new ArgumentException($"{type} is not an interceptor.", nameof(type));
        (Type, _arguments) = (type, arguments);
        _factory = ActivatorUtilities.CreateFactory(type, [.. arguments.Select(argument => argument.GetType())]);
    }

    /// <summary>The interceptor's type.</summary>
    public Type Type { get; }

    /// <summary>Constructor arguments that do not come from the service provider.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    internal Interceptor Resolve(HttpContext http) => (Interceptor)Activation.Resolve(http, Type, _factory, _arguments);
}
