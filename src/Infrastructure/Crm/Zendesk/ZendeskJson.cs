using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>How Zendesk writes JSON.</summary>
internal static class ZendeskJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}

internal sealed record TicketRequest(TicketChange Ticket);

internal sealed record TicketChange(CommentChange Comment)
{
    public string? Subject { get; init; }

    public string? ExternalId { get; init; }

    public long? RequesterId { get; init; }

    /// <summary>The closed ticket that this one goes on from.</summary>
    public long? ViaFollowupSourceId { get; init; }

    /// <summary>True: refused with 409 if the ticket changed after <see cref="UpdatedStamp"/>.</summary>
    public bool? SafeUpdate { get; init; }

    public string? UpdatedStamp { get; init; }
}

internal sealed record CommentChange(string Body, bool Public, IReadOnlyList<string>? Uploads = null);

internal sealed record TicketAnswer(TicketSeen Ticket);

internal sealed record TicketsAnswer(IReadOnlyList<TicketSeen> Tickets);

internal sealed record TicketSeen(long Id, string UpdatedAt, string? Status, string? Subject, long? RequesterId);

internal sealed record UserRequest(UserChange User);

internal sealed record UserChange(string Name, string ExternalId, bool SkipVerifyEmail = true);

internal sealed record UserAnswer(UserSeen User);

internal sealed record UserSeen(long Id);

internal sealed record CommentsAnswer(IReadOnlyList<CommentSeen> Comments, PageMeta? Meta);

internal sealed record PageMeta(bool HasMore, string? AfterCursor);

internal sealed record CommentSeen(long Id, string? PlainBody, string? Body, bool Public, IReadOnlyList<AttachmentSeen>? Attachments)
{
    public string Text => PlainBody ?? Body ?? "";
}

internal sealed record AttachmentSeen(long Id, string FileName, long Size);

internal sealed record UploadAnswer(UploadSeen Upload);

internal sealed record UploadSeen(string Token, DateTimeOffset? ExpiresAt, IReadOnlyList<AttachmentSeen>? Attachments);

/// <summary>An answer nobody reads.</summary>
internal sealed record Nothing;
