using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Tests.Recordings;

/// <summary>What of a call is recorded, by its number and by what its consumer says (REC-1 to REC-4).</summary>
public sealed class WhatIsRecordedTests
{
    private const string Berlin = "+4930123456";
    private const string Hamburg = "+4940123456";
    private static readonly RecordingPolicy Off = new(Enabled: false, ConsentMode.None);

    [Fact]
    public async Task A_number_that_is_off_is_not_recorded_and_another_is()
    {
        await using var center = await OpenAsync();
        await LinesAsync(center, new PhoneLine(Berlin, "Berlin", Off), new PhoneLine(Hamburg, "Hamburg"));
        var silent = await ConnectAsync(center, Berlin, RecordingConsent.Granted);
        (await RecordingAsync(center, silent)).Status.ShouldBe(RecordingStatus.None);
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(silent));
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new FinishWrapUp(center.AgentId, silent, Disposition: null));

        var recorded = await ConnectAsync(center, Hamburg, RecordingConsent.NotAsked);
        (await RecordingAsync(center, recorded)).Status.ShouldBe(RecordingStatus.Recording);
        center.Host.Log.Outbox.Where(m => m.Kind == MediaKinds.StartSegment).ShouldHaveSingleItem().Key.ShouldBe(recorded.ToString());
    }

    [Fact]
    public async Task What_was_set_when_a_call_came_counts_for_all_of_it()
    {
        await using var center = await OpenAsync();
        var call = await WaitAsync(center, Berlin, RecordingConsent.NotAsked);
        await LinesAsync(center, new PhoneLine(Berlin, "Berlin", Off));
        await ConnectAsync(center, call);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Fact]
    public async Task Who_is_asked_and_says_yes_by_key_is_recorded()
    {
        await using var center = await AskingAsync(ConsentMode.OptIn);
        var call = await WaitAsync(center, Berlin, RecordingConsent.NotAsked);
        (await center.SessionAsync(call)).Consent.ShouldBe(RecordingConsent.Asked);
        var told = Media<PlayPrompt>(center, call);
        told.Select(p => (p.Space, p.Prompt.Text)).ShouldBe([(SpaceKind.Queue, "This call is recorded."), (SpaceKind.Queue, "Press 1 or 2.")]);
        var collect = Media<CollectDigits>(center, call).ShouldHaveSingleItem();

        await ToldAsync(center, new DigitsCollected(center.Host.NewId(), call, collect.Id, "1", IsComplete: true));
        (await center.SessionAsync(call)).Consent.ShouldBe(RecordingConsent.Granted);
        await ConnectAsync(center, call);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Theory]
    [InlineData("en-GB", "This call may be recorded.")]
    [InlineData("de-AT", "Dieses Gespräch kann aufgezeichnet werden.")]
    [InlineData("fi", "This call may be recorded.")]
    public async Task Who_waits_is_told_once_in_their_language_where_no_greeting_is_set(string language, string text)
    {
        await using var center = await OpenAsync();
        var call = (await center.Host.DoAsync(TestHost.Sdk, center.Ask() with { Language = language })).Id;
        Media<PlayPrompt>(center, call).Select(p => (p.Space, p.Prompt.Text)).ShouldBe([(SpaceKind.Queue, text)]);
        await ConnectAsync(center, call);
        Media<PlayPrompt>(center, call).Count(p => p.Space == SpaceKind.Queue).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_is_told_of_a_recording_that_is_not_made()
    {
        await using var center = await OpenAsync();
        await LinesAsync(center, new PhoneLine(Berlin, "Berlin", Off));
        Media<PlayPrompt>(center, await WaitAsync(center, Berlin, RecordingConsent.NotAsked)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConsentMode.OptIn, "", false)]
    [InlineData(ConsentMode.OptIn, "2", false)]
    [InlineData(ConsentMode.OptOut, "", true)]
    [InlineData(ConsentMode.OptOut, "2", false)]
    [InlineData(ConsentMode.OptOut, "7", true)]
    public async Task Who_says_nothing_is_recorded_only_where_that_is_a_yes(ConsentMode mode, string keys, bool isRecorded)
    {
        await using var center = await AskingAsync(mode);
        var call = await WaitAsync(center, Berlin, RecordingConsent.NotAsked);
        var collect = Media<CollectDigits>(center, call).ShouldHaveSingleItem();
        await ToldAsync(center, new DigitsCollected(center.Host.NewId(), call, collect.Id, keys, IsComplete: keys.Length > 0));
        await ConnectAsync(center, call);
        (await RecordingAsync(center, call)).Status.ShouldBe(isRecorded ? RecordingStatus.Recording : RecordingStatus.None);
        center.Host.Log.Outbox.Any(m => m.Kind == MediaKinds.StartSegment).ShouldBe(isRecorded);
    }

    [Fact]
    public async Task A_yes_or_a_no_in_the_middle_of_the_call_begins_and_ends_what_is_recorded()
    {
        await using var center = await AskingAsync(ConsentMode.OptIn);
        var call = await WaitAsync(center, Berlin, RecordingConsent.NotAsked);
        await ConnectAsync(center, call);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.None);

        await center.Host.DoAsync(TestHost.Sdk, new PressKeys(call, "1"));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
        await center.Host.DoAsync(TestHost.Sdk, new AnswerRecordingConsent(call, RecordingConsent.Denied, "sdk"));
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Consent]);
        // Neither a hold nor the agent brings it back.
        var agent = TestHost.Agent(center.AgentId);
        await center.Host.DoAsync(agent, new HoldSession(center.AgentId, call));
        await center.Host.DoAsync(agent, new ResumeSession(center.AgentId, call));
        await center.Host.DoAsync(agent, new ResumeRecording(center.AgentId, call));
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Consent]);

        await center.Host.DoAsync(TestHost.Sdk, new AnswerRecordingConsent(call, RecordingConsent.Granted, "sdk"));
        (await RecordingAsync(center, call)).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(RecordingStatus.Recording), r => r.Segments.ShouldBe(2));
    }

    [Fact]
    public async Task Who_agrees_while_on_hold_is_recorded_once_the_hold_is_over()
    {
        await using var center = await AskingAsync(ConsentMode.OptIn);
        var call = await WaitAsync(center, Berlin, RecordingConsent.NotAsked);
        await ConnectAsync(center, call);
        var agent = TestHost.Agent(center.AgentId);
        await center.Host.DoAsync(agent, new HoldSession(center.AgentId, call));
        await center.Host.DoAsync(TestHost.Sdk, new AnswerRecordingConsent(call, RecordingConsent.Granted, "sdk"));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.None);
        await center.Host.DoAsync(agent, new ResumeSession(center.AgentId, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Fact]
    public async Task A_redaction_has_a_timer_that_ends_it_and_a_pause_one_that_only_tells()
    {
        await using var center = await OpenAsync();
        await center.Host.DoAsync(
            TestHost.Admin, new ConfigureRecording(RecordingRules.Default with { RedactionSeconds = 60, PauseSeconds = 90 }), ifMatch: 0);
        var call = await ConnectAsync(center, Berlin, RecordingConsent.Granted);
        var agent = TestHost.Agent(center.AgentId);
        var before = center.Host.Clock.GetUtcNow();
        await center.Host.DoAsync(agent, new RedactRecording(center.AgentId, call));
        var ends = Due(center).ShouldHaveSingleItem();
        ends.Reason.ShouldBe(PauseReason.Redaction);
        // The clock runs on; what is stored has whole microseconds.
        ends.DueAt.ShouldBeInRange(before.AddSeconds(60).AddMilliseconds(-1), center.Host.Clock.GetUtcNow().AddSeconds(60));

        center.Host.Clock.Advance(TimeSpan.FromSeconds(60));
        var recording = await RecordingAsync(center, call);
        await center.Host.DoAsSystemAsync(new NoticePause(recording.Id, PauseReason.Redaction, ends.DueAt));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);

        await center.Host.DoAsync(agent, new PauseRecording(center.AgentId, call));
        var tells = Due(center)[^1];
        center.Host.Clock.Advance(TimeSpan.FromSeconds(90));
        await center.Host.DoAsSystemAsync(new NoticePause(recording.Id, PauseReason.Agent, tells.DueAt));
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Agent]);
        center.Host.Stream(Aggregates.Recording, recording.Id).Count(e => e.Data is RecordingPauseForgotten).ShouldBe(2);
    }

    [Fact]
    public async Task A_redaction_is_ended_by_the_agent_in_the_call_and_by_nobody_else()
    {
        await using var center = await OpenAsync();
        var call = await ConnectAsync(center, Berlin, RecordingConsent.Granted);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new RedactRecording(center.AgentId, call));
        var other = await center.NewAgentAsync("ben");
        await center.Host.RefusedAsync("session.not_found", TestHost.Agent(other), new EndRedaction(other, call));
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new ResumeRecording(center.AgentId, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Paused);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new EndRedaction(center.AgentId, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    private static async Task<Center> OpenAsync()
    {
        var center = await Center.OpenAsync(whisper: false);
        await center.SignInAsync();
        return center;
    }

    private static async Task<Center> AskingAsync(ConsentMode mode)
    {
        var center = await OpenAsync();
        var (version, key) = (0L, mode == ConsentMode.OptIn ? MessageKey.RecordingOptIn : MessageKey.RecordingOptOut);
        foreach (var (which, text) in new[] { (MessageKey.RecordingGreeting, "This call is recorded."), (key, "Press 1 or 2.") })
            await center.Host.DoAsync(TestHost.Admin, new SetMessage(which, "en", new Message(text)), ifMatch: version++);
        await LinesAsync(center, new PhoneLine(Berlin, "Berlin", new RecordingPolicy(Enabled: true, mode)));
        return center;
    }

    private static Task<Receipt> LinesAsync(Center center, params PhoneLine[] lines) =>
        center.Host.DoAsync(TestHost.Admin, new ConfigurePhoneNumbers(new PhoneLines(lines)), ifMatch: 0);

    private static async Task<Guid> WaitAsync(Center center, string line, RecordingConsent consent) =>
        (await center.Host.DoAsync(TestHost.Sdk, center.Ask(consent: consent) with { Line = line })).Id;

    private static async Task<Guid> ConnectAsync(Center center, string line, RecordingConsent consent)
    {
        var call = await WaitAsync(center, line, consent);
        await ConnectAsync(center, call);
        return call;
    }

    private static async Task ConnectAsync(Center center, Guid call)
    {
        await center.Host.DoAsSystemAsync(new OfferSession(call, center.AgentId));
        var offer = (await center.SessionAsync(call)).OfferId!.Value;
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, call, offer));
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);
    }

    private static Task<Recording> RecordingAsync(Center center, Guid call) => center.Host.StateAsync(Aggregates.Recording, RecordingId.Of(call));

    private static Task ToldAsync(Center center, MediaFact fact) => center.Host.Get<IMediaFacts>().ReportAsync(fact, CancellationToken.None);

    private static IReadOnlyList<T> Media<T>(Center center, Guid call)
        where T : MediaCommand =>
        [.. center.Host.Log.Outbox.Where(m => m.Key == call.ToString() && m.Kind == Kind<T>()).Select(m => OutboxJson.Read<T>(m.Payload))];

    private static string Kind<T>() => typeof(T) == typeof(PlayPrompt) ? MediaKinds.Play : MediaKinds.CollectDigits;

    private static List<(PauseReason Reason, DateTimeOffset DueAt)> Due(Center center) =>
    [
        .. center.Host.Log.Outbox.Where(m => m.Kind == OutboxKinds.RecordingPauseTimer)
            .Select(m => OutboxJson.Read<RecordingPauseDue>(m.Payload)).Select(d => (d.Reason, d.DueAt)),
    ];
}
