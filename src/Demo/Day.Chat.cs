using ContactCenter.V1;

namespace ContactCenter.Demo;

/// <summary>One chat, and what the auditor sees of the day.</summary>
internal sealed partial class Day
{
    public async Task LiveThroughAChatAsync()
    {
        Story.Chapter("A consumer chats");
        var started = await sdk.PostAsync("/v1/sessions", new
        {
            kind = "chat",
            channel = "mobile",
            queueId,
            language = "en",
            consumer = new { kind = "mobileSdk", identity = "demo-phone-2", name = "Grace Hopper" },
        }, ct);
        var sessionId = Text(started, "id");
        using var consumer = open.As(Text(started, "sessionToken"));
        await consumer.PostAsync($"/v1/sessions/{sessionId}/messages", new { text = "Hello? My invoice is wrong." }, ct);
        Story.Tell("Grace asks while she waits: \"Hello? My invoice is wrong.\"");

        var offer = (await Agent.NextAsync(c => c.Offer?.SessionId == sessionId, ct)).Offer;
        await Agent.DoAsync(new AdapterEvent { AcceptOffer = new() { SessionId = sessionId, OfferId = offer.OfferId } }, ct);
        var connected = (await Agent.NextAsync(c => c.SessionUpdate is { Status: SessionStatus.Connected } u && u.SessionId == sessionId, ct)).SessionUpdate;
        Story.Tell($"Ada takes the chat of {offer.ConsumerName} and reads: \"{string.Join(" / ", connected.Transcript.Select(m => m.Text))}\"");

        await Agent.DoAsync(new AdapterEvent { SendMessage = new() { SessionId = sessionId, MessageId = Guid.CreateVersion7().ToString(), Text = "I see it. A corrected one is on its way." } }, ct);
        await consumer.PostAsync($"/v1/sessions/{sessionId}/messages", new { text = "Thank you!" }, ct);
        var thanks = (await Agent.NextAsync(c => c.Message?.SessionId == sessionId && c.Message.Message_.Author == ChatMessage.Types.Author.Consumer, ct)).Message;
        Story.Tell($"Ada answers; Grace writes: \"{thanks.Message_.Text}\"");
        await Agent.DoAsync(new AdapterEvent { End = new() { SessionId = sessionId } }, ct);
        await Agent.NextAsync(c => c.WrapUpStarted?.SessionId == sessionId, ct);
        await Agent.DoAsync(new AdapterEvent { WrapUp = new() { SessionId = sessionId, Disposition = "invoice corrected" } }, ct);

        await UntilAsync("the transcript on the ticket", async () =>
        {
            if (!await HasTicketAsync(sessionId))
                return false;
            var ticket = await admin.GetAsync($"/v1/sessions/{sessionId}/ticket", ct);
            return ticket["comments"]?.AsArray().Any(c => c?["body"]?.ToString().Contains("Thank you!", StringComparison.Ordinal) == true) == true;
        });
        Story.Tell("Ada ends and wraps up; the transcript is on the ticket.");
    }

    public async Task AskTheAuditorAsync()
    {
        Story.Chapter("The auditor asks what happened");
        var trail = await admin.GetAsync("/v1/audit?limit=200", ct);
        var entries = trail["items"]?.AsArray() ?? [];
        Story.Tell($"The audit trail holds {entries.Count} entries of this day; commands: {string.Join(", ", entries.Select(e => e?["command"]?.ToString()).Distinct())}.");
        if (entries.Count == 0)
            throw new DemoException("The audit trail should not be empty.");
    }

    private async Task<bool> HasTicketAsync(string sessionId) =>
        (await admin.GetAsync($"/v1/sessions/{sessionId}", ct))["ticketId"] is not null;
}
