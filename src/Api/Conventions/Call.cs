using System.Globalization;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Messaging;
using Microsoft.Net.Http.Headers;

namespace ContactCenter.Api.Conventions;

/// <summary>
/// One REST call on its way to a use case: who calls, from where, with which <c>If-Match</c> and
/// <c>Idempotency-Key</c>. Endpoints take it as their first parameter.
/// </summary>
public sealed class Call
{
    private readonly Dispatcher dispatcher;
    private CallContext? context;

    private Call(HttpContext http, Dispatcher dispatcher)
    {
        Http = http;
        this.dispatcher = dispatcher;
    }

    /// <summary>The request and its answer.</summary>
    public HttpContext Http { get; }

    /// <summary>What the use case gets beside its request.</summary>
    /// <exception cref="BadRequestException">A header is not well formed.</exception>
    public CallContext Context => context ??= Read();

    /// <summary>Binds it as an endpoint's parameter.</summary>
    public static ValueTask<Call> BindAsync(HttpContext http) => new(new Call(http, http.RequestServices.GetRequiredService<Dispatcher>()));

    /// <summary>Sends a command or query and gives what became of it.</summary>
    public Task<Result<T>> SendAsync<T>(MediatR.IRequest<Result<T>> request) => dispatcher.SendAsync(request, Context, Http.RequestAborted);

    /// <summary>Sends a command: 200 with its receipt and the new <c>ETag</c>.</summary>
    public async Task<IResult> DoAsync(ICommand command)
    {
        var answer = await SendAsync(command);
        return answer.IsOk ? Tagged(answer.Value.Version, answer.Value) : answer.Error.ToResult();
    }

    /// <summary>Sends a command that makes something: 201 with its place, its receipt and its <c>ETag</c>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="collection">The path it appears under, without a slash at the end.</param>
    public async Task<IResult> CreateAsync(ICommand command, string collection)
    {
        var answer = await SendAsync(command);
        if (!answer.IsOk)
            return answer.Error.ToResult();
        return Made(answer.Value.Version, $"{collection}/{answer.Value.Id:D}", answer.Value);
    }

    /// <summary>Sends a command with an answer of its own: 200 with it.</summary>
    public async Task<IResult> AnswerAsync<T>(ICommand<T> command)
        where T : notnull
    {
        var answer = await SendAsync(command);
        return answer.IsOk ? Results.Ok(answer.Value) : answer.Error.ToResult();
    }

    /// <summary>Asks: 200 with the answer.</summary>
    public async Task<IResult> AskAsync<T>(IQuery<T> query)
        where T : notnull
    {
        var answer = await SendAsync(query);
        return answer.IsOk ? Results.Ok(answer.Value) : answer.Error.ToResult();
    }

    /// <summary>Asks for one thing: 200 with the answer and its version as <c>ETag</c>.</summary>
    public async Task<IResult> AskAsync<T>(IQuery<T> query, Func<T, long> version)
        where T : notnull
    {
        var answer = await SendAsync(query);
        return answer.IsOk ? Tagged(version(answer.Value), answer.Value) : answer.Error.ToResult();
    }

    /// <summary>True if the caller asks for a live stream instead of a document.</summary>
    public bool WantsStream => Http.Request.GetTypedHeaders().Accept is { } accepted
        && accepted.Any(a => a.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <summary>Where a stream is to be resumed: <c>Last-Event-ID</c>, or null for a fresh one.</summary>
    public string? LastEventId => Http.Request.Headers["Last-Event-ID"] is { Count: 1 } id && !string.IsNullOrEmpty(id[0]) ? id[0] : null;

    /// <summary>200 with a body and a version.</summary>
    public IResult Tagged<T>(long version, T body)
    {
        Tag(version);
        return Results.Ok(body);
    }

    /// <summary>201 with a body, a place and a version.</summary>
    public IResult Made<T>(long version, string location, T body)
    {
        Tag(version);
        return Results.Created(location, body);
    }

    /// <summary>True if a consumer calls, with the token of one session.</summary>
    public bool IsConsumer => Context.Caller.SessionId is not null;

    /// <summary>The agent who calls; nobody's id if the caller is no user, which the use case then refuses.</summary>
    public Guid AgentId => Context.Caller.UserId ?? Guid.Empty;

    private void Tag(long version) =>
        Http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private CallContext Read()
    {
        var now = Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = Http.Features.Get<IdempotencyKey>();
        return new CallContext(Http.Caller())
        {
            CommandId = Guid.CreateVersion7(now),
            Now = now,
            Source = Http.Connection.RemoteIpAddress?.ToString(),
            IdempotencyKey = key?.Key,
            RequestHash = key?.RequestHash,
            IfMatch = IfMatch(Http.Request.Headers[HeaderNames.IfMatch]),
        };
    }

    /// <summary>Only one strong tag of ours: a list, a weak tag or <c>*</c> would let through what nobody looked at.</summary>
    private static long? IfMatch(Microsoft.Extensions.Primitives.StringValues values)
    {
        if (values.Count == 0)
            return null;
        var text = values.ToString().AsSpan().Trim();
        return text.Length > 2 && text[0] == '"' && text[^1] == '"'
            && long.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw BadRequestException.Field("If-Match", "Give the ETag that was answered, as it was: one version in double quotes.");
    }
}
