using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Audit;
using ContactCenter.Application.Projections;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>The audit trail (ADM-2).</summary>
public static class AuditEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAudit(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/audit", TrailAsync).WithName("GetAuditTrail").WithTags("audit")
            .Produces<Page<AuditEntry>>(StatusCodes.Status200OK, "application/json", AuditExport.Csv, AuditExport.JsonLines)
            .WithSummary("Every command, allowed or refused. As CSV or JSON Lines by Accept: then all of it, from the cursor on.");
    }

    private static async Task<IResult> TrailAsync(Call call, [AsParameters] AuditQuery filter, [AsParameters] PageQuery page)
    {
        var format = AuditExport.FormatOf(call.Http.Request);
        if (format is null)
            return await call.AskAsync(filter.Page(page.Request));
        // The first page is read before anything is written, so that a refusal is still an answer.
        var first = await call.SendAsync(filter.Page(page.Request with { Limit = AuditExport.PageSize }));
        return first.IsOk
            ? new AuditExport(format, first.Value, cursor => call.SendAsync(filter.Page(page.Request with { Limit = AuditExport.PageSize, Cursor = cursor })))
            : first.Error.ToResult();
    }
}

/// <summary>Which part of the audit trail.</summary>
/// <param name="Actor">By this user, API key, session or component.</param>
/// <param name="Command">Through this command.</param>
/// <param name="Subject">About this stream.</param>
/// <param name="Outcome">With this outcome.</param>
/// <param name="From">At or after.</param>
/// <param name="To">Before.</param>
public sealed record AuditQuery(
    [property: FromQuery(Name = "actor")] string? Actor = null,
    [property: FromQuery(Name = "command")] string? Command = null,
    [property: FromQuery(Name = "subject")] string? Subject = null,
    [property: FromQuery(Name = "outcome")] Word<AuditOutcome>? Outcome = null,
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null)
{
    internal GetAuditTrail Page(PageRequest page) => new(Actor, Command, Subject, Outcome?.Value, From?.Value, To?.Value, page);
}
