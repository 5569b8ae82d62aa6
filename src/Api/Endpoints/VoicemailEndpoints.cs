using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Messages that callers left: for the agents of their queue, and for who may open the ticket (AHD-10).</summary>
public static class VoicemailEndpoints
{
    private const string InCrm = "voicemail.in_crm";

    /// <summary>Maps them.</summary>
    public static void MapVoicemails(this IEndpointRouteBuilder v1)
    {
        var voicemails = v1.MapGroup("/voicemails").WithTags("voicemails");
        voicemails.MapGet("/", (Call call, [AsParameters] VoicemailQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListVoicemails(filter.QueueId, filter.Unread, page.Request))).Query<Page<VoicemailCard>>("ListVoicemails")
            .WithSummary("Voicemails of the queues within reach.");
        voicemails.MapGet("/{id}", (Call call, Guid id) => call.AskAsync(new GetVoicemail(id), v => v.Version)).Query<VoicemailDetails>("GetVoicemail")
            .WithSummary("One voicemail with the number to call back, and where it can be played.");
        voicemails.MapPost("/{id}/read", (Call call, Guid id) => call.DoAsync(new ReadVoicemail(id))).Command("ReadVoicemail")
            .WithSummary("Takes care of a voicemail; for the others it is read.");
        voicemails.MapPost("/{id}/transcript", (Call call, Guid id, TranscriptBody body) => call.DoAsync(new TranscribeVoicemail(id, body.Text, body.Lines))).Command("TranscribeVoicemail")
            .WithSummary("An add-on's transcript, as one text or as lines with times; kept with the ticket. Needs transcripts.write. What was said while nothing was recorded is redacted; 409 voicemail.has_gaps for a text of a message that has such times.");
        voicemails.MapGet("/{id}/content", ContentAsync).WithName("PlayVoicemail")
            .Produces<byte[]>(StatusCodes.Status200OK, "audio/wav").Produces<byte[]>(StatusCodes.Status206PartialContent, "audio/wav")
            .Produces<Problem>(StatusCodes.Status409Conflict, Problem.ContentType)
            .WithSummary("The message; takes Range. 409 voicemail.not_ready until its ticket holds it, where it is not kept here, "
                + "and 409 voicemail.in_crm with details.ticketUrl where another CRM than the built-in one plays it.");
        v1.MapPost("/sessions/{id}/keys", (Call call, Guid id, KeysBody body) => call.DoAsync(new PressKeys(id, body.Keys))).Command("PressKeys").WithTags("entry")
            .WithSummary("Keys of the caller's telephone, whole or one by one: a number to call back (two zeros, country code, then #), or # to end a message.");
    }

    private static async Task<IResult> ContentAsync(Call call, Guid id)
    {
        var answer = await call.SendAsync(new PlayVoicemail(id, AudioAnswer.Asked(call.Http.Request)));
        if (!answer.IsOk)
            return await RefusalAsync(call, id, answer.Error);
        return AudioAnswer.Of(call.Http, answer.Value);
    }

    private static async Task<IResult> RefusalAsync(Call call, Guid id, DomainError refusal)
    {
        var problem = ProblemMapping.Of(refusal);
        if (refusal.Code == InCrm && await call.SendAsync(new GetVoicemail(id)) is { IsOk: true, Value.TicketUrl: { } address })
            problem = problem with { Details = new VoicemailInCrm(address) };
        return new ProblemResult(problem);
    }
}

/// <summary>Where a message can be heard that another CRM holds.</summary>
/// <param name="TicketUrl">The ticket's address there.</param>
public sealed record VoicemailInCrm(string TicketUrl);

/// <summary>Which voicemails.</summary>
/// <param name="QueueId">Of this queue.</param>
/// <param name="Unread">Only those nobody took care of, or only the others.</param>
public sealed record VoicemailQuery(
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null,
    [property: FromQuery(Name = "unread")] bool? Unread = null);

/// <summary>What was said in a voicemail.</summary>
/// <param name="Text">1 to 20,000 characters; or null, with lines.</param>
/// <param name="Lines">Or line by line, with times.</param>
public sealed record TranscriptBody(string? Text = null, IReadOnlyList<SpokenLine>? Lines = null)
{
    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(TranscriptBody);
}

/// <summary>Keys of a telephone.</summary>
/// <param name="Keys">1 to 32 of 0 to 9, * and #.</param>
public sealed record KeysBody(string Keys)
{
    /// <summary>Never the keys, so that they cannot slip into a log line.</summary>
    public override string ToString() => nameof(KeysBody);
}
