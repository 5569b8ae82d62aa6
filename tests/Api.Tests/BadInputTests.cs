using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ContactCenter.Api.Tests;

/// <summary>Whatever is sent: the right 4xx, a stable code, no stack trace, nothing changed.</summary>
[Collection(ApiTests.Name)]
public sealed class BadInputTests(TestApi api)
{
    private const string Queue = """{"name":"Billing","channel":"web"}""";

    [Theory]
    [InlineData("", "request.invalid", null)]
    [InlineData("{", "request.malformed_json", "body")]
    [InlineData("[]", "request.malformed_json", "body")]
    [InlineData("null", "request.invalid", null)]
    [InlineData("\"text\"", "request.malformed_json", "body")]
    [InlineData(Queue + "}", "request.malformed_json", "body")]
    [InlineData(Queue + Queue, "request.malformed_json", "body")]
    [InlineData("""{"name":"Billing","channel":"web","color":"red"}""", "request.malformed_json", "color")]
    [InlineData("""{"Name":"Billing","channel":"web"}""", "request.malformed_json", "Name")]
    [InlineData("""{"name":"A","name":"B","channel":"web"}""", "request.malformed_json", null)]
    [InlineData("""{"name":5,"channel":"web"}""", "request.malformed_json", "name")]
    [InlineData("""{"name":null,"channel":"web"}""", "request.malformed_json", "name")]
    [InlineData("""{"channel":"web"}""", "request.malformed_json", "body")]
    [InlineData("""{"name":"Billing","channel":"fax"}""", "request.malformed_json", "channel")]
    [InlineData("""{"name":"Billing","channel":1}""", "request.malformed_json", "channel")]
    [InlineData("""{"name":"Billing","channel":"web","parentId":"not-an-id"}""", "request.malformed_json", "parentId")]
    [InlineData("""{"name":"Billing","channel":"web","teamIds":[null]}""", "request.malformed_json", "teamIds[0]")]
    [InlineData("""{"name":"\ud800","channel":"web"}""", "request.malformed_json", "name")]
    [InlineData("""{"name":"","channel":"web"}""", "request.invalid", "name")]
    [InlineData("""{"name":"Billing","channel":"web","queueId":"00000000-0000-0000-0000-000000000000"}""", "request.invalid", "queueId")]
    public async Task A_body_of_the_wrong_shape_is_refused_by_field(string body, string code, string? field)
    {
        using var answer = await PostAsync("/v1/queues", body);
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest, code);
        if (field is not null)
            problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        problem.ToString().ShouldNotContain("ContactCenter.");
        problem.ToString().ShouldNotContain("System.");
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        using var answer = await PostAsync("/v1/queues", string.Concat(Enumerable.Repeat("{\"name\":", 10_000)));
        await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_nul_character_is_refused_or_stored_but_breaks_nothing()
    {
        using var answer = await PostAsync("/v1/queues", """{"name":"a\u0000b","channel":"web"}""");
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }

