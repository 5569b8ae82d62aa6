using System.Diagnostics.CodeAnalysis;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Access;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Microsoft.AspNetCore.Authorization;

namespace ContactCenter.Api.Auth;

/// <summary>Finds out who calls from an <c>Authorization</c> value; REST and gRPC both ask here.</summary>
public sealed class CallerResolver(AccessTokens tokens, Authenticator authenticator, TimeProvider clock)
{
    /// <summary>Ends a stream whose caller may do something else than when it began: opened again it goes by that.</summary>
    public static readonly UnauthenticatedError Changed = new("auth.changed", "What you may do has changed: call again.");

    private const string Scheme = "Bearer ";
    private const string ApiKeyPrefix = "cc_";

    /// <summary>The caller, or null if the value is missing, not ours, altered, expired, revoked or void.</summary>
    /// <param name="authorization">The header's value, or null.</param>
    /// <param name="cancellationToken">Cancels looking it up.</param>
    public async ValueTask<Caller?> ResolveAsync(string? authorization, CancellationToken cancellationToken)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var credential = authorization[Scheme.Length..].Trim();
        if (credential.StartsWith(ApiKeyPrefix, StringComparison.Ordinal))
            return await authenticator.ApiKeyAsync(credential, cancellationToken);
        if (tokens.Read(credential, clock.GetUtcNow()) is not { } claims)
            return null;
        return claims.Use == TokenUse.User
            ? await authenticator.UserAsync(claims.Subject, claims.IssuedAt, cancellationToken)
            : Authenticator.Consumer(claims.Subject);
    }
}

/// <summary>
/// Puts the <see cref="Caller"/> on the request. Closed by default: somebody unknown reaches what is marked
/// <c>AllowAnonymous</c> and the document's page, and hears of nothing else whether it exists.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by UseMiddleware.")]
internal sealed class CallerAuthentication(RequestDelegate next, CallerResolver callers, SignedRequests signed)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var values = http.Request.Headers.Authorization;
        var caller = values.Count != 1 ? null
            : SignedRequests.Claims(values[0]) ? await signed.ResolveAsync(http, values[0]!)
            : await callers.ResolveAsync(values[0], http.RequestAborted);
        http.Features.Set(caller ?? Caller.Anonymous);
        if (caller is null && !IsOpen(http))
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            await next(http);
    }

    /// <summary>The document's page is the one thing that answers without being an endpoint.</summary>
    private static bool IsOpen(HttpContext http) => http.GetEndpoint() is { } endpoint
        ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        : http.Request.Path.StartsWithSegments(ApiDocument.Page, StringComparison.Ordinal);
}

/// <summary>Reads what <see cref="CallerAuthentication"/> found.</summary>
public static class CallerExtensions
{
    /// <summary>Who calls; anonymous if nobody known.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>() ?? Application.Messaging.Caller.Anonymous;
}
