using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Application.Tests.Sessions.OutsideTests;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>Sessions that meet a queue outside its hours.</summary>
public sealed class ClosedQueueTests
{
    /// <summary>No weekday has hours.</summary>
    private static readonly HoursSchedule Never = new("Europe/Berlin");

    [Fact]
    public async Task Who_is_signed_in_when_the_transfer_is_made_decides_and_not_who_was_when_the_list_was_fetched()
    {
        await using var center = await Center.OpenAsync();
        var closed = await ClosedQueueAsync(center);
        var bob = await center.NewAgentAsync("bob", closed);
        await SetAsync(center, new CallDeflectionConfigured(CallDeflection.Default with { AllowTransfers = true }, center.Host.Clock.GetUtcNow()));
        await center.SignInAsync();
        var transfer = new TransferSession(center.AgentId, await center.ConnectedAsync(), closed);

        await center.Host.RefusedAsync("queue.not_a_transfer_target", TestHost.Agent(center.AgentId), transfer);
        await center.SignInAsync(bob);
        await center.Host.DoAsync(TestHost.Agent(bob), new SignOutAgent(bob, "signed_out"));
        await center.Host.RefusedAsync("queue.not_a_transfer_target", TestHost.Agent(center.AgentId), transfer);
        await center.SignInAsync(bob);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), transfer);
    }

    [Fact]
    public async Task A_backlog_that_a_closed_queue_took_waits_in_its_place_for_whoever_comes()
    {
        await using var center = await Center.OpenAsync();
        await CloseAsync(center, center.QueueId);
        var first = (await center.Host.DoAsync(TestHost.Sdk, center.Ask(SessionKind.Chat, "first"))).Id;
        var since = (await center.SessionAsync(first)).QueuedAt;
        center.Host.Clock.Advance(TimeSpan.FromHours(12));
        await center.SignInAsync();
        await center.Host.DoAsSystemAsync(new OfferSession(first, center.AgentId));

        (await center.SessionAsync(first)).Status.ShouldBe(SessionStatus.Offered);
        (await center.SessionAsync(first)).QueuedAt.ShouldBe(since);
    }

    [Fact]
    public async Task A_choice_that_is_recorded_calls_nobody_and_ends()
    {
        await using var center = await Center.OpenAsync();
        await CloseAsync(center, center.QueueId);
        var now = center.Host.Clock.GetUtcNow();
        await SetAsync(center, new SupportCenterDescribed(SupportCenter.Default with { Email = "help@example.com" }, now));
        await SetAsync(center, new CallDeflectionConfigured(new CallDeflection(Enabled: true, AllowTransfers: false, new SdkOptions(Email: true), IvrDeflection.Default), now));

        await center.Host.RefusedAsync("session.after_hours", TestHost.Sdk, center.Ask());
        var started = await center.Host.DoAsync(TestHost.Sdk, center.Ask() with { Deflection = OptionKind.Email });
        center.Host.TypesOf(Aggregates.Session, started.Id).ShouldBe(["session.requested.v2", "session.deflected.v1", "session.ended.v2"]);
        center.Host.Log.Outbox.ShouldNotContain(m => m.Kind == MediaKinds.PlaceLeg && m.Key == started.Id.ToString());
    }

    [Fact]
    public async Task A_recorded_call_that_a_closed_menu_sends_outside_is_recorded_no_further()
    {
        await using var center = await Center.OpenAsync();
        var host = center.Host;
        var (open, closed) = (await center.NewQueueAsync(whisper: false, Channel.Ivr), await center.NewQueueAsync(whisper: false, Channel.Ivr));
        await CloseAsync(center, closed);
        var outside = new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456");
        await SetAsync(center, new CallDeflectionConfigured(CallDeflection.Default with { Enabled = true, AllowTransfers = true, Ivr = outside }, host.Clock.GetUtcNow()));
        var agent = await center.NewAgentAsync("ivy", open);
        await host.DoAsync(TestHost.Agent(agent), new SignInAgent(agent, new Capacity(1, 0), [Channel.Ivr]));
        var call = (await host.DoAsync(TestHost.Sdk, center.Ask() with { QueueId = open, Channel = Channel.Ivr })).Id;
        await host.DoAsSystemAsync(new OfferSession(call, agent));
        await host.DoAsync(TestHost.Agent(agent), new AcceptOffer(agent, call, (await center.SessionAsync(call)).OfferId!.Value));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);

        await host.DoAsync(TestHost.Agent(agent), new TransferSession(agent, call, closed));
        host.Together("session.redirected.v1").ShouldContain("recording.paused.v1");
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Queue]);
        await host.Get<IMediaFacts>().ReportAsync(new LegHandedOver(host.NewId(), call, call, "simulated"), CancellationToken.None);
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Ended);
        (await RecordingAsync(center, call)).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(RecordingStatus.Stopped), r => r.Segments.ShouldBe(1));
        // The engine is told to go on with the call outside, and with its recording never.
        string[] told = [MediaKinds.StartSegment, MediaKinds.StopSegment, MediaKinds.TransferOut];
        host.Log.Outbox.Where(m => m.Key == call.ToString() && told.Contains(m.Kind)).Select(m => m.Kind).ShouldBe(told, ignoreOrder: true);
    }

    private static async Task<Guid> ClosedQueueAsync(Center center)
    {
        var queue = await center.NewQueueAsync();
        await CloseAsync(center, queue);
        return queue;
    }

    private static async Task CloseAsync(Center center, Guid queueId) => await center.Host.DoAsync(
        TestHost.Admin, new SetQueueHours(queueId, Never), ifMatch: center.Host.Stream(Aggregates.Queue, queueId).Count);

    private static async Task SetAsync(Center center, SettingsEvent happened)
    {
        var stream = Aggregates.Settings.Stream(SettingsPages.Of(happened));
        var metadata = new EventMetadata(center.Host.NewId(), "tests", Actor.System("tests"), Source: null);
        (await center.Host.Log.AppendAsync(
            new Append([new StreamWrite(stream, 0, [new NewEvent(center.Host.NewId(), happened)])], metadata), CancellationToken.None)).ShouldBeOfType<Appended>();
    }
}
