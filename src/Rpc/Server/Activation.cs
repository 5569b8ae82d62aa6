using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Gets services and interceptors for a call: registered ones from the container, others made for the call and disposed with it.</summary>
internal static class Activation
{
    public static object Resolve(HttpContext http, Type type, ObjectFactory factory, object[]? arguments)
    {
        if (http.RequestServices.GetService(type) is { } registered)
            return registered;
        var made = factory(http.RequestServices, arguments);
        if (made is IAsyncDisposable asyncDisposable)
            http.Response.RegisterForDisposeAsync(asyncDisposable);
        else if (made is IDisposable disposable)
            http.Response.RegisterForDispose(disposable);
        return made;
    }
}

/// <summary>Makes instances of one service.</summary>
internal static class Activation<TService> where TService : class
{
    private static readonly ObjectFactory Factory = ActivatorUtilities.CreateFactory(typeof(TService), Type.EmptyTypes);

    public static TService Resolve(HttpContext http) => (TService)Activation.Resolve(http, typeof(TService), Factory, null);
}
