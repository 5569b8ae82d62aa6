using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using FsCheck;
using FsCheck.Fluent;

namespace ContactCenter.Domain.Tests.AfterHours;

public sealed class DeflectionPropertyTests
{
    [Fact]
    public void The_decision_is_what_the_requirements_say_sentence_by_sentence() => ForAnyCenter(any =>
    {
        foreach (var (contact, at) in any.Contacts())
            SlowDecision.Text(Deflector.Decide(contact, any.Center, at)).ShouldBe(SlowDecision.Of(contact, any.Center, at));
    });

    [Fact]
    public void Every_option_is_one_that_its_channel_may_have() => ForAnyCenter(any =>
    {
        foreach (var (contact, at) in any.Contacts())
        {
            var decision = Deflector.Decide(contact, any.Center, at);
            var kinds = decision.Options.Select(o => o.Kind).ToList();
            kinds.ShouldBeUnique();
            (kinds.Count == 0 || decision.Route == Route.Options).ShouldBeTrue();
            if (any.Center.FindLive(decision.QueueId)?.Channel != Channel.Mobile)
                kinds.Where(k => k is OptionKind.PhoneNumber or OptionKind.Voicemail).ShouldBeEmpty();
            decision.Options.Where(o => o.Kind is OptionKind.PhoneNumber or OptionKind.Email && o.Value is null).ShouldBeEmpty();
        }
    });

    [Fact]
    public void Neither_the_order_of_the_queues_nor_who_is_a_member_ever_changes_a_decision() => ForAnyCenter(any =>
    {
        var other = Rebuilt(any.Center);
        foreach (var (contact, at) in any.Contacts())
        {
            var (one, two) = (Deflector.Decide(contact, any.Center, at), Deflector.Decide(contact, other, at));
            SlowDecision.Text(two).ShouldBe(SlowDecision.Text(one));
            two.Why.Select(w => (w.Rule, w.QueueId)).ShouldBe(one.Why.Select(w => (w.Rule, w.QueueId)));
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
    public void What_may_be_configured_never_sends_anybody_in_a_circle() => ForAnyCenter(any =>
    {
        if (ConfigurationRules.ProblemsOf(any.Center).Count > 0)
            return;
        foreach (var (contact, at) in any.Contacts().Where(c => any.Center.FindLive(c.Contact.QueueId) is not null))
        {
            var decision = Deflector.Decide(contact, any.Center, at);
            decision.Path.ShouldBeUnique();
            decision.Why.Select(w => w.Rule).ShouldNotContain(Rule.QueueGone);
            decision.Why.Select(w => w.Rule).ShouldNotContain(Rule.TooManyQueues);
        }
    });

    /// <summary>The same queues from the last to the first, with everybody's members changed.</summary>
    private static CenterConfiguration Rebuilt(CenterConfiguration center)
    {
        var other = CenterConfiguration.Initial.Apply(new HoursOfOperationSet(center.Settings.Hours, Spec.T0)) with { Settings = center.Settings };
        foreach (var queue in center.Queues.Values.OrderByDescending(q => q.Id))
        {
            other = other.Apply(new QueueCreated(queue.Id, queue.Name, queue.Channel, queue.Path, queue.ParentId, [], Spec.T0))
                .Apply(new QueueDeflectionConfigured(queue.Id, queue.Deflection, Spec.T0))
                .Apply(new QueueVirtualAgentAssigned(queue.Id, queue.VirtualAgent, Spec.T0))
                .Apply(new QueueScheduledCallsConfigured(queue.Id, queue.ScheduledCalls, Spec.T0))
                .Apply(new QueueMemberAdded(queue.Id, Spec.Id(77), Spec.T0))
                .Apply(new QueueHoursSet(queue.Id, queue.Hours, Spec.T0));
            if (queue.IsArchived)
                other = other.Apply(new QueueArchived(queue.Id, Spec.T0));
        }

        return other;
    }

    private static void ForAnyCenter(Action<AnyCenter> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(120),
        Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), script => property(AnyCenter.Of(script))));
}
