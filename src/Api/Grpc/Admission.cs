using ContactCenter.Api.Auth;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Messaging;
using ContactCenter.Infrastructure.Database;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// What a call was let in with. A stream is let in again and again: when its token expired, its key was revoked, or
/// what the caller may do has changed, it ends, and the client calls again with what is valid then.
/// </summary>
public sealed class Admission : IDisposable
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource ends;

    private Admission(Caller caller, CancellationToken callEnds)
    {
        Caller = caller;
        ends = CancellationTokenSource.CreateLinkedTokenSource(callEnds);
        Token = ends.Token;
    }

    /// <summary>Who calls.</summary>
    public Caller Caller { get; }

    /// <summary>Cancelled when the call ends, or the right to it.</summary>
    public CancellationToken Token { get; }

    /// <summary>True once the caller no longer has the right to the call.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The refusal that ends the call then.</summary>
    public static RpcException Refusal => CallerResolver.Changed.ToRpcException();

    /// <summary>The admission of a call that passed the gate.</summary>
    public static Admission Of(ServerCallContext context) => context.GetHttpContext().Features.GetRequiredFeature<Admission>();

    /// <summary>Lets a call in, if somebody known sends it.</summary>
    internal static async ValueTask<Admission?> ToAsync(ServerCallContext context, CallerResolver callers)
    {
        var http = context.GetHttpContext();
        if (await ResolveAsync(http, callers, context.CancellationToken) is not { } caller)
            return null;
        var admission = new Admission(caller, context.CancellationToken);
        http.Features.Set(caller);
        http.Features.Set(admission);
        return admission;
    }

    /// <summary>Looks again now and then, for as long as the call lasts.</summary>
    internal async Task WatchAsync(HttpContext http, CallerResolver callers, TimeProvider clock)
    {
        while (true)
        {
            await Task.Delay(Recheck, clock, Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Token.IsCancellationRequested)
                return;
            if (await MayGoOnAsync(http, callers))
                continue;
            IsOver = true;
            await ends.CancelAsync();
            return;
        }
    }

    /// <summary>The call is over.</summary>
    internal void End() => ends.Cancel();

    /// <inheritdoc/>
    public void Dispose() => ends.Dispose();

    private static async ValueTask<Caller?> ResolveAsync(HttpContext http, CallerResolver callers, CancellationToken cancellationToken)
    {
        var values = http.Request.Headers.Authorization;
        return values.Count == 1 ? await callers.ResolveAsync(values[0], cancellationToken) : null;
    }

    private async ValueTask<bool> MayGoOnAsync(HttpContext http, CallerResolver callers)
    {
        try
        {
            return await ResolveAsync(http, callers, Token) is { } now && now.MaySameAs(Caller);
        }
        catch (Exception e) when (Transience.IsUnavailable(e) || (e is OperationCanceledException && Token.IsCancellationRequested))
        {
            // Nothing is known against the caller; the next look decides.
            return true;
        }
    }
}
