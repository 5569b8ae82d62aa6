using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Crm;
using Microsoft.Net.Http.Headers;

namespace ContactCenter.Api.Endpoints;

/// <summary>The built-in CRM's tickets (ADM-6).</summary>
public static class TicketEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapTickets(this IEndpointRouteBuilder v1)
    {
        var tickets = v1.MapGroup(string.Empty).WithTags("tickets");
        tickets.MapGet("/tickets/{id}", (Call call, Guid id) => call.AskAsync(new GetTicket(id))).Query<TicketDetails>("GetTicket")
            .WithSummary("A ticket with its comments and files.");
        tickets.MapGet("/sessions/{id}/ticket", (Call call, Guid id) => call.AskAsync(new GetSessionTicket(id))).Query<TicketDetails>("GetSessionTicket")
            .WithSummary("The ticket of a session.");
        tickets.MapGet("/tickets/{id}/attachments/{attachmentId}/content", ContentAsync).WithName("GetAttachmentContent").Sends(new OpenAttachment(Guid.Empty, Guid.Empty))
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream").Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .WithSummary("A file's bytes; takes Range.");
    }

    private static async Task<IResult> ContentAsync(Call call, Guid id, Guid attachmentId)
    {
        var answer = await call.SendAsync(new OpenAttachment(id, attachmentId));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        var (file, content) = answer.Value;
        call.Http.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(content, file.ContentType, file.FileName, file.AttachedAt, new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }
}
