using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>Starts calls. Mirrors <c>Grpc.Core.CallInvoker</c>.</summary>
public abstract class CallInvoker
{
    /// <summary>One request, one response; blocks the thread.</summary>
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    /// <summary>One request, one response.</summary>
    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    /// <summary>One request, many responses.</summary>
    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    /// <summary>Many requests, one response.</summary>
    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class where TResponse : class;

    /// <summary>Many requests, many responses.</summary>
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class where TResponse : class;
}

/// <summary>A way to one server. Mirrors <c>Grpc.Core.ChannelBase</c>.</summary>
/// <param name="target">Address of the server.</param>
public abstract class ChannelBase(string target)
{
    /// <summary>Address of the server.</summary>
    public string Target { get; } = target;

    /// <summary>Starts calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel; calls under way are cancelled.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Implements <see cref="ShutdownAsync"/>.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}

/// <summary>Base of generated clients. Mirrors <c>Grpc.Core.ClientBase</c>.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    /// <summary>For test doubles; every call fails.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client over a channel.</summary>
    protected ClientBase(ChannelBase channel) : base(channel)
    {
    }

    /// <summary>A client over an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker) : base(callInvoker)
    {
    }

    /// <summary>A configured client.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration)
    {
    }

    /// <summary>The same client, naming another host in its requests.</summary>
    public T WithHost(string host) => NewInstance(new ClientBaseConfiguration(CallInvoker, host));

    /// <summary>Implemented by generated clients.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>Base of generated clients. Mirrors <c>Grpc.Core.ClientBase</c>.</summary>
public abstract class ClientBase
{
    private readonly CallInvoker? _callInvoker;

    /// <summary>For test doubles; every call fails.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client over a channel.</summary>
    protected ClientBase(ChannelBase channel) => _callInvoker = channel.CreateCallInvoker();

    /// <summary>A client over an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker) => _callInvoker = callInvoker;

    /// <summary>A configured client.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) => _callInvoker = configuration.CreateCallInvoker();

    /// <summary>Starts the calls.</summary>
    protected CallInvoker CallInvoker => _callInvoker ?? throw new InvalidOperationException("This client was created without a channel.");

    /// <summary>What a changed copy of a client is made from. Mirrors <c>Grpc.Core.ClientBase.ClientBaseConfiguration</c>.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly CallInvoker _callInvoker;
        private readonly string _host;

        internal ClientBaseConfiguration(CallInvoker callInvoker, string host) => (_callInvoker, _host) = (callInvoker, host);

        internal CallInvoker CreateCallInvoker() => _callInvoker.Intercept(new HostInterceptor(_host));
    }

    private sealed class HostInterceptor(string host) : ContextInterceptor
    {
        protected override ClientInterceptorContext<TRequest, TResponse> Change<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context) => new(context.Method, host, context.Options);
    }
}
