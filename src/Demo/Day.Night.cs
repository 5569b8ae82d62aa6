using System.Globalization;

namespace ContactCenter.Demo;

/// <summary>What happens outside the hours: a menu that offers deflection only, a choice, and a call that hears a message.</summary>
internal sealed partial class Day
{
    private const string OtherNumber = "+4930123456";

    public async Task LiveThroughTheNightAsync()
    {
        Story.Chapter("After hours");
        await SayAsync("voicemail_greeting", "Leave a message after the tone.");
        await SayAsync("voicemail_ask_number", "Key in your number, then press the hash key.");
        await SayAsync("voicemail_number_entered", "Thank you.");
        var claims = await ClosedQueueAsync("Claims", "mobile", new { mobile = new { options = new { phoneNumber = OtherNumber, voicemail = true } } });
        await admin.PutAsync($"/v1/queues/{claims}/members/{agentId}", body: null, ifMatch: null, ct);
        var office = await ClosedQueueAsync("Office", "ivr", new
        {
            ivr = new { option = "message_only", greeting = new[] { new { language = "en", message = new { text = "We are closed today." } } } },
        });
        await AskWhatWouldHappenAsync(office);
        await ChooseAsync(claims);
        await HearTheMessageAsync(office);
        await LeaveAMessageAsync(claims);
    }

    private async Task SayAsync(string key, string text) => await admin.PutAsync(
        $"/v1/settings/messages/{key}/en", new { text }, await admin.TagAsync("/v1/settings/messages", ct), ct);

    // Nine to five every day, but closed around today: so it is closed whenever the demo runs.
    private async Task<string> ClosedQueueAsync(string name, string menu, object deflection)
    {
        var id = Text(await admin.PostAsync("/v1/queues", new { name, channel = menu }, ct), "id");
        var today = TimeProvider.System.GetUtcNow();
        var day = new[] { new { opens = "09:00", closes = "17:00" } };
        await EditQueueAsync(id, "hours", new
        {
            timeZone = "Europe/Berlin",
            weekly = new { monday = day, tuesday = day, wednesday = day, thursday = day, friday = day, saturday = day, sunday = day },
            exceptions = new[] { new { name = "Stocktaking", from = Date(today.AddDays(-1)), to = Date(today.AddDays(1)), closed = true } },
        });
        await EditQueueAsync(id, "deflection", deflection);
        Story.Tell($"The queue \"{name}\" is open from 9 to 17 in Berlin, but closed for stocktaking today.");
        return id;

        static string Date(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private async Task AskWhatWouldHappenAsync(string office)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var at in new[] { now, now.AddDays(10) - now.TimeOfDay + TimeSpan.FromHours(11) })
        {
            var decision = await admin.PostAsync("/v1/deflection/decide", new { kind = "call", channel = "ivr", queueId = office, language = "en", at }, ct);
            var why = string.Join(" ", decision["why"]?.AsArray().Select(w => w?["words"]?.ToString()) ?? []);
            Story.Tell($"A call to \"Office\" at {at:yyyy-MM-dd HH:mm} UTC would go to: {Text(decision, "route")}. {why}");
        }
    }

    private async Task ChooseAsync(string claims)
    {
        var menu = await sdk.GetAsync("/v1/entry/menus?channel=mobile&language=en", ct);
        var entry = menu["entries"]?.AsArray().Single(e => e?["queueId"]?.ToString() == claims) ?? throw new DemoException("\"Claims\" is not in the menu.");
        if (entry["deflectionOnly"]?.GetValue<bool>() != true || entry["kinds"]?.AsArray().Count != 0)
            throw new DemoException($"A closed queue offers the usual: {entry.ToJsonString()}");
        Story.Tell($"The app's menu offers nothing of the usual for \"Claims\": {entry["options"]?.ToJsonString()}");

        var refused = await sdk.RefusedAsync("/v1/sessions", CallTo(claims, "mobile", deflection: null), ct);
        Story.Tell($"Asking for a call all the same is refused: {Text(refused, "code")}.");
        var id = Text(await sdk.PostAsync("/v1/sessions", CallTo(claims, "mobile", "phone_number"), ct), "id");
        await UntilEndedAsync(id, "deflected");
        Story.Tell($"The consumer chooses to call {OtherNumber}; the choice is in the history.");
    }

    private async Task HearTheMessageAsync(string office)
    {
        var id = Text(await sdk.PostAsync("/v1/sessions", CallTo(office, "ivr", deflection: null), ct), "id");
        await UntilEndedAsync(id, "deflected_message");
        Story.Tell("A caller by telephone hears \"We are closed today.\" (simulated), and the call ends.");
    }

    private async Task LeaveAMessageAsync(string claims)
    {
        var started = await sdk.PostAsync("/v1/sessions", CallTo(claims, "mobile", "voicemail"), ct);
        var id = Text(started, "id");
        using var caller = open.As(Text(started, "sessionToken"));
        await UntilAsync("the question for a number", async () => Text(await admin.GetAsync($"/v1/voicemails/{id}", ct), "status") == "asking_number");
        await caller.PostAsync($"/v1/sessions/{id}/keys", new { keys = "0049301234567#" }, ct);
        Story.Tell("Another chooses to leave a message, is asked for a number, as an app has none, and keys it in.");
        await UntilAsync("the tone", async () => Text(await admin.GetAsync($"/v1/voicemails/{id}", ct), "status") == "recording");
        using (var spoken = new PeriodicTimer(TimeSpan.FromSeconds(2)))
            await spoken.WaitForNextTickAsync(ct);
        await caller.PostAsync($"/v1/sessions/{id}/keys", new { keys = "#" }, ct);
        Story.Tell("They speak after the tone, and end the message with #.");

        var told = (await Agent.NextAsync(c => c.Voicemail?.VoicemailId == id, ct)).Voicemail;
        if (!told.FromDeflection)
            throw new DemoException("The agents should be told that the message came from deflection.");
        await UntilAsync("the message on its ticket", async () => (await admin.GetAsync($"/v1/voicemails/{id}", ct))["isReady"]?.GetValue<bool>() == true);
        var wav = await admin.DownloadAsync($"/v1/voicemails/{id}/content", ct);
        await admin.PostAsync($"/v1/voicemails/{id}/read", new { }, ct);
        Story.Tell($"Ada's adapter is told: a voicemail of {told.Seconds:0.0} s, from after-hours deflection; played from its ticket ({wav.Length} bytes) and taken care of.");
    }

    private static object CallTo(string queue, string menu, string? deflection) => new
    {
        kind = "call",
        channel = menu,
        queueId = queue,
        language = "en",
        deflection,
        consumer = new { kind = "mobileSdk", identity = "demo-phone-3", name = "Alan Turing" },
    };

    private Task UntilEndedAsync(string sessionId, string reason) => UntilAsync($"the end as {reason}", async () =>
    {
        var session = await admin.GetAsync($"/v1/sessions/{sessionId}", ct);
        return session["status"]?.ToString() == "ended" && session["endReason"]?.ToString() == reason;
    });

    private async Task EditQueueAsync(string id, string part, object body)
    {
        var version = Text(await admin.GetAsync($"/v1/queues/{id}", ct), "version");
        await admin.PutAsync($"/v1/queues/{id}/{part}", body, $"\"{version}\"", ct);
    }
}
