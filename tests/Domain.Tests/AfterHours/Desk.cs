using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>A contact center put together for one example; it opens at nine and closes at five, Monday to Friday, UTC.</summary>
internal sealed class Desk
{
    public const string Mail = "help@example.com";
    public const string Number = "+4930123456";

    /// <summary>Friday at noon, and Saturday at noon.</summary>
    public static readonly DateTimeOffset Open = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Closed = Open.AddDays(1);

    public static readonly HoursSchedule OfficeHours = Weekdays("09:00", "17:00");
    public static readonly HoursSchedule Always = new("Etc/UTC", Open24Hours: true);

    private int queues;

    public CenterConfiguration Center { get; private set; } = CenterConfiguration.Initial;

    public static HoursSchedule Weekdays(string opens, string closes, string zone = "Etc/UTC", params ExceptionalHours[] exceptions)
    {
        HoursInterval[] day = [new(opens, closes)];
        return new HoursSchedule(zone, Weekly: new WeeklyHours(day, day, day, day, day), Exceptions: exceptions);
    }

    /// <summary>The usual: office hours, an address, and every message in English.</summary>
    public static Desk Usual()
    {
        var desk = new Desk().With(new HoursOfOperationSet(new HoursOfOperation(OfficeHours, [], []), T0))
            .With(new SupportCenterDescribed(SupportCenter.Default with { Email = Mail }, T0));
        foreach (var key in Enum.GetValues<MessageKey>())
            desk.With(new MessageSet(key, "en", new Message($"The {key} message."), T0));
        return desk;
    }

    public Desk With(params IDomainEvent[] events)
    {
        Center = events.Aggregate(Center, (center, happened) => center.Apply(happened));
        return this;
    }

    public Desk Calls(IvrDeflection? ivr = null, SdkOptions? sdk = null, bool enabled = true, bool transfers = false) =>
        With(new CallDeflectionConfigured(new CallDeflection(enabled, transfers, sdk ?? new SdkOptions(), ivr ?? IvrDeflection.Default), T0));

    public Desk Chats(bool email = false, bool enabled = true, bool transfers = false) =>
        With(new ChatDeflectionConfigured(new ChatDeflection(enabled, transfers, email), T0));

    public Guid Queue(
        Channel channel, HoursSchedule? hours = null, QueueDeflection? deflection = null, VirtualAgentAvailability? virtualAgent = null,
        bool scheduledCalls = false, Guid? parent = null)
    {
        var id = Id(100 + ++queues);
        With(new QueueCreated(id, $"Queue {queues}", channel, [$"Queue {queues:000}"], parent, [], T0));
        if (hours is not null)
            With(new QueueHoursSet(id, hours, T0));
        if (deflection is not null)
            With(new QueueDeflectionConfigured(id, deflection, T0));
        if (virtualAgent is { } availability)
            With(new QueueVirtualAgentAssigned(id, new VirtualAgentAssignment("Ada", "simulated", availability), T0));
        if (scheduledCalls)
            With(new QueueScheduledCallsConfigured(id, ScheduledCallRules.Default with { Enabled = true }, T0));
        return id;
    }

    public DeflectionDecision Decide(SessionKind kind, Guid queueId, DateTimeOffset? at = null, string language = "en") =>
        Deflector.Decide(new Contact(kind, Center.Queues[queueId].Channel, queueId, language), Center, at ?? Closed);

    public bool IsTarget(SessionKind kind, Guid queueId, bool staffed = false, DateTimeOffset? at = null) => TransferTargets.IsShown(
        Center.Queues[queueId], new Contact(kind, Center.Queues[queueId].Channel, queueId, "en"), Center, staffed, at ?? Closed);
}
