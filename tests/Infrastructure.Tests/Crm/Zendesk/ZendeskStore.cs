using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ContactCenter.Infrastructure.Tests.Crm.Zendesk;

internal sealed record ZendeskAnswer(int Status, JsonNode? Body)
{
    public static ZendeskAnswer NotFound => new(404, new JsonObject { ["error"] = "RecordNotFound", ["description"] = "Not found" });

    public static ZendeskAnswer Ok(JsonNode body) => new(200, body);
}

internal sealed record StoredFile(long Id, string Name, string Type, byte[] Bytes);

internal sealed record StoredComment(long Id, string Body, bool Public, StoredFile[] Files);

/// <summary>What the server holds. One change at a time, as a ticket's lock in Zendesk.</summary>
internal sealed class ZendeskStore(TimeProvider clock)
{
    private const int LargestUpload = 50 * 1024 * 1024;
    private const int LongestComment = 64 * 1024;
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> users = [];
    private readonly Dictionary<string, long> keys = [];
    private readonly Dictionary<string, (StoredFile File, DateTimeOffset ExpiresAt)> uploads = [];
    private readonly Dictionary<long, StoredTicket> tickets = [];
    private long lastId = 1000;
    private int spent;
    private DateTimeOffset windowEnds;

    /// <summary>How long an upload may wait for its ticket.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>True: uploads are gone without their expiry saying so.</summary>
    public bool ForgetsUploads { get; set; }

    /// <summary>Comments that a ticket takes.</summary>
    public int MostComments { get; set; } = 5000;

    /// <summary>Bytes of a file that are kept; the rest is lost, and the answer says so.</summary>
    public int? Keeps { get; set; }

    /// <summary>Calls per window, or null for any number.</summary>
    public int? Limit { get; set; }

    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Called as soon as somebody looked at a ticket's comments.</summary>
    public Action<long>? AfterComments { get; set; }

    public int Remaining => Math.Max(0, (Limit ?? 0) - spent);

    public int ResetSeconds => Math.Max(1, (int)Math.Ceiling((windowEnds - clock.GetUtcNow()).TotalSeconds));

    /// <summary>Uploads that wait for a ticket, and have not expired.</summary>
    public int Uploads
    {
        get
        {
            lock (gate)
                return uploads.Values.Count(u => u.ExpiresAt > clock.GetUtcNow());
        }
    }

    public int Tickets
    {
        get
        {
            lock (gate)
                return tickets.Count;
        }
    }

    public IReadOnlyList<StoredComment> CommentsOf(string ticketId)
    {
        lock (gate)
            return [.. tickets[Number(ticketId)].Comments];
    }

    /// <summary>Every file on a ticket, in order.</summary>
    public IReadOnlyList<StoredFile> FilesOf(string ticketId) => [.. CommentsOf(ticketId).SelectMany(c => c.Files)];

    /// <summary>An agent closes it: it takes no more changes.</summary>
    public void Close(string ticketId)
    {
        lock (gate)
            tickets[Number(ticketId)].IsClosed = true;
    }

