using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Tests.Hours;
using FsCheck;
using FsCheck.Fluent;

namespace ContactCenter.Domain.Tests.AfterHours;

public sealed class DeflectionPropertyTests
{
    [Fact]
    public void The_decision_is_what_the_requirements_say_sentence_by_sentence() => ForAnyCenter(any =>
    {
        foreach (var (contact, at) in any.Contacts())
            SlowDecision.Text(Deflector.Decide(contact, any.Center, at)).ShouldBe(SlowDecision.Of(contact, any, at));
    });

    [Fact]
    public void Who_answers_first_is_who_the_hours_say_minute_by_minute() => ForAnyCenter(any =>
    {
        foreach (var queue in any.Center.Queues.Values)
        {
            var (language, at) = (any.Language(), any.Instant());
            Deflector.VirtualAgentOf(queue, any.Center, language, at)?.Name.ShouldBe(SlowDecision.VirtualAgentOf(queue, any, language, at));
            (Deflector.VirtualAgentOf(queue, any.Center, language, at) is null).ShouldBe(SlowDecision.VirtualAgentOf(queue, any, language, at) is null);
        }
    });

    [Fact]
    public void Every_option_is_one_that_its_channel_may_have() => ForAnyCenter(any =>
    {
        foreach (var (contact, at) in any.Contacts())
        {
            var decision = Deflector.Decide(contact, any.Center, at);
            var kinds = decision.Options.Select(o => o.Kind).ToList();
            kinds.ShouldBeUnique();
            if (decision.Route != Route.Options)
                kinds.ShouldBeEmpty();
            if (decision.Path.Any(id => any.Center.FindLive(id) is { } queue && queue.Channel != contact.Channel))
                continue; // Such a target is refused when it is configured.
            OptionKind[] mayHave = contact.Channel switch
            {
                Channel.Mobile => [OptionKind.ScheduledCall, OptionKind.Email, OptionKind.PhoneNumber, OptionKind.Voicemail],
                Channel.Web => [OptionKind.ScheduledCall, OptionKind.Email],
                _ => [],
            };
            kinds.Except(mayHave).ShouldBeEmpty();
            decision.Options.ShouldAllBe(o => (o.Value != null) == (o.Kind == OptionKind.PhoneNumber || o.Kind == OptionKind.Email));
            if (kinds.Contains(OptionKind.ScheduledCall))
                any.Center.Queues[decision.QueueId].ScheduledCalls.Enabled.ShouldBeTrue();
        }
    });

    [Fact]
    public void Neither_the_order_of_anything_nor_who_is_a_member_ever_changes_a_decision() => ForAnyCenter(any =>
    {
        var other = Rebuilt(any.Center);
        foreach (var (contact, at) in any.Contacts())
        {
            var (one, two) = (Deflector.Decide(contact, any.Center, at), Deflector.Decide(contact, other, at));
            SlowDecision.Text(two).ShouldBe(SlowDecision.Text(one));
        }
    });

    [Fact]
    public void Whatever_a_menu_offers_is_what_is_decided_for_who_takes_it() => ForAnyCenter(any =>
    {
        foreach (var channel in Enum.GetValues<Channel>())
        {
            var (language, at) = (any.Language(), any.Instant());
            foreach (var entry in EntryMenu.Of(channel, language, any.Center, at).Where(e => e.IsLeaf))
            {
                var decisions = EntryMenu.KindsOf(channel)
                    .ToDictionary(k => k, k => Deflector.Decide(new Contact(k, channel, entry.Queue.Id, language), any.Center, at));
                foreach (var usual in entry.Kinds)
                    decisions[usual].Route.ShouldNotBe(Route.Options);
                entry.Options.ShouldBe(decisions.Values.SelectMany(d => d.Options).Distinct(), ignoreOrder: true);
                if (decisions.TryGetValue(SessionKind.Call, out var call) && call.Route == Route.Options)
                    entry.Kinds.ShouldBeEmpty();
            }
        }
    });

