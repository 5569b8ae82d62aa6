using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Queues;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.Media.Simulated;
using ContactCenter.Testing;
using Command = ContactCenter.V1.AdapterCommand.CommandOneofCase;

namespace ContactCenter.Api.Tests.Voicemails;

/// <summary>Messages left outside the hours, from the caller's first word to the agent's ear (AHD-3, AHD-4, AHD-8, AHD-10).</summary>
[Collection(ApiTests.Name)]
public sealed class VoicemailTests(TestApi api)
{
    private const int CallersVoice = 440;
    private const int GreetingsTone = 700;
    private const int RecordingTone = 1400;
    private readonly Mailbox mailbox = new(api);

    [Fact]
    public async Task A_message_reaches_the_queues_agents_and_holds_the_callers_words_alone()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (_, stranger) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("mobile", annId);
        await using var adapter = await AdapterClient.SignInAsync(api, ann);
        var id = await mailbox.LeaveAsync(queue);

        var told = (await adapter.ToldAsync(c => c.Voicemail?.VoicemailId == id.ToString())).Voicemail;
        (told.QueueId, told.FromDeflection).ShouldBe((queue.ToString(), true));
        told.Seconds.ShouldBeGreaterThanOrEqualTo(1);
        (await mailbox.GetAsync($"/v1/sessions/{id}")).ShouldSatisfyAllConditions(
            s => s.GetProperty("endReason").GetString().ShouldBe("voicemail"), s => s.GetProperty("queuePath")[0].GetString().ShouldBe("Billing"));

