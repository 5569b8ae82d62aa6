using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ContactCenter.Infrastructure.Crm.Zendesk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Crm.Zendesk;

/// <summary>How the server fails a call.</summary>
internal enum ZendeskFault
{
    None,

    /// <summary>500, and nothing is done.</summary>
    Broken,

    /// <summary>503 with Retry-After, and nothing is done.</summary>
    Overloaded,

    /// <summary>429 with Retry-After, and nothing is done.</summary>
    Limited,

    /// <summary>All is done, and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>Nothing is done, and no answer comes.</summary>
    Silent,

    /// <summary>All is done, and the answer comes too late.</summary>
    Slow,

    /// <summary>A page of HTML with 200, and nothing is done.</summary>
    Nonsense,

    /// <summary>401: the token is not taken.</summary>
    Unauthorized,

    /// <summary>403: the token may not do this.</summary>
    Forbidden,

    /// <summary>404: there is nothing of that name.</summary>
    NotFound,

    /// <summary>409: somebody else changed it at the same moment.</summary>
    Conflict,

    /// <summary>413: too large.</summary>
    TooLarge,

    /// <summary>422: the change is refused.</summary>
    Unprocessable,
}

/// <summary>
/// Zendesk as far as recordings need it, as its reference describes it: users, tickets, idempotency keys, safe updates,
/// comments by pages, uploads that expire, limits of size, rate and comments. Fails a call when it is told to.
/// </summary>
internal sealed class ZendeskServer : IAsyncDisposable
{
    public const string Email = "calls@example.test";
    public const string Token = "a-token-of-zendesk";
    private readonly ZendeskStore store;
    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> calls = new();

    private ZendeskServer(WebApplication app, ZendeskStore store)
    {
        this.app = app;
        this.store = store;
    }

    public ZendeskOptions Options => new(new Uri(app.Urls.Single() + "/"), Email, Token);

    public ZendeskStore Store => store;

    /// <summary>Asked for every call, <c>METHOD /path</c>.</summary>
    public Func<string, ZendeskFault> Fault { get; set; } = _ => ZendeskFault.None;

    /// <summary>What it asks for where it is overloaded or limits.</summary>
    public string RetryAfter { get; set; } = "93";

    /// <summary>What was called, oldest first.</summary>
    public IReadOnlyList<string> Calls => [.. calls];

    public static async Task<ZendeskServer> StartAsync(TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var host = builder.Build();
        var server = new ZendeskServer(host, new ZendeskStore(clock ?? TimeProvider.System));
        host.Run(server.HandleAsync);
        await host.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = $"{context.Request.Method} {context.Request.Path}";
        calls.Enqueue(call);
        var fault = Fault(call);
        if (fault == ZendeskFault.Silent)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (fault is ZendeskFault.None or ZendeskFault.AnswerLost or ZendeskFault.Slow)
            await DoAsync(context, fault);
        else
            await FailAsync(context.Response, fault);
    }

    private async Task DoAsync(HttpContext context, ZendeskFault fault)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Email}/token:{Token}"));
        var answer = context.Request.Headers.Authorization != expected
            ? new ZendeskAnswer(401, new JsonObject { ["error"] = "Couldn't authenticate you" })
            : store.Spend() ?? await RouteAsync(context.Request);
        if (fault == ZendeskFault.Slow)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fault is ZendeskFault.AnswerLost or ZendeskFault.Slow)
        {
            context.Abort();
            return;
        }

        if (store.Limit is { } limit)
        {
            context.Response.Headers["X-Rate-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["X-Rate-Limit-Remaining"] = store.Remaining.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["ratelimit-reset"] = store.ResetSeconds.ToString(CultureInfo.InvariantCulture);
            if (answer.Status == 429)
                context.Response.Headers.RetryAfter = store.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Body is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.Body.ToJsonString());
    }

    private async Task FailAsync(HttpResponse response, ZendeskFault fault)
    {
        response.StatusCode = fault switch
        {
            ZendeskFault.Broken => 500,
            ZendeskFault.Overloaded => 503,
            ZendeskFault.Limited => 429,
            ZendeskFault.Unauthorized => 401,
            ZendeskFault.Forbidden => 403,
            ZendeskFault.NotFound => 404,
            ZendeskFault.Conflict => 409,
            ZendeskFault.TooLarge => 413,
            ZendeskFault.Unprocessable => 422,
            _ => 200,
        };
        if (fault is ZendeskFault.Overloaded or ZendeskFault.Limited)
            response.Headers.RetryAfter = RetryAfter;
        await response.WriteAsync("<html>Something went wrong.</html>");
    }

    private async Task<ZendeskAnswer> RouteAsync(HttpRequest request)
    {
        var path = request.Path.Value!.Replace(".json", "", StringComparison.Ordinal).Trim('/').Split('/')[2..];
        return (request.Method, path) switch
        {
            ("POST", ["uploads"]) => store.Upload(request.Query["filename"].ToString(), request.ContentType!, await BytesAsync(request)),
            ("DELETE", ["uploads", var token]) => store.DeleteUpload(token),
            ("POST", ["users", "create_or_update"]) => store.SaveUser(await JsonAsync(request)),
            ("GET", ["tickets"]) => store.FindTickets(request.Query["external_id"].ToString()),
            ("POST", ["tickets"]) => store.CreateTicket(await JsonAsync(request), request.Headers["Idempotency-Key"]),
            ("GET", ["tickets", var id]) => store.GetTicket(id),
            ("PUT", ["tickets", var id]) => store.UpdateTicket(id, await JsonAsync(request)),
            ("GET", ["tickets", var id, "comments"]) => store.Comments(id, request.Query["page[size]"], request.Query["page[after]"]),
            _ => ZendeskAnswer.NotFound,
        };
    }

    private static async Task<JsonNode> JsonAsync(HttpRequest request) => JsonNode.Parse(await BytesAsync(request))!;

    private static async Task<byte[]> BytesAsync(HttpRequest request)
    {
        using var all = new MemoryStream();
        await request.Body.CopyToAsync(all);
        return all.ToArray();
    }
}
