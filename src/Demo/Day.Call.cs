using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Demo;

/// <summary>One call, from arrival to the CRM.</summary>
internal sealed partial class Day
{
    public async Task LiveThroughACallAsync(string? voice)
    {
        Story.Chapter("A consumer calls");
        using var page = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var onPage = new ConcurrentQueue<(string Session, string Told)>();
        var watching = WatchPageAsync(onPage, page.Token);
        var started = await sdk.PostAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "mobile",
            queueId,
            language = "en",
            consent = "granted",
            voice = Lend(voice),
            consumer = new { kind = "mobileSdk", identity = "demo-phone-1" },
            data = new Dictionary<string, object> { ["reserved_verified_customer"] = true, ["order"] = "4711" },
        }, ct);
        var sessionId = Text(started, "id");
        using var consumer = open.As(Text(started, "sessionToken"));
        Story.Tell($"Session {sessionId} waits in \"Billing\"{(voice is null ? "; the consumer's voice is a tone (simulated)" : $"; the consumer speaks {Path.GetFileName(voice)} (simulated)")}.");

        var offer = (await Agent.NextAsync(c => c.Offer?.SessionId == sessionId, ct)).Offer;
        Must(offer.Flags.VerifiedCustomer && offer.Preparation.WhisperText.Length > 0, "The offer should tell that the consumer is verified, and whisper.");
        Story.Tell($"Ada is offered the call of \"{offer.ConsumerName}\" ({string.Join(" > ", offer.QueuePath)}; verified: {offer.Flags.VerifiedCustomer}); whisper: \"{offer.Preparation.WhisperText}\".");
        await Agent.DoAsync(new AdapterEvent { AcceptOffer = new() { SessionId = sessionId, OfferId = offer.OfferId } }, ct);
        Story.Tell("Ada accepts, and hears the whisper; the consumer still waits.");
        await Agent.NextAsync(c => c.SessionUpdate is { Status: SessionStatus.Connected } u && u.SessionId == sessionId, ct);
        Story.Tell("Connected: both hear the recording tone, and each other.");

        await ShownAsync(onPage, sessionId, "connected");
        Must(await ListenInAsync(sessionId, seconds: 1) > 0, "The supervisor should hear something.");
        await SuperviseAsync(sessionId);
        await HoldAndPauseAsync(sessionId);
        await ShownAsync(onPage, sessionId, "held");
        await consumer.PostAsync($"/v1/sessions/{sessionId}/leave", new { }, ct);
        Story.Tell("The consumer hangs up.");
        await ShownAsync(onPage, sessionId, "removed");
        Must(
            string.Join(' ', onPage.Where(p => p.Session == sessionId).Select(p => p.Told).Distinct()) == "connected held removed",
            "The live page should have shown the call connected, held, and gone, and nothing else of it.");
        await Agent.NextAsync(c => c.WrapUpStarted?.SessionId == sessionId, ct);
        await Agent.DoAsync(new AdapterEvent { WrapUp = new() { SessionId = sessionId, Disposition = "refund promised" } }, ct);
        Story.Tell("Ada wraps up: \"refund promised\".");
        await FollowTheRecordingAsync(sessionId);
        await page.CancelAsync();
        await watching;
    }

    /// <summary>A simulated engine finds voices in its own folder.</summary>
    private string? Lend(string? voice)
    {
        if (voice is null)
            return null;
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "voices")).FullName;
        File.Copy(voice, Path.Combine(folder, Path.GetFileName(voice)), overwrite: true);
        return Path.GetFileName(voice);
    }

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
            throw new DemoException(otherwise);
    }

    private Task ShownAsync(ConcurrentQueue<(string Session, string Told)> onPage, string sessionId, string told) =>
        UntilAsync($"the live page to show the call {told}", () => Task.FromResult(onPage.Contains((sessionId, told))));

    private async Task WatchPageAsync(ConcurrentQueue<(string Session, string Told)> onPage, CancellationToken until)
    {
        try
        {
            await foreach (var (kind, data) in admin.WatchAsync("/v1/monitoring/calls/connected", until))
            {
                if (kind is "ping")
                    continue;
                foreach (var there in kind == "snapshot" ? data["items"]?.AsArray() ?? [] : [])
                    onPage.Enqueue((Text(there!["session"]!, "sessionId"), Text(there["session"]!, "status")));
                var row = data["item"] ?? data;
                var session = row["session"] ?? row;
                if (kind is "changed" or "removed")
                    onPage.Enqueue((Text(data, "key"), session["status"]?.ToString() ?? kind));
                Story.Tell($"    live page \"calls connected\": {kind} {session["status"]} {row["agentName"]}".TrimEnd());
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The page is closed.
        }
    }

    /// <summary>The peak of what was heard.</summary>
    private async Task<long> ListenInAsync(string sessionId, int seconds)
    {
        var token = await open.PostAsync("/v1/auth/token", new { login = "admin", password = Setting("CONTACTCENTER_ADMIN_PASSWORD", string.Empty) }, ct);
        var monitoring = new Monitoring.MonitoringClient(channel);
        using var listening = monitoring.Listen(
            new ListenRequest { SessionId = sessionId }, new Metadata { { "authorization", $"Bearer {Text(token, "accessToken")}" } }, cancellationToken: ct);
        long frames = 0, loudest = 0;
        while (frames < seconds * 50 && await listening.ResponseStream.MoveNext(ct))
        {
            frames++;
            loudest = Math.Max(loudest, Peak(listening.ResponseStream.Current.Pcm.Span));
        }

        Story.Tell($"A supervisor listened to {frames * 20 / 1000.0:0.0} s of the call, unnoticed; its peak was {loudest} of 32767.");
        return loudest;
    }

    private static string Seconds(JsonNode node, string field) => $"{node[field]?.GetValue<double>():0.0}";

    private static long Peak(ReadOnlySpan<byte> pcm)
    {
        long peak = 0;
        for (var i = 0; i + 1 < pcm.Length; i += 2)
            peak = Math.Max(peak, Math.Abs((long)BinaryPrimitives.ReadInt16LittleEndian(pcm[i..])));
        return peak;
    }

    private async Task HoldAndPauseAsync(string sessionId)
    {
        await Agent.DoAsync(new AdapterEvent { Hold = new() { SessionId = sessionId } }, ct);
        await Agent.NextAsync(c => c.RecordingUpdate is { State: "paused" } u && u.SessionId == sessionId, ct);
        Story.Tell("Ada puts the consumer on hold: the recording pauses.");
        await ListenInAsync(sessionId, seconds: 1);
        await Agent.DoAsync(new AdapterEvent { ResumeFromHold = new() { SessionId = sessionId } }, ct);
        await Agent.NextAsync(c => c.RecordingUpdate is { State: "recording" } u && u.SessionId == sessionId, ct);
        await Agent.DoAsync(new AdapterEvent { PauseRecording = new() { SessionId = sessionId } }, ct);
        await Agent.NextAsync(c => c.RecordingUpdate is { State: "paused" } u && u.SessionId == sessionId, ct);
        Story.Tell("A card number is read out: Ada pauses the recording; what is said now is nowhere.");
        await ListenInAsync(sessionId, seconds: 1);
        await Agent.DoAsync(new AdapterEvent { ResumeRecording = new() { SessionId = sessionId } }, ct);
        await ListenInAsync(sessionId, seconds: 2);
    }

    private async Task FollowTheRecordingAsync(string sessionId)
    {
        JsonNode? recording = null;
        await UntilAsync("the recording to reach the CRM and be purged", async () =>
        {
            var found = await admin.GetAsync($"/v1/recordings?sessionId={sessionId}&limit=1", ct);
            recording = found["items"]?.AsArray().FirstOrDefault();
            return recording?["status"]?.ToString() == "purged";
        });
        var details = await admin.GetAsync($"/v1/recordings/{Text(recording!, "recordingId")}", ct);
        Story.Tell($"The recording: {details["segments"]} segments, {Seconds(details, "recordedSeconds")} s of a {Seconds(details, "callSeconds")} s call; uploaded, confirmed, purged.");

        var onTicket = await admin.GetAsync($"/v1/sessions/{sessionId}/ticket", ct);
        var ticket = onTicket["ticket"] ?? throw new DemoException("The call has no ticket.");
        Story.Tell($"Ticket #{ticket["number"]} \"{ticket["subject"]}\" of {ticket["requesterName"]}.");
        foreach (var attachment in onTicket["attachments"]?.AsArray() ?? [])
        {
            var bytes = await admin.DownloadAsync($"/v1/tickets/{ticket["id"]}/attachments/{attachment!["id"]}/content", ct);
            var file = Path.GetFullPath(Path.Combine("artifacts", "demo", Text(attachment, "fileName")));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes, ct);
            Story.Tell($"Its attachment \"{attachment["fileName"]}\", {bytes.Length} bytes, is a WAV to play: {Path.GetRelativePath(".", file)}");
        }

        var left = Directory.Exists(Path.Combine(dataFolder, "recordings"))
            ? Directory.GetFiles(Path.Combine(dataFolder, "recordings"), "*", SearchOption.AllDirectories).Length
            : 0;
        Story.Tell($"Files of any recording left in storage: {left}.");
        if (left != 0 || (onTicket["attachments"]?.AsArray().Count ?? 0) == 0)
            throw new DemoException("The recording should be on the ticket and nowhere else.");
    }
}
