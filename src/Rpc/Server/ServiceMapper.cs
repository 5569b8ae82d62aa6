using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Turns a service's methods into handlers. The generated bind method says which there are; reflection happens here once, never in a call.</summary>
internal sealed class ServiceMapper<TService>(ServerServices services) : ServiceBinderBase where TService : class
{
    private readonly List<CallHandler> _handlers = [];

    /// <summary>The handlers of every method of the service.</summary>
    /// <exception cref="InvalidOperationException">The type does not derive from a generated service base class.</exception>
    public IReadOnlyList<CallHandler> Map()
    {
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated gRPC service base class.");
        var bind = attribute.BindType
            .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Single(method => method.Name == attribute.BindMethodName
                && method.GetParameters() is { Length: 2 } parameters
                && parameters[0].ParameterType == typeof(ServiceBinderBase)
                && parameters[1].ParameterType.IsAssignableFrom(typeof(TService)));
        bind.Invoke(null, [this, null]);
        return _handlers;
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, typeof(TRequest), typeof(ServerCallContext));
        UnaryServerMethod<TRequest, TResponse> invoke = (request, context) => open(Service(context), request, context);
        foreach (var interceptor in Innermost())
        {
            var next = invoke;
            invoke = (request, context) => interceptor.Resolve(Http(context)).UnaryServerHandler(request, context, next);
        }
        _handlers.Add(new UnaryHandler<TRequest, TResponse>(method, invoke, services));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        ClientStreamingServerMethod<TRequest, TResponse> invoke = (requests, context) => open(Service(context), requests, context);
        foreach (var interceptor in Innermost())
        {
            var next = invoke;
            invoke = (requests, context) => interceptor.Resolve(Http(context)).ClientStreamingServerHandler(requests, context, next);
        }
        _handlers.Add(new ClientStreamingHandler<TRequest, TResponse>(method, invoke, services));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        ServerStreamingServerMethod<TRequest, TResponse> invoke = (request, responses, context) => open(Service(context), request, responses, context);
        foreach (var interceptor in Innermost())
        {
            var next = invoke;
            invoke = (request, responses, context) =>
                interceptor.Resolve(Http(context)).ServerStreamingServerHandler(request, responses, context, next);
        }
        _handlers.Add(new ServerStreamingHandler<TRequest, TResponse>(method, invoke, services));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        DuplexStreamingServerMethod<TRequest, TResponse> invoke = (requests, responses, context) => open(Service(context), requests, responses, context);
        foreach (var interceptor in Innermost())
        {
            var next = invoke;
            invoke = (requests, responses, context) =>
                interceptor.Resolve(Http(context)).DuplexStreamingServerHandler(requests, responses, context, next);
        }
        _handlers.Add(new DuplexStreamingHandler<TRequest, TResponse>(method, invoke, services));
    }

    private IEnumerable<InterceptorRegistration> Innermost() => services.Options.Interceptors.AsEnumerable().Reverse();

    private static HttpContext Http(ServerCallContext context) => context.GetHttpContext();

    private static TService Service(ServerCallContext context) => Activation<TService>.Resolve(Http(context));

    private static TDelegate Open<TDelegate>(IMethod method, params Type[] parameters) where TDelegate : Delegate =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)!.CreateDelegate<TDelegate>();
}
