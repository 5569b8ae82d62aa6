using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

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
        center.Host.Log.Outbox.ShouldNotContain(m => m.Kind == Media.MediaKinds.PlaceLeg && m.Key == started.Id.ToString());
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