    [Fact]
    public void What_may_be_configured_never_sends_anybody_in_a_circle()
    {
        var (looked, sentOn) = (0, 0);
        ForAnyCenter(any =>
        {
            if (ConfigurationRules.ProblemsOf(any.Center).Any(p => p.Code is "deflection_cycle" or "deflection_too_long" or "queue_not_found"))
                return;
            looked++;
            foreach (var (contact, at) in any.Contacts().Where(c => any.Center.FindLive(c.Contact.QueueId) is not null))
            {
                var decision = Deflector.Decide(contact, any.Center, at);
                sentOn += decision.Path.Length > 1 ? 1 : 0;
                decision.Path.ShouldBeUnique();
                decision.Why.Select(w => w.Rule).ShouldNotContain(Rule.QueueGone);
                decision.Why.Select(w => w.Rule).ShouldNotContain(Rule.TooManyQueues);
            }
        });

        // Otherwise nothing was shown.
        looked.ShouldBeGreaterThan(150);
        sentOn.ShouldBeGreaterThan(10);
    }

    /// <summary>The same from the last to the first: queues, lists, exceptions, messages; with everybody's members changed.</summary>
    private static CenterConfiguration Rebuilt(CenterConfiguration center)
    {
        var set = center.Settings;
        var other = CenterConfiguration.Initial;
        foreach (var queue in center.Queues.Values.OrderByDescending(q => q.Id))
        {
            other = other.Apply(new QueueCreated(queue.Id, queue.Name, queue.Channel, queue.Path, queue.ParentId, [], Spec.T0))
                .Apply(new QueueMemberAdded(queue.Id, Spec.Id(77), Spec.T0))
                .Apply(new QueueDeflectionConfigured(queue.Id, Backwards(queue.Deflection), Spec.T0))
                .Apply(new QueueVirtualAgentAssigned(queue.Id, queue.VirtualAgent, Spec.T0))
                .Apply(new QueueScheduledCallsConfigured(queue.Id, queue.ScheduledCalls, Spec.T0))
                .Apply(new QueueHoursSet(queue.Id, Backwards(queue.Hours), Spec.T0));
            if (queue.IsArchived)
                other = other.Apply(new QueueArchived(queue.Id, Spec.T0));
        }

        other = other.Apply(new ChatDeflectionConfigured(set.Chats, Spec.T0))
            .Apply(new CallDeflectionConfigured(set.Calls with { Ivr = set.Calls.Ivr with { Greeting = Backwards(set.Calls.Ivr.Greeting) } }, Spec.T0));
        foreach (var (key, language, message) in set.Messages.All().Reverse())
            other = other.Apply(new MessageSet(key, language, message, Spec.T0));
        return other.Apply(new SupportCenterDescribed(set.Center with { Languages = Backwards(set.Center.Languages) }, Spec.T0))
            .Apply(new HoursOfOperationSet(
                new HoursOfOperation(
                    Backwards(set.Hours.Global),
                    [.. set.Hours.Channels.Reverse().Select(c => c with { Hours = Backwards(c.Hours)! })],
                    [.. set.Hours.Languages.Reverse().Select(l => l with { Hours = Backwards(l.Hours)! })]),
                Spec.T0));
    }

    private static QueueDeflection? Backwards(QueueDeflection? deflection) => deflection is null ? null : deflection with
    {
        Ivr = deflection.Ivr is { } ivr ? ivr with { Greeting = Backwards(ivr.Greeting) } : null,
        Sms = deflection.Sms is { } sms ? new SmsDeflection(Backwards(sms.Text)) : null,
    };

    private static HoursSchedule? Backwards(HoursSchedule? hours) => hours is null ? null : hours with
    {
        Exceptions = [.. hours.Exceptions.Reverse().Select(e => e with { Intervals = Backwards(e.Intervals) })],
        Weekly = new WeeklyHours(
            Backwards(hours.Weekly.On(DayOfWeek.Monday)), Backwards(hours.Weekly.On(DayOfWeek.Tuesday)), Backwards(hours.Weekly.On(DayOfWeek.Wednesday)),
            Backwards(hours.Weekly.On(DayOfWeek.Thursday)), Backwards(hours.Weekly.On(DayOfWeek.Friday)), Backwards(hours.Weekly.On(DayOfWeek.Saturday)),
            Backwards(hours.Weekly.On(DayOfWeek.Sunday))),
    };

    private static T[] Backwards<T>(IReadOnlyList<T>? list) => [.. (list ?? []).Reverse()];

    private static void ForAnyCenter(Action<AnyCenter> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120),
        Prop.ForAll(Any.ToArbitrary(), any => property(AnyCenter.Of(any.Script, any.Schedules))));

    private static Gen<(int[] Script, (HoursSchedule, DateOnly)[] Schedules)> Any { get; } =
        from script in Gen.Choose(0, 1_000_000).ArrayOf()
        from schedules in AnySchedule.WithADay.ArrayOf(3)
        select (script, schedules);
}
