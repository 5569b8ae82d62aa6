using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>Transcripts and summaries come in over the API, redacted where the audio was, and out with the session (REC-13).</summary>
[Collection(ApiTests.Name)]
public sealed class WrittenDownTests(TestApi api)
{
    private static readonly DateTimeOffset Began = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_transcript_and_a_summary_are_in_the_sessions_log_and_ticket_without_what_was_not_recorded()
    {
        var call = await CallAsync();
        using var addOn = await api.KeyAsync(Permissions.TranscriptsWrite);
        object[] lines = [Line("consumer", 1, 3, "Hello, my name is Ada."), Line("consumer", 12, 15, "4111 1111 1111 1111"), Line("agent", 21, 23, "Thank you.")];
        for (var twice = 0; twice < 2; twice++)
        {
            (await addOn.PostAsJsonAsync($"/v1/sessions/{call}/transcript", new { lines })).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await addOn.PostAsJsonAsync($"/v1/sessions/{call}/summary", new { text = "Ada paid." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var history = (await api.Admin.GetFromJsonAsync<JsonElement>($"/v1/sessions/{call}/history")).EnumerateArray().Select(e => e.ToString()).ToList();
        history.Count(e => e.Contains("session.transcribed.v1", StringComparison.Ordinal)).ShouldBe(1);
        history.Single(e => e.Contains("session.transcribed.v1", StringComparison.Ordinal)).ShouldSatisfyAllConditions(
            e => e.ShouldContain("my name is Ada"), e => e.ShouldContain("[redacted]"), e => e.ShouldContain("Thank you"), e => e.ShouldNotContain("4111"));
        history.Single(e => e.Contains("session.summarized.v1", StringComparison.Ordinal)).ShouldContain("Ada paid.");

        await Eventually.TrueAsync(async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/sessions/{call}/ticket");
            var ticket = await answer.Content.ReadAsStringAsync();
            return ticket.Contains("my name is Ada", StringComparison.Ordinal) && ticket.Contains("Ada paid.", StringComparison.Ordinal) && !ticket.Contains("4111", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_transcript_is_read_where_it_was_posted_and_a_later_one_says_in_the_ticket_which_it_replaces()
    {
        var call = await CallAsync();
        using var addOn = await api.KeyAsync(Permissions.TranscriptsWrite);
        (await TranscriptAsync(call)).ShouldBeEmpty();
        await WriteAsync("Helo, I am Ada.");
        var first = (await TranscriptAsync(call)).ShouldHaveSingleItem();
        await WriteAsync("Hello, I am Ada.");
        (await addOn.PostAsJsonAsync($"/v1/sessions/{call}/summary", new { text = "Ada payed." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await addOn.PostAsJsonAsync($"/v1/sessions/{call}/summary", new { text = "Ada paid." })).StatusCode.ShouldBe(HttpStatusCode.OK);

        var told = (await TranscriptAsync(call)).ShouldHaveSingleItem();
        told.GetProperty("from").GetString().ShouldBe("system");
        told.GetProperty("text").GetString().ShouldBe("[10:00:01Z] Consumer: Hello, I am Ada.\n[redacted]");
        told.GetProperty("messageId").GetGuid().ShouldNotBe(first.GetProperty("messageId").GetGuid());

        List<string> comments = [];
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/sessions/{call}/ticket");
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return false;
            comments = [.. (await answer.JsonAsync()).GetProperty("comments").EnumerateArray().Select(c => c.GetProperty("body").GetString()!)];
            return comments.Count(c => c.StartsWith("Transcript", StringComparison.Ordinal)) == 2 && comments.Count(c => c.StartsWith("Summary", StringComparison.Ordinal)) == 2;
        });
        var replaced = $"(replaces the one of {first.GetProperty("sentAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z)";
        comments.ShouldContain(c => c.StartsWith("Transcript\n", StringComparison.Ordinal) && c.Contains("Helo", StringComparison.Ordinal));
        comments.ShouldContain(c => c.StartsWith($"Transcript {replaced}\n", StringComparison.Ordinal) && c.Contains("Hello", StringComparison.Ordinal));
        comments.ShouldContain(c => c.StartsWith("Summary\n", StringComparison.Ordinal) && c.Contains("payed", StringComparison.Ordinal));
        comments.ShouldContain(c => c.StartsWith("Summary (replaces", StringComparison.Ordinal) && c.Contains("paid", StringComparison.Ordinal));

        async Task WriteAsync(string text)
        {
            using var written = await addOn.PostAsJsonAsync($"/v1/sessions/{call}/transcript", new { lines = new[] { Line("consumer", 1, 3, text), Line("agent", 12, 13, "4111") } });
            written.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task<List<JsonElement>> TranscriptAsync(Guid call)
    {
        using var answer = await api.Admin.GetAsync($"/v1/sessions/{call}/transcript");
        return [.. (await answer.JsonAsync()).EnumerateArray()];
    }

    [Fact]
    public async Task Of_a_call_that_was_not_recorded_nothing_is_written_down()
    {
        var call = await CallAsync(isRecorded: false);
        using var addOn = await api.KeyAsync(Permissions.TranscriptsWrite);
        using var answer = await addOn.PostAsJsonAsync($"/v1/sessions/{call}/transcript", new { lines = new[] { Line("agent", 1, 2, "Hello.") } });
        await answer.ShouldRefuseAsync(HttpStatusCode.Conflict, "session.not_recorded");
        using var empty = await addOn.PostAsJsonAsync($"/v1/sessions/{call}/transcript", new { lines = Array.Empty<object>() });
        await empty.ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    private static object Line(string from, int at, int until, string text) => new { from, at = Began.AddSeconds(at), until = Began.AddSeconds(until), text };

    /// <summary>A call of half a minute that is over, its recording paused from the 10th to the 20th second.</summary>
    private async Task<Guid> CallAsync(bool isRecorded = true)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (session, consumer, agent, queue) = (NewId(), NewId(), NewId(), await api.QueueAsync());
        var recording = RecordingId.Of(session);
        List<StreamWrite> writes =
        [
            Write(Aggregates.Consumer.Stream(consumer), new ConsumerIdentified(consumer, IdentityKind.Visitor, new PersonalText("v-1"), new PersonalText("Ada"), Began)),
            Write(
                Aggregates.Session.Stream(session),
                new SessionRequested(session, SessionKind.Call, Channel.Web, consumer, queue, "en", RecordingConsent.Granted, new Dictionary<string, PersonalText>(), Voice: null, Began),
                new SessionEnded(session, SessionKind.Call, AgentId: null, OfferId: null, SessionParty.Consumer, consumer, "left", Answered: false, Began.AddSeconds(30))),
        ];
        if (isRecorded)
        {
            writes.Add(Write(
                Aggregates.Recording.Stream(recording),
                new RecordingStarted(recording, session, agent, queue, Began, Began),
                new RecordingPaused(recording, session, 1, PauseReason.Agent, Began.AddSeconds(10)),
                new RecordingResumed(recording, session, 2, Began.AddSeconds(20)),
                new RecordingStopped(recording, session, 30, Began.AddSeconds(30))));
        }

        var metadata = new EventMetadata(NewId(), "tests", Actor.System("tests"), Source: null);
        (await api.Get<IEventStore>().AppendAsync(new Append(writes, metadata), default)).ShouldBeOfType<Appended>();
        return session;

        Guid NewId() => Guid.CreateVersion7(now);

        StreamWrite Write(StreamId stream, params IDomainEvent[] facts) => new(stream, 0, [.. facts.Select(f => new NewEvent(NewId(), f))]);
    }
}