        using var answer = await ann.GetAsync($"/v1/voicemails/{id}/content");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var wav = await answer.Content.ReadAsByteArrayAsync();
        Mailbox.Strength(wav, CallersVoice).ShouldBeGreaterThan(3000);
        Mailbox.Strength(wav, GreetingsTone).ShouldBeLessThan(100);
        Mailbox.Strength(wav, RecordingTone).ShouldBeLessThan(100);
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/v1/voicemails/{id}/content") { Headers = { Range = new RangeHeaderValue(0, 99) } };
        using var partial = await ann.SendAsync(part);
        partial.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await partial.Content.ReadAsByteArrayAsync()).ShouldBe(wav[..100]);
        using var rest = new HttpRequestMessage(HttpMethod.Get, $"/v1/voicemails/{id}/content") { Headers = { Range = new RangeHeaderValue(100, null) } };
        using var later = await ann.SendAsync(rest);
        (await later.Content.ReadAsByteArrayAsync()).ShouldBe(wav[100..]);

        await (await stranger.GetAsync($"/v1/voicemails/{id}/content")).ShouldRefuseAsync(HttpStatusCode.NotFound, "voicemail.not_found");
        await (await stranger.PostAsync($"/v1/voicemails/{id}/read", content: null)).ShouldRefuseAsync(HttpStatusCode.NotFound, "voicemail.not_found");
        // Who hears it is told that they may not write it down, and who does not see it that there is none.
        object words = new { text = "Please call me back." };
        await (await ann.PostAsJsonAsync($"/v1/voicemails/{id}/transcript", words)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await stranger.PostAsJsonAsync($"/v1/voicemails/{id}/transcript", words)).ShouldRefuseAsync(HttpStatusCode.NotFound, "voicemail.not_found");
        using var elsewhere = await api.KeyAsync(Scope.AssignedQueues, Permissions.TranscriptsWrite);
        await (await elsewhere.PostAsJsonAsync($"/v1/voicemails/{id}/transcript", words)).ShouldRefuseAsync(HttpStatusCode.NotFound, "voicemail.not_found");
        (await mailbox.GetAsync($"/v1/streams/voicemail-{id}")).ToString().Split("voicemail.played.v1").Length.ShouldBe(3);
        await Mailbox.ListsAsync(stranger, "unread=true", id, holds: false);
    }

    [Fact]
    public async Task A_message_of_a_queue_that_sent_its_caller_on_is_for_its_own_agents_and_the_others_may_open_the_ticket_alone()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (benId, ben) = await api.UserAsync([BuiltInRoles.Agent]);
        var takes = await mailbox.QueueAsync("ivr", benId);
        var chosen = await mailbox.SendsOnAsync(takes, annId);
        await using var hers = await AdapterClient.SignInAsync(api, ann);
        var id = await mailbox.LeaveAsync(chosen, "ivr");

        (await hers.ToldAsync(c => c.Voicemail?.VoicemailId == id.ToString())).Voicemail.QueueId.ShouldBe(chosen.ToString());
        await Mailbox.ListsAsync(ann, "unread=true", id);
        await Mailbox.ListsAsync(ben, "unread=true", id, holds: false);
        (await ben.GetAsync($"/v1/voicemails/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await ben.PostAsync($"/v1/voicemails/{id}/read", content: null)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        (await mailbox.StandsAsync(id, "unread")).GetProperty("readBy").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await ann.PostAsync($"/v1/voicemails/{id}/read", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_agents_mark_it_read_at_once_and_one_did()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (benId, ben) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("mobile", annId, benId);
        await using var hers = await AdapterClient.SignInAsync(api, ann);
        var id = await mailbox.LeaveAsync(queue);
        await Mailbox.ListsAsync(ann, $"unread=true&queueId={queue}", id);

        var answers = await Task.WhenAll(new[] { ann, ben }.Select(agent => agent.PostAsync($"/v1/voicemails/{id}/read", content: null)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var gone = (await hers.ToldAsync(c => c.VoicemailTaken?.VoicemailId == id.ToString())).VoicemailTaken;
        (await mailbox.StandsAsync(id, "read")).GetProperty("readBy").GetString().ShouldBe(gone.TakenBy);
        var history = (await mailbox.GetAsync($"/v1/streams/voicemail-{id}")).ToString();
        history.Split("voicemail.read.v1").Length.ShouldBe(2);
        await Mailbox.ListsAsync(ann, $"unread=true&queueId={queue}", id, holds: false);
        await Mailbox.ListsAsync(ben, $"unread=false&queueId={queue}", id);
    }

    [Fact]
    public async Task Who_was_away_is_told_on_resuming_who_starts_anew_sees_what_waits_and_who_joins_later_too()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (benId, ben) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("mobile", annId);
        long last;
        await using (var first = await AdapterClient.SignInAsync(api, ann))
            last = first.Told.Single(c => c.CommandCase == Command.Welcome).Welcome.Sequence;

        var id = await mailbox.LeaveAsync(queue);
        await using (var resumed = await AdapterClient.ResumeAsync(api, ann, last))
        {
            (await resumed.ToldAsync(c => c.Voicemail?.VoicemailId == id.ToString())).Sequence.ShouldBeGreaterThan(last);
            resumed.Told.Single(c => c.CommandCase == Command.Welcome).Welcome.Voicemails.ShouldBeEmpty();
        }

        await using (var anew = await AdapterClient.SignInAsync(api, ann))
            anew.Told.Single(c => c.CommandCase == Command.Welcome).Welcome.Voicemails.ShouldHaveSingleItem().VoicemailId.ShouldBe(id.ToString());

        await using var his = await AdapterClient.SignInAsync(api, ben);
        (await api.Admin.PutAsync($"/v1/queues/{queue}/members/{benId}", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Mailbox.ListsAsync(ben, $"queueId={queue}", id);
        var next = await mailbox.LeaveAsync(queue);
        await his.ToldAsync(c => c.Voicemail?.VoicemailId == next.ToString());
    }

    [Fact]
    public async Task Who_was_told_of_a_queue_that_is_theirs_no_more_starts_from_what_waits_and_misses_nothing()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var left = await mailbox.QueueAsync("mobile", annId);
        var kept = await mailbox.QueueAsync("mobile", annId);
        await using var first = await AdapterClient.SignInAsync(api, ann);
        var heard = await mailbox.LeaveAsync(kept);
        await first.ToldAsync(c => c.Voicemail?.VoicemailId == heard.ToString());
        var gone = await mailbox.LeaveAsync(left);
        var last = (await first.ToldAsync(c => c.Voicemail?.VoicemailId == gone.ToString())).Sequence;
        await first.GoesOnFromEachAsync(api, annId);

        (await api.Admin.DeleteAsync($"/v1/queues/{left}/members/{annId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var missed = await mailbox.LeaveAsync(kept);
        await first.ToldAsync(c => c.Voicemail?.VoicemailId == missed.ToString());
        await using var resumed = await AdapterClient.ResumeAsync(api, ann, last);
        (await resumed.ToldAsync(c => c.CommandCase == Command.Welcome)).Welcome.Sequence.ShouldNotBe(last);
        await resumed.ToldAsync(c => c.Voicemail?.VoicemailId == missed.ToString() || c.Welcome?.Voicemails.Any(v => v.VoicemailId == missed.ToString()) is true);
    }

    [Fact]
    public async Task A_hidden_number_is_asked_for_and_kept_and_a_hash_ends_the_message()
    {
        await mailbox.WordsAsync();
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var (id, caller) = await mailbox.CallAsync(await mailbox.QueueAsync("ivr", annId), "ivr", hidden: true);
        await Eventually.TrueAsync(() => api.Get<SimulatedMediaEngine>().PressByParty(id, Party.Consumer, "12#"), TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => (await mailbox.GetAsync($"/v1/streams/voicemail-{id}")).ToString().Split("voicemail.number_asked.v1").Length == 3, TimeSpan.FromSeconds(60));
        await (await caller.PostAsJsonAsync($"/v1/sessions/{id}/keys", new { keys = "call me" })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        foreach (var keys in new[] { "0", "0", "49301", "234567#" })
            (await caller.PostAsJsonAsync($"/v1/sessions/{id}/keys", new { keys })).StatusCode.ShouldBe(HttpStatusCode.OK);

        await mailbox.SpeakAsync(id);
        await (await api.Admin.GetAsync($"/v1/voicemails/{id}/content")).ShouldRefuseAsync(HttpStatusCode.Conflict, "voicemail.not_ready");
        await Eventually.TrueAsync(() => api.Get<SimulatedMediaEngine>().PressByParty(id, Party.Consumer, "#"), TimeSpan.FromSeconds(60));
        var left = await mailbox.StandsAsync(id, "unread");
        left.GetProperty("number").GetString().ShouldBe("+49301234567");
        var session = await mailbox.GetAsync($"/v1/sessions/{id}");
        (session.GetProperty("endReason").GetString(), session.GetProperty("endedBy").GetString()).ShouldBe(("voicemail", "consumer"));

        await mailbox.ReadyAsync(id);
        (await api.Admin.PostAsJsonAsync($"/v1/voicemails/{id}/transcript", new { text = "Please call me back." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(
            async () =>
            {
                var ticket = (await mailbox.GetAsync($"/v1/sessions/{id}/ticket")).ToString();
                return ticket.Contains("Number: +49301234567", StringComparison.Ordinal) && ticket.Contains("after-hours deflection", StringComparison.Ordinal)
                    && ticket.Contains("Please call me back.", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Who_calls_through_an_app_without_a_number_is_asked_for_one_too()
    {
        await mailbox.WordsAsync();
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var (id, caller) = await mailbox.CallAsync(await mailbox.QueueAsync("mobile", annId), "mobile", hidden: true);
        await mailbox.StandsAsync(id, "asking_number");
        (await caller.PostAsJsonAsync($"/v1/sessions/{id}/keys", new { keys = "0049309876543#" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mailbox.StandsAsync(id, "recording")).GetProperty("number").GetString().ShouldBe("+49309876543");
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_refused_to_be_recorded_is_told_what_else_there_is()
    {
        var queue = await mailbox.QueueAsync("mobile");
        await mailbox.EditAsync($"/v1/queues/{queue}/deflection", $"/v1/queues/{queue}", new { mobile = new { options = new { voicemail = true, phoneNumber = "+4930123456" } } });
        using var answer = await mailbox.AskAsync(queue, "mobile", consent: "denied");
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "session.voicemail_not_consented");
        problem.GetProperty("detail").GetString()!.ShouldContain("ask again with consent granted");
        problem.GetProperty("details").GetProperty("options").EnumerateArray().ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe("phone_number");
    }

    [Fact]
    public async Task Who_refuses_to_be_recorded_and_then_agrees_leaves_a_message_and_of_the_refusal_there_is_nothing()
    {
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("mobile", annId);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var number = BookingClient.AnyNumber();
        // The same call: first a no, then, asked what else there is, a yes.
        await (await AskAsync("denied")).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "session.voicemail_not_consented");
        await (await api.Admin.GetAsync($"/v1/sessions/{id}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        mailbox.StoredBytes(id).ShouldBe(0);
        var started = await (await AskAsync("granted")).JsonAsync(HttpStatusCode.Created);
        await mailbox.SpeakAsync(id);
        using var caller = api.Client(started.GetProperty("sessionToken").GetString());
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await mailbox.ReadyAsync(id);
        (await mailbox.GetAsync($"/v1/sessions/{id}")).GetProperty("consent").GetString().ShouldBe("granted");
        Mailbox.Strength(await api.Admin.GetByteArrayAsync($"/v1/voicemails/{id}/content"), 440).ShouldBeGreaterThan(500);

        Task<HttpResponseMessage> AskAsync(string consent) => api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            sessionId = id,
            kind = "call",
            channel = "mobile",
            queueId = queue,
            deflection = "voicemail",
            consent,
            consumer = new { kind = "phone", identity = number },
        });
    }

    [Fact]
    public async Task Who_takes_back_a_no_while_speaking_is_recorded_again_from_there()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (id, caller) = await mailbox.CallAsync(await mailbox.QueueAsync("mobile", annId), "mobile");
        await mailbox.SpeakAsync(id);
        var recording = $"/v1/recordings/{RecordingId.Of(id)}";
        (await caller.PutAsJsonAsync($"/v1/sessions/{id}/recording/consent", new { consent = "denied" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // The segment is closed: what comes on the disk after this is said after it.
        await Eventually.TrueAsync(async () => (await mailbox.GetAsync(recording)).GetProperty("recordedSeconds").GetDouble() > 0, TimeSpan.FromSeconds(60));
        var before = mailbox.StoredBytes(id);
        (await caller.PutAsJsonAsync($"/v1/sessions/{id}/recording/consent", new { consent = "granted" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => mailbox.StoredBytes(id) > before + PhoneAudio.BytesPerSecond, TimeSpan.FromSeconds(60));
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await mailbox.ReadyAsync(id);

        var wav = await ann.GetByteArrayAsync($"/v1/voicemails/{id}/content");
        Mailbox.Strength(wav, CallersVoice, last: 0.5).ShouldBeGreaterThan(3000);
    }

    [Fact]
    public async Task A_queue_that_is_archived_while_somebody_speaks_gets_the_message_all_the_same()
    {
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("mobile", annId);
        var (id, caller) = await mailbox.CallAsync(queue, "mobile");
        await mailbox.SpeakAsync(id);
        using (var gone = await api.TryEditAsync(HttpMethod.Delete, queue))
            gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await mailbox.StandsAsync(id, "unread");
        await mailbox.ReadyAsync(id);
        await Mailbox.ListsAsync(api.Admin, $"unread=true&queueId={queue}", id);
        using var played = await api.Admin.GetAsync($"/v1/voicemails/{id}/content");
        played.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_message_that_another_crm_holds_is_answered_with_the_tickets_address()
    {
        var id = await Elsewhere.WriteAsync(api, "https://crm.example/tickets/77");
        using var answer = await api.Admin.GetAsync($"/v1/voicemails/{id}/content");
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.Conflict, "voicemail.in_crm");
        problem.GetProperty("details").GetProperty("ticketUrl").GetString().ShouldBe("https://crm.example/tickets/77");
        (await mailbox.GetAsync($"/v1/voicemails/{id}")).ShouldSatisfyAllConditions(
            v => v.GetProperty("ticketUrl").GetString().ShouldBe("https://crm.example/tickets/77"), v => v.GetProperty("isReady").GetBoolean().ShouldBeTrue());
        (await mailbox.GetAsync($"/v1/streams/voicemail-{id}")).ToString().ShouldNotContain("voicemail.played.v1");
    }

    [Fact]
    public async Task Who_hangs_up_while_the_greeting_plays_has_left_nothing()
    {
        await mailbox.WordsAsync();
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await mailbox.QueueAsync("ivr", annId);
        var (id, caller) = await mailbox.CallAsync(queue, "ivr");
        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await mailbox.StandsAsync(id, "discarded");
        await (await ann.GetAsync($"/v1/voicemails/{id}/content")).ShouldRefuseAsync(HttpStatusCode.NotFound, "voicemail.not_found");
        await Mailbox.ListsAsync(ann, $"queueId={queue}", id, holds: false);
    }

    [Fact]
    public async Task A_top_level_queue_without_agents_has_it_in_the_crm_alone()
    {
        var queue = await mailbox.QueueAsync("mobile");
        var id = await mailbox.LeaveAsync(queue);
        (await mailbox.GetAsync($"/v1/voicemails/{id}")).GetProperty("crmOnly").GetBoolean().ShouldBeTrue();
        (await mailbox.GetAsync($"/v1/sessions/{id}/ticket")).GetProperty("attachments").GetArrayLength().ShouldBe(1);
        await (await api.Admin.PostAsync($"/v1/voicemails/{id}/read", content: null)).ShouldRefuseAsync(HttpStatusCode.Conflict, "voicemail.crm_only");
        await Mailbox.ListsAsync(api.Admin, $"queueId={queue}", id, holds: false);
    }

    [Fact]
    public async Task A_message_whose_engine_is_lost_is_delivered_as_far_as_it_was_said()
    {
        var (annId, _) = await api.UserAsync([BuiltInRoles.Agent]);
        var (id, _) = await mailbox.CallAsync(await mailbox.QueueAsync("mobile", annId), "mobile");
        await mailbox.SpeakAsync(id);
        await api.Get<SimulatedMediaEngine>().StopAsync(CancellationToken.None);

        (await mailbox.StandsAsync(id, "unread")).GetProperty("seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(1);
        (await mailbox.GetAsync($"/v1/sessions/{id}")).GetProperty("endReason").GetString().ShouldBe("media_lost");
        await mailbox.ReadyAsync(id);
    }
}
