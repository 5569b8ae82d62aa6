using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Application.Messaging;

/// <summary>
/// The one way in: REST, gRPC, jobs and callbacks all send their commands and queries here, each in a scope of its
/// own, through the same pipeline.
/// </summary>
public sealed class Dispatcher(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Sends one request with its context and returns what became of it.</summary>
    public async Task<Result<TAnswer>> SendAsync<TAnswer>(IRequest<Result<TAnswer>> request, CallContext context, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var call = scope.ServiceProvider.GetRequiredService<CurrentCall>();
        call.Context = context;
        call.CommandName = request.GetType().Name;
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }

    /// <summary>Sends a command of this software itself.</summary>
    /// <param name="component">Which component, for the audit trail: <c>routing</c>, <c>media</c>, <c>jobs</c>.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Cancels waiting for the answer.</param>
    public Task<Result<TAnswer>> SendAsSystemAsync<TAnswer>(string component, IRequest<Result<TAnswer>> command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var context = new CallContext(Caller.System(component)) { CommandId = Guid.CreateVersion7(now), Now = now, Source = component };
        return SendAsync(command, context, cancellationToken);
    }
}