    [Theory]
    [InlineData("[{\"permission\":\"audit.read\",\"scope\":\"everything\"}]")]
    [InlineData("[{\"permission\":\"no.such\",\"scope\":\"all\"}]")]
    [InlineData("[{\"scope\":\"all\"}]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    public async Task Grants_that_cannot_be_are_refused(string grants)
    {
        using var answer = await PostAsync("/v1/roles", $$"""{"name":"A role","grants":{{grants}}}""");
        await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{\"reserved_verified_customer\":\"yes\"}", "data.reserved_verified_customer")]
    [InlineData("{\"reserved_secret\":true}", "data.reserved_secret")]
    [InlineData("{\"order\":{\"id\":1}}", "data.order")]
    [InlineData("{\"order\":null}", "data.order")]
    [InlineData("{\"order\":\"\\udc00\"}", "body")]
    public async Task Custom_data_is_refused_whole(string data, string field)
    {
        using var answer = await PostAsync(
            "/v1/sessions", $$$"""{"kind":"chat","channel":"web","queueId":"{{{await api.QueueAsync()}}}","consumer":{"kind":"visitor","identity":"v"},"data":{{{data}}}}""");
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
    }

    [Theory]
    [InlineData("/v1/sessions/not-an-id", "id")]
    [InlineData("/v1/sessions/not-an-id/history", "id")]
    [InlineData("/v1/monitoring/calls/queued?limit=many", "limit")]
    [InlineData("/v1/monitoring/calls/queued?limit=0", "limit")]
    [InlineData("/v1/monitoring/calls/queued?limit=201", "limit")]
    [InlineData("/v1/monitoring/calls/queued?sort=;drop", "sort")]
    [InlineData("/v1/monitoring/calls/queued?channel=fax", "channel")]
    [InlineData("/v1/monitoring/calls/queued?channel=2", "channel")]
    [InlineData("/v1/monitoring/calls/queued?queueId=x", "queueId")]
    [InlineData("/v1/monitoring/calls/queued?cursor=x", "cursor")]
    [InlineData("/v1/monitoring/calls/queued?color=red", "color")]
    [InlineData("/v1/audit?outcome=maybe", "outcome")]
    [InlineData("/v1/audit?from=yesterday", "from")]
    [InlineData("/v1/events?after=-1", "after")]
    [InlineData("/v1/streams/x", "stream")]
    public async Task A_bad_id_or_parameter_is_refused_by_field(string path, string field)
    {
        using var answer = await api.Admin.GetAsync(path);
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
    }

    [Theory]
    [InlineData("If-Match", "5")]
    [InlineData("If-Match", "*")]
    [InlineData("If-Match", "W/\"5\"")]
    [InlineData("If-Match", "\"5\", \"6\"")]
    [InlineData("Idempotency-Key", "with space")]
    public async Task A_bad_header_is_refused_by_name(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/queues/{await api.QueueAsync()}");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await api.Admin.SendAsync(request);
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        problem.GetProperty("errors").TryGetProperty(header, out _).ShouldBeTrue(problem.ToString());
    }

    [Fact]
    public async Task An_idempotency_key_of_256_characters_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/queues/{await api.QueueAsync()}");
        request.Headers.Add("Idempotency-Key", new string('k', 256));
        using var answer = await api.Admin.SendAsync(request);
        await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Ten_megabytes_are_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/queues")
        {
            Content = new StringContent($$"""{"name":"{{new string('x', 10 << 20)}}","channel":"web"}""", Encoding.UTF8, "application/json"),
        };
        // Else the connection would be closed while the client still sends.
        request.Headers.ExpectContinue = true;
        using var answer = await api.Admin.SendAsync(request);
        await answer.ShouldRefuseAsync(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        using var content = new StringContent("name=Billing", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await api.Admin.PostAsync("/v1/queues", content);
        await answer.ShouldRefuseAsync(HttpStatusCode.UnsupportedMediaType, "request.media_type");
    }

    [Theory]
    [InlineData("application/json; charset=zzz")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_charset_is_refused(string contentType)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await api.Admin.PostAsync("/v1/queues", content);
        await answer.ShouldRefuseAsync(HttpStatusCode.UnsupportedMediaType, "request.media_type");
    }

    [Fact]
    public async Task An_unknown_path_and_a_wrong_method_are_problems()
    {
        await (await api.Admin.GetAsync("/v1/no/such/path")).ShouldRefuseAsync(HttpStatusCode.NotFound, "request.unknown_path");
        using var answer = await api.Admin.PutAsync("/v1/sessions", content: null);
        await answer.ShouldRefuseAsync(HttpStatusCode.MethodNotAllowed, "request.method_not_allowed");
        answer.Content.Headers.Allow.ShouldContain("POST");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("cc_")]
    [InlineData("cc_00000000000000000000000000000000_AAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    public async Task A_bad_token_is_nobody(string token)
    {
        using var client = api.Client(token);
        await (await client.GetAsync("/v1/events")).ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
    }

    [Fact]
    public async Task A_hundred_thousand_header_bytes_are_refused_without_a_stack_trace()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(api.Rest.Host, api.Rest.Port);
        var stream = socket.GetStream();
        var request = $"GET /v1/events HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 100_000)}\r\n\r\n";
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        }
        catch (IOException)
        {
            // The server need not read all of it.
        }

        var answer = new byte[4096];
        var text = Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer));
        text.ShouldStartWith("HTTP/1.1 431");
        text.ShouldContain("request.headers_too_large");
        text.ShouldNotContain("   at ");
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        api.Admin.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
}
