using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ContactCenter.Application.Audit;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using Microsoft.Extensions.Options;

namespace ContactCenter.Api.Endpoints;

/// <summary>Writes the audit trail page by page as CSV (RFC 4180) or JSON Lines; never more than a page in memory.</summary>
/// <param name="format">Its media type.</param>
/// <param name="first">The first page.</param>
/// <param name="next">Reads the page at a cursor.</param>
internal sealed class AuditExport(string format, Page<AuditEntry> first, Func<string, Task<Result<Page<AuditEntry>>>> next) : IResult
{
    public const string Csv = "text/csv";
    public const string JsonLines = "application/jsonl";
    public const int PageSize = 200;

    private const string Head = "position,at,actorKind,actorId,command,commandId,source,stream,version,subject,type,eventId,outcome,code,count\r\n";

    /// <summary>What the client asks for, or null for a page as JSON.</summary>
    public static string? FormatOf(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Accepts(Csv) ? Csv : Accepts(JsonLines) || Accepts("application/x-ndjson") ? JsonLines : null;

        bool Accepts(string type) => accepted.Any(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = httpContext.RequestServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        var response = httpContext.Response;
        response.ContentType = format + "; charset=utf-8";
        if (format == Csv)
            Encoding.UTF8.GetBytes(Head, response.BodyWriter);
        for (var page = first; ;)
        {
            foreach (var entry in page.Items)
                Write(response.BodyWriter, entry, json);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            if (page.NextCursor is null)
                return;
            var following = await next(page.NextCursor);
            // Cut off without its end, so that nobody takes a part for the whole.
            page = following.IsOk ? following.Value : throw new IOException($"The export cannot go on: {following.Error.Code}.");
        }
    }

    private void Write(PipeWriter output, AuditEntry e, JsonSerializerOptions json)
    {
        if (format == Csv)
        {
            string?[] fields =
            [
                e.Position, e.At.ToString("O", CultureInfo.InvariantCulture), Word(e.ActorKind), e.ActorId, e.Command, e.CommandId.ToString(), e.Source,
                e.Stream, e.Version.ToString(CultureInfo.InvariantCulture), e.Subject, e.Type, e.EventId.ToString(), Word(e.Outcome), e.Code,
                e.Count.ToString(CultureInfo.InvariantCulture),
            ];
            Encoding.UTF8.GetBytes(string.Join(',', fields.Select(Field)) + "\r\n", output);
            return;
        }

        using (var writer = new Utf8JsonWriter(output))
            JsonSerializer.Serialize(writer, e, json);
        output.Write("\n"u8);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe.</summary>
    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        var plain = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return plain.AsSpan().IndexOfAny(",\"\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