    /// <summary>The ticket that goes on from another; null if none does.</summary>
    public string? FollowerOf(string ticketId)
    {
        lock (gate)
            return tickets.Values.SingleOrDefault(t => t.ExternalId == $"follows-{ticketId}")?.Id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The ticket with our id.</summary>
    public string TicketOf(Guid externalId)
    {
        lock (gate)
            return tickets.Values.Single(t => t.ExternalId == externalId.ToString()).Id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Somebody else comments.</summary>
    public void Comment(long ticketId, string body, bool isPublic = true)
    {
        lock (gate)
        {
            var ticket = tickets[ticketId];
            ticket.Comments.Add(new StoredComment(++lastId, body, isPublic, []));
            ticket.Changes++;
        }
    }

    public ZendeskAnswer? Spend()
    {
        lock (gate)
        {
            if (Limit is not { } limit)
                return null;
            if (clock.GetUtcNow() >= windowEnds)
                (windowEnds, spent) = (clock.GetUtcNow() + Window, 0);
            return spent++ < limit ? null : new ZendeskAnswer(429, new JsonObject { ["error"] = "APIRateLimitExceeded" });
        }
    }

    public ZendeskAnswer Upload(string name, string type, byte[] bytes)
    {
        if (bytes.Length > LargestUpload)
            return new ZendeskAnswer(413, new JsonObject { ["error"] = "AttachmentTooLarge" });
        lock (gate)
        {
            var file = new StoredFile(++lastId, name, type, bytes[..Math.Min(bytes.Length, Keeps ?? bytes.Length)]);
            var token = $"token{++lastId}";
            var expires = clock.GetUtcNow() + TokenLife;
            if (!ForgetsUploads)
                uploads[token] = (file, expires);
            var upload = new JsonObject { ["token"] = token, ["expires_at"] = expires.ToString("yyyy-MM-ddTHH:mm:ssZ"), ["attachment"] = Json(file), ["attachments"] = new JsonArray(Json(file)) };
            return new ZendeskAnswer(201, new JsonObject { ["upload"] = upload });
        }
    }

    public ZendeskAnswer DeleteUpload(string token)
    {
        lock (gate)
            return uploads.Remove(token) ? new ZendeskAnswer(204, null) : ZendeskAnswer.NotFound;
    }

    public ZendeskAnswer SaveUser(JsonNode request)
    {
        lock (gate)
        {
            var externalId = request["user"]!["external_id"]!.GetValue<string>();
            if (!users.TryGetValue(externalId, out var id))
                users[externalId] = id = ++lastId;
            return ZendeskAnswer.Ok(new JsonObject { ["user"] = new JsonObject { ["id"] = id, ["name"] = request["user"]!["name"]!.GetValue<string>() } });
        }
    }

    public ZendeskAnswer FindTickets(string externalId)
    {
        lock (gate)
            return ZendeskAnswer.Ok(new JsonObject { ["tickets"] = new JsonArray([.. tickets.Values.Where(t => t.ExternalId == externalId).Select(t => (JsonNode)t.Json())]) });
    }

    public ZendeskAnswer CreateTicket(JsonNode request, string? key)
    {
        lock (gate)
        {
            if (key is not null && keys.TryGetValue(key, out var known))
                return new ZendeskAnswer(201, new JsonObject { ["ticket"] = tickets[known].Json() });
            var wanted = request["ticket"]!;
            if (IsTooLong(wanted) || !users.ContainsValue((long)wanted["requester_id"]!))
                return new ZendeskAnswer(422, new JsonObject { ["error"] = "RecordInvalid" });
            if ((long?)wanted["via_followup_source_id"] is { } source && tickets.GetValueOrDefault(source) is not { IsClosed: true })
                return new ZendeskAnswer(422, new JsonObject { ["error"] = "RecordInvalid" });
            var ticket = new StoredTicket(++lastId, wanted["external_id"]!.GetValue<string>(), wanted["subject"]!.GetValue<string>(), (long)wanted["requester_id"]!);
            tickets[ticket.Id] = ticket;
            ticket.Comments.Add(Comment(wanted["comment"]!, []));
            if (key is not null)
                keys[key] = ticket.Id;
            return new ZendeskAnswer(201, new JsonObject { ["ticket"] = ticket.Json() });
        }
    }

    public ZendeskAnswer GetTicket(string id)
    {
        lock (gate)
            return tickets.TryGetValue(Number(id), out var ticket) ? ZendeskAnswer.Ok(new JsonObject { ["ticket"] = ticket.Json() }) : ZendeskAnswer.NotFound;
    }

    public ZendeskAnswer UpdateTicket(string id, JsonNode request)
    {
        lock (gate)
        {
            if (!tickets.TryGetValue(Number(id), out var ticket))
                return ZendeskAnswer.NotFound;
            var wanted = request["ticket"]!;
            if ((bool?)wanted["safe_update"] == true && (string?)wanted["updated_stamp"] != ticket.Stamp)
                return new ZendeskAnswer(409, new JsonObject { ["error"] = "UpdateConflict" });
            if (IsTooLong(wanted) || ticket.IsClosed || ticket.Comments.Count >= MostComments)
                return new ZendeskAnswer(422, new JsonObject { ["error"] = "RecordInvalid" });
            List<StoredFile> files = [];
            foreach (var token in wanted["comment"]!["uploads"]?.AsArray().Select(t => t!.GetValue<string>()) ?? [])
            {
                if (!uploads.TryGetValue(token, out var upload) || upload.ExpiresAt <= clock.GetUtcNow())
                    return ZendeskAnswer.NotFound;
                files.Add(upload.File);
            }

            foreach (var token in wanted["comment"]!["uploads"]?.AsArray().Select(t => t!.GetValue<string>()) ?? [])
                uploads.Remove(token);
            ticket.Comments.Add(Comment(wanted["comment"]!, [.. files]));
            ticket.Changes++;
            return ZendeskAnswer.Ok(new JsonObject { ["ticket"] = ticket.Json() });
        }
    }

    public ZendeskAnswer Comments(string id, string? size, string? after)
    {
        ZendeskAnswer answer;
        lock (gate)
        {
            if (!tickets.TryGetValue(Number(id), out var ticket))
                return ZendeskAnswer.NotFound;
            var from = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
            var count = Math.Min(100, int.Parse(size ?? "100", CultureInfo.InvariantCulture));
            var page = ticket.Comments.Skip(from).Take(count).Select(c => (JsonNode)Json(c)).ToArray();
            var meta = new JsonObject { ["has_more"] = from + page.Length < ticket.Comments.Count, ["after_cursor"] = (from + page.Length).ToString(CultureInfo.InvariantCulture) };
            answer = ZendeskAnswer.Ok(new JsonObject { ["comments"] = new JsonArray(page), ["meta"] = meta });
        }

        AfterComments?.Invoke(Number(id));
        return answer;
    }

    private static bool IsTooLong(JsonNode ticket) => Encoding.UTF8.GetByteCount(ticket["comment"]!["body"]!.GetValue<string>()) > LongestComment;

    private StoredComment Comment(JsonNode wanted, StoredFile[] files) =>
        new(++lastId, wanted["body"]!.GetValue<string>(), (bool?)wanted["public"] ?? true, files);

    private static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static JsonObject Json(StoredFile file) => new() { ["id"] = file.Id, ["file_name"] = file.Name, ["content_type"] = file.Type, ["size"] = file.Bytes.Length };

    private static JsonObject Json(StoredComment comment) => new()
    {
        ["id"] = comment.Id,
        ["body"] = comment.Body,
        ["plain_body"] = comment.Body,
        ["public"] = comment.Public,
        ["attachments"] = new JsonArray([.. comment.Files.Select(f => (JsonNode)Json(f))]),
    };

    private sealed class StoredTicket(long id, string externalId, string subject, long requesterId)
    {
        public long Id => id;

        public string ExternalId => externalId;

        public List<StoredComment> Comments { get; } = [];

        public int Changes { get; set; }

        public bool IsClosed { get; set; }

        /// <summary>To the second, as Zendesk's; here every change takes one.</summary>
        public string Stamp => DateTimeOffset.UnixEpoch.AddSeconds(Changes).ToString("yyyy-MM-ddTHH:mm:ssZ");

        public JsonObject Json() => new()
        {
            ["id"] = id,
            ["external_id"] = externalId,
            ["subject"] = subject,
            ["requester_id"] = requesterId,
            ["status"] = IsClosed ? "closed" : "open",
            ["updated_at"] = Stamp,
        };
    }
}
