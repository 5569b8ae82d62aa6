using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Hosting;
using ContactCenter.Application.Access;

namespace ContactCenter.Api.Endpoints;

/// <summary>Signing in.</summary>
public static class AuthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAuth(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/auth/token", SignInAsync).Command<TokenAnswer>("SignIn", StatusCodes.Status200OK)
            .WithTags("access").AllowAnonymous().RequireRateLimiting(RateLimits.SignIn)
            .WithSummary("Signs a user in; the token goes into Authorization: Bearer.");
    }

    private static async Task<IResult> SignInAsync(Call call, SignInBody body, AccessTokens tokens, ApiOptions options)
    {
        if (body.Login is null == body.User is null)
            throw BadRequestException.Field("login", "Give login, or user; not both.");
        var answer = await call.SendAsync(new SignIn(body.Login ?? body.User!, body.Password));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        var token = tokens.Issue(TokenUse.User, answer.Value.UserId, answer.Value.At, options.TokenLifetime);
        call.Http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new TokenAnswer(token, "Bearer", (int)options.TokenLifetime.TotalSeconds));
    }
}

/// <summary>Who signs in.</summary>
/// <param name="Password">The password.</param>
/// <param name="Login">The login.</param>
/// <param name="User">Another word for the login.</param>
public sealed record SignInBody(string Password, string? Login = null, string? User = null)
{
    /// <summary>Never the password, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(SignInBody);
}

/// <summary>A token.</summary>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresInSeconds">Good for this long.</param>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresInSeconds)
{
    /// <summary>Never the token, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(TokenAnswer);
}
