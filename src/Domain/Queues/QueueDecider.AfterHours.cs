using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Queues;

/// <content>
/// When a queue is open, and what happens when it is not. What such a setting needs from other queues and from the
/// center's settings is checked for the configuration as a whole (<see cref="Settings.ConfigurationRules"/>).
/// </content>
public static partial class QueueDecider
{
    /// <summary>The queue gets hours of its own, or with null gives them up (AHD-1).</summary>
    public static Decision<QueueEvent> SetHours(Queue q, HoursSchedule? hours, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (hours is not null && HoursValidation.WhyNot(hours) is { } invalid)
            return invalid;
        return Equals(q.Hours, hours) ? Decision<QueueEvent>.Nothing : new QueueHoursSet(q.Id, hours, now);
    }

    /// <summary>The queue gets a deflection of its own, or with null gives it up (AHD-6).</summary>
    public static Decision<QueueEvent> ConfigureDeflection(Queue q, QueueDeflection? deflection, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (deflection is not null && WhyNotShape(deflection) is { } invalid)
            return invalid;
        return q.Deflection == deflection ? Decision<QueueEvent>.Nothing : new QueueDeflectionConfigured(q.Id, deflection, now);
    }

    /// <summary>A virtual agent answers first, or with null none does.</summary>
    public static Decision<QueueEvent> AssignVirtualAgent(Queue q, VirtualAgentAssignment? virtualAgent, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (virtualAgent is not null && (string.IsNullOrWhiteSpace(virtualAgent.Name) || virtualAgent.Name.Length > 100))
            return ValidationError.Field("name", "Must have 1 to 100 characters.");
        return q.VirtualAgent == virtualAgent ? Decision<QueueEvent>.Nothing : new QueueVirtualAgentAssigned(q.Id, virtualAgent, now);
    }

    /// <summary>Other rules for scheduled calls apply from now on (AHD-11).</summary>
    public static Decision<QueueEvent> ConfigureScheduledCalls(Queue q, ScheduledCallRules rules, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (WhyNotRules(rules) is { } invalid)
            return invalid;
        if (q.ScheduledCalls == rules)
            return Decision<QueueEvent>.Nothing;
        return rules.Enabled && !q.TakesCalls ? QueueErrors.TakesNoCalls : new QueueScheduledCallsConfigured(q.Id, rules, now);
    }

    private static ValidationError? WhyNotShape(QueueDeflection deflection)
    {
        var faults = new FieldFaults();
        if (deflection.Ivr is { } ivr)
        {
            if (!Enum.IsDefined(ivr.Option))
                faults.Add("ivr.option", "Must be message_only, queue, phone_number or voicemail.");
            faults.PhoneNumber("ivr.phoneNumber", ivr.PhoneNumber);
            faults.Messages("ivr.greeting", ivr.Greeting);
        }

        faults.PhoneNumber("mobile.options.phoneNumber", deflection.Mobile?.Options.PhoneNumber);
        faults.Messages("sms.text", deflection.Sms?.Text);
        return faults.Error;
    }

    private static ValidationError? WhyNotRules(ScheduledCallRules rules)
    {
        var faults = new FieldFaults();
        if (rules.SlotMinutes is < 5 or > 240 || 1_440 % rules.SlotMinutes != 0)
            faults.Add("slotMinutes", "Must be from 5 to 240 and divide a day evenly.");
        faults.Range("callsPerSlot", rules.CallsPerSlot, 1, 1_000);
        faults.Range("daysAhead", rules.DaysAhead, 1, 60);
        faults.Range("leadMinutes", rules.LeadMinutes, 0, 1_440);
        return faults.Error;
    }
}
