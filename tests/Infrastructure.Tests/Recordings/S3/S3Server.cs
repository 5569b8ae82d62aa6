using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Recordings.S3;

/// <summary>How a request goes wrong.</summary>
internal enum Fault
{
    /// <summary>An error of the server's, nothing done.</summary>
    InternalError,

    /// <summary>Too many requests, nothing done.</summary>
    SlowDown,

    /// <summary>The connection ends, nothing done.</summary>
    Dropped,

    /// <summary>It is done, and the connection ends before the answer.</summary>
    AnswerLost,

    /// <summary>No answer comes.</summary>
    Silent,

    /// <summary>Status 200, and an error in the body: S3 does that when an upload in parts is completed.</summary>
    ErrorInBody,
}

/// <summary>
/// A server that speaks S3 as far as the storage uses it and as strictly: signatures (version 4, body included),
/// conditions, ranges, versions, uploads in parts, pages. It fails when it is told to.
/// </summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string BucketName = "recordings";
    public const string AccessKey = "AKIDTEST";
    public const string SecretKey = "a secret of forty characters, more or less";
    private readonly WebApplication _app;
    private readonly S3Contents _contents;
    private readonly CancellationTokenSource _closing = new();

    private S3Server(WebApplication app, S3Contents contents) => (_app, _contents) = (app, contents);

    public S3Contents Contents => _contents;

    public Uri Endpoint => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What the server says about where the bucket lies.</summary>
    public string Location { get; set; } = "eu-central-1";

    /// <summary>Asked before every request; null lets it pass.</summary>
    public Func<HttpRequest, Fault?> Fail { get; set; } = _ => null;

    /// <summary>Method and target of every request, in order.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new S3Server(app, new S3Contents());
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (Requests)
            Requests.Add($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        var fault = Fail(http.Request);
        if (fault is Fault.Dropped)
        {
            http.Abort();
            return;
        }

        if (fault is Fault.Silent)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, http.RequestAborted);
            await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var answer = fault switch
        {
            Fault.InternalError => S3Answer.Error(500, "InternalError"),
            Fault.SlowDown => S3Answer.Error(503, "SlowDown"),
            Fault.ErrorInBody => S3Answer.Error(200, "InternalError"),
            _ => S3Signature.Refusal(http.Request, body.ToArray(), AccessKey, SecretKey) is { } refusal
                ? S3Answer.Error(403, refusal)
                : Answer(http.Request, body.ToArray()),
        };
        if (fault is Fault.AnswerLost)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers[name] = value;
        http.Response.ContentLength = answer.Length ?? answer.Body.Length;
        if (answer.Length is null)
            await http.Response.Body.WriteAsync(answer.Body);
    }

    private S3Answer Answer(HttpRequest request, byte[] body)
    {
        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != BucketName)
            return S3Answer.Error(404, "NoSuchBucket");
        var key = path.Length == 2 ? path[1] : "";
        var query = request.Query;
        lock (_contents.Gate)
        {
            return (request.Method, key) switch
            {
                ("GET", "") when query.ContainsKey("location") => S3Answer.Xml(new XElement(S3Answer.Ns + "LocationConstraint", Location)),
                ("GET", "") when query.ContainsKey("versions") => _contents.ListVersions(query),
                ("GET", "") when query.ContainsKey("uploads") => _contents.ListUploads(query),
                ("GET", "") => _contents.List(query),
                ("POST", _) when query.ContainsKey("uploads") => _contents.Begin(key),
                ("POST", _) => _contents.Complete(key, query["uploadId"].ToString(), XElement.Parse(Encoding.UTF8.GetString(body)), request.Headers),
                ("PUT", _) when query.ContainsKey("uploadId") => _contents.PutPart(query["uploadId"].ToString(), int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture), body),
                ("PUT", _) => _contents.Put(key, body, request.Headers),
                ("DELETE", _) when query.ContainsKey("uploadId") => _contents.Abort(query["uploadId"].ToString()),
                ("DELETE", _) => _contents.Delete(key, query["versionId"]),
                ("GET" or "HEAD", _) => _contents.Get(key, request.Headers, request.Method == "HEAD"),
                _ => S3Answer.Error(405, "MethodNotAllowed"),
            };
        }
    }
}

/// <summary>What the server answers.</summary>
internal sealed record S3Answer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public static readonly XNamespace Ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>The length of what is not sent: an answer to HEAD.</summary>
    public long? Length { get; init; }

    public static S3Answer Error(int status, string code) =>
        new(status, Encoding.UTF8.GetBytes(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString()), ("Content-Type", "application/xml"));

    public static S3Answer Xml(XElement element) => new(200, Encoding.UTF8.GetBytes(element.ToString()), ("Content-Type", "application/xml"));
}

/// <summary>Signature version 4.</summary>
internal static class S3Signature
{
    /// <summary>Why a request is refused, or null.</summary>
    public static string? Refusal(HttpRequest request, byte[] body, string accessKey, string secretKey)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
            return "AccessDenied";
        var fields = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(field => field.Trim().Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        var scope = fields["Credential"].Split('/');
        if (scope is not [var id, var day, var region, "s3", "aws4_request"] || id != accessKey)
            return "InvalidAccessKeyId";
        var payload = request.Headers["x-amz-content-sha256"].ToString();
        if (payload != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        if (fields["SignedHeaders"].Split(';') is var signed && !signed.Contains("host"))
            return "AccessDenied";
        var target = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = (target.Length == 2 ? target[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => $"{Encode(pair[0])}={(pair.Length == 2 ? Encode(pair[1]) : "")}").Order(StringComparer.Ordinal);
        var canonical = string.Join('\n',
            [request.Method, target[0], string.Join('&', query), .. signed.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}"), "", fields["SignedHeaders"], payload]);
        var date = request.Headers["x-amz-date"].ToString();
        var text = $"AWS4-HMAC-SHA256\n{date}\n{day}/{region}/s3/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, "s3", "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), (from, word) => HMACSHA256.HashData(from, Encoding.UTF8.GetBytes(word)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == fields["Signature"] ? null : "SignatureDoesNotMatch";
    }

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));
}
