using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Queues;

public sealed class QueueTests
{
    private static readonly Guid Parent = Id(1);
    private static readonly Guid Child = Id(2);
    private static readonly Guid Team = Id(3);
    private static readonly Guid Ann = Id(5);
    private static readonly QueueCreated Billing = new(Parent, "Billing", Channel.Ivr, ["Billing"], ParentId: null, [Team], T0);
    private static readonly QueueCreated Refunds = new(Child, "Refunds", Channel.Ivr, ["Billing", "Refunds"], Parent, [], T0);

    private static CenterConfiguration With(params QueueEvent[] events) => Settings.Plan.Center(events);

    [Fact]
    public void A_queue_is_created_at_the_root_of_a_menu() =>
        Given.Queue().When(q => QueueDecider.Create(q, Parent, " Billing ", Channel.Ivr, parent: null, [Team, Team], T0)).Then(Billing);

    [Fact]
    public void A_queue_under_another_has_its_path() =>
        Given.Queue().When(q => QueueDecider.Create(q, Child, "Refunds", Channel.Ivr, Given.Queue(Billing).State, [], T0)).Then(Refunds);

    [Fact]
    public void A_queue_is_created_only_under_a_living_queue_of_its_channel()
    {
        var archived = Given.Queue(Billing, new QueueArchived(Parent, T0)).State;

        Under(Queue.Initial).ThenRejected<UnprocessableError>("queue.parent_not_found");
        Under(archived).ThenRejected<UnprocessableError>("queue.parent_archived");
        Under(Given.Queue(Billing with { Channel = Channel.Web }).State).ThenRejected<UnprocessableError>("queue.other_channel");
    }

    [Fact]
    public void A_queue_has_a_name_and_a_channel()
    {
        Given.Queue().When(q => QueueDecider.Create(q, Child, " ", Channel.Ivr, parent: null, [], T0)).ThenInvalid("name");
        Given.Queue().When(q => QueueDecider.Create(q, Child, new string('x', 101), Channel.Ivr, parent: null, [], T0)).ThenInvalid("name");
        Given.Queue().When(q => QueueDecider.Create(q, Child, "Refunds", (Channel)7, parent: null, [], T0)).ThenInvalid("channel");
    }

    [Fact]
    public void Another_name_changes_the_end_of_the_path() =>
        Given.Queue(Refunds).When(q => QueueDecider.Rename(q, "Money back", At(10)))
            .Then(new QueueRenamed(Child, "Money back", ["Billing", "Money back"], At(10)));

    [Fact]
    public void What_is_about_calls_is_not_switched_on_where_none_come()
    {
        var (sms, rules) = (Given.Queue(Billing with { Channel = Channel.Sms }), ScheduledCallRules.Default with { Enabled = true });
        sms.When(q => QueueDecider.ConfigureScheduledCalls(q, rules, At(1))).ThenRejected<UnprocessableError>("queue.takes_no_calls");
        sms.When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default with { WhisperText = "A text." }, At(1))).ThenRejected<UnprocessableError>("queue.takes_no_calls");
        var off = (Rules: ScheduledCallRules.Default with { SlotMinutes = 30 }, Whisper: WhisperRules.Default with { WhisperEnabled = false });
        sms.When(q => QueueDecider.ConfigureScheduledCalls(q, off.Rules, At(1))).Then(new QueueScheduledCallsConfigured(Parent, off.Rules, At(1)));
        sms.When(q => QueueDecider.ConfigureWhisper(q, off.Whisper, At(1))).Then(new QueueWhisperConfigured(Parent, off.Whisper, At(1)));

        foreach (var channel in new[] { Channel.Ivr, Channel.Mobile, Channel.Web })
            Given.Queue(Billing with { Channel = channel }).When(q => QueueDecider.ConfigureScheduledCalls(q, rules, At(1))).Then(new QueueScheduledCallsConfigured(Parent, rules, At(1)));
        // What was switched on before this was refused stays so, and an import of it changes nothing.
        Given.Queue(Billing with { Channel = Channel.Sms }, new QueueScheduledCallsConfigured(Parent, rules, T0))
            .When(q => QueueDecider.ConfigureScheduledCalls(q, rules, At(1))).ThenNothing();
    }

    [Fact]
    public void Teams_are_assigned_each_once_and_the_same_in_another_order_changes_nothing()
    {
        var other = Id(9);
        Given.Queue(Billing).When(q => QueueDecider.AssignTeams(q, [other, Team, other], At(5))).Then(new QueueTeamsAssigned(Parent, [other, Team], At(5)))
            .When(q => QueueDecider.AssignTeams(q, [Team, other], At(6))).ThenNothing();
        Given.Queue(Billing).When(q => QueueDecider.AssignTeams(q, [], At(5))).Then(new QueueTeamsAssigned(Parent, [], At(5)));
        Given.Queue().When(q => QueueDecider.AssignTeams(q, [Team], At(5))).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue(Billing, new QueueArchived(Parent, T0)).When(q => QueueDecider.AssignTeams(q, [], At(5))).ThenRejected<ConflictError>("queue.archived");
    }

    [Fact]
    public void A_queue_has_names_in_other_languages_and_shows_its_own_to_the_rest()
    {
        var names = new QueueTranslated(Parent, [new("de", "Rechnungen"), new("pt-BR", "Faturas")], At(5));
        var queue = Given.Queue(Billing).When(q => QueueDecider.Translate(q, [new("de", " Rechnungen "), new("pt-BR", "Faturas")], At(5))).Then(names);

        foreach (var (language, name) in new[] { ("de", "Rechnungen"), ("DE-at", "Rechnungen"), ("pt-br", "Faturas"), ("pt", "Billing"), ("fr", "Billing") })
            queue.State.NameIn(language).ShouldBe(name);
        queue.When(q => QueueDecider.Translate(q, [new("PT-br", "Faturas"), new("de", "Rechnungen")], At(6))).ThenNothing();
        queue.When(q => QueueDecider.Translate(q, [], At(6))).Then(new QueueTranslated(Parent, [], At(6))).State.NameIn("de").ShouldBe("Billing");
    }

    [Fact]
    public void A_translation_has_a_language_once_and_a_name()
    {
        Given.Queue(Billing).When(q => QueueDecider.Translate(q, [new("german!", "x")], At(5))).ThenInvalid("names[0].language");
        Given.Queue(Billing).When(q => QueueDecider.Translate(q, [new("de", " ")], At(5))).ThenInvalid("names[0].name");
        Given.Queue(Billing).When(q => QueueDecider.Translate(q, [new("de", "x"), new("DE", "y")], At(5))).ThenInvalid("names[1].language");
    }

    [Fact]
    public void A_queue_without_a_name_is_refused() => Given.Queue(Refunds).When(q => QueueDecider.Rename(q, "", At(10))).ThenInvalid("name");

    [Fact]
    public void The_path_follows_the_parent()
    {
        var renamed = Given.Queue(Billing, new QueueRenamed(Parent, "Invoices", ["Invoices"], At(10))).State;

        Given.Queue(Refunds).When(q => QueueDecider.FollowParent(q, renamed, At(10)))
            .Then(new QueueRenamed(Child, "Refunds", ["Invoices", "Refunds"], At(10)));
        Given.Queue(Billing).When(q => QueueDecider.FollowParent(q, renamed, At(10))).ThenRejected<UnprocessableError>("queue.parent_not_found");
        Given.Queue().When(q => QueueDecider.FollowParent(q, renamed, At(10))).ThenRejected<NotFoundError>("queue.not_found");
    }

    [Fact]
    public void A_queue_moves_below_another_of_its_channel_or_to_the_root()
    {
        var sales = Given.Queue(new QueueCreated(Id(4), "Sales", Channel.Ivr, ["Sales"], ParentId: null, [], T0)).State;
        var moved = Given.Queue(Billing, new QueueMoved(Parent, Id(4), ["Sales", "Billing"], At(10))).State;

        Given.Queue(Refunds).When(q => QueueDecider.Move(q, sales, isBelow: false, At(10))).Then(new QueueMoved(Child, Id(4), ["Sales", "Refunds"], At(10)));
        Given.Queue(Refunds).When(q => QueueDecider.Move(q, parent: null, isBelow: false, At(10))).Then(new QueueMoved(Child, null, ["Refunds"], At(10)));
        Given.Queue(Refunds).When(q => QueueDecider.FollowParent(q, moved, At(10)))
            .Then(new QueueRenamed(Child, "Refunds", ["Sales", "Billing", "Refunds"], At(10)));
    }

    [Fact]
    public void A_queue_does_not_move_below_itself_or_into_another_menu()
    {
        var child = Given.Queue(Refunds).State;
        Given.Queue(Billing).When(q => QueueDecider.Move(q, child, isBelow: true, At(10))).ThenRejected<UnprocessableError>("queue.under_itself");
        Given.Queue(Refunds).When(q => QueueDecider.Move(q, Given.Queue(Billing with { Channel = Channel.Web }).State, isBelow: false, At(10)))
            .ThenRejected<UnprocessableError>("queue.other_channel");
    }

    [Fact]
    public void A_queue_with_others_below_it_is_not_archived() =>
        Given.Queue(Billing).When(q => QueueDecider.Archive(q, With(Billing, Refunds), booked: 0, At(2))).ThenRejected<ConflictError>("queue.has_children");

    [Fact]
    public void A_queue_that_others_deflect_to_is_not_archived_and_all_of_them_are_named()
    {
        var toBilling = new QueueDeflection(Ivr: new IvrDeflection(IvrOption.Queue, Parent));
        var center = With(Billing, Refunds with { ParentId = null }, new QueueDeflectionConfigured(Child, toBilling, At(1)))
            .Apply(Settings.Plan.Calls(toBilling.Ivr!));
        var refused = Given.Queue(Billing).When(q => QueueDecider.Archive(q, center, booked: 0, At(2))).ThenRejected<ConflictError>("queue.in_use");
        refused.Message.ShouldBe("The queue is in use: by the deflection of calls, the queue \"Billing > Refunds\".");
        refused.Fields!.Keys.ShouldBe(["calls.ivr.queueId", $"queues.{Child}.deflection.ivr.queueId"], ignoreOrder: true);
    }

    [Fact]
    public void A_queue_of_which_calls_are_booked_is_not_archived_and_told_how_many()
    {
        var refused = Given.Queue(Billing).When(q => QueueDecider.Archive(q, With(Billing), booked: 3, At(2))).ThenRejected<ConflictError>("queue.in_use");
        refused.Message.ShouldBe("The queue is in use: by 3 scheduled calls.");
        refused.Fields!.Keys.ShouldBe([$"queues.{Parent}.scheduledCalls"]);
        Given.Queue(Billing).When(q => QueueDecider.Archive(q, With(Billing), booked: 1, At(2))).ThenRejected<ConflictError>("queue.in_use").Message.ShouldContain("one scheduled call.");
    }

    [Fact]
    public void Members_come_and_go() =>
        Given.Queue(Billing).When(q => QueueDecider.AddMember(q, Ann, At(1))).Then(new QueueMemberAdded(Parent, Ann, At(1)))
            .When(q => QueueDecider.RemoveMember(q, Ann, At(2))).Then(new QueueMemberRemoved(Parent, Ann, At(2)));

    [Theory]
    [InlineData(4, 0, "offerTimeoutSeconds")]
    [InlineData(3_601, 0, "offerTimeoutSeconds")]
    [InlineData(5, -1, "wrapUpSeconds")]
    [InlineData(5, 3_601, "wrapUpSeconds")]
    public void Handling_out_of_range_is_refused(int offerTimeout, int wrapUp, string field) =>
        Given.Queue(Billing).When(q => QueueDecider.ConfigureHandling(q, new HandlingRules(offerTimeout, wrapUp), At(1))).ThenInvalid(field);

    [Theory]
    [InlineData(5, 0)]
    [InlineData(3_600, 3_600)]
    public void Handling_is_configured_within_its_range(int offerTimeout, int wrapUp) =>
        Given.Queue(Billing).When(q => QueueDecider.ConfigureHandling(q, new HandlingRules(offerTimeout, wrapUp), At(1)))
            .Then(new QueueHandlingConfigured(Parent, new HandlingRules(offerTimeout, wrapUp), At(1)));

    [Theory]
    [InlineData(0.49)]
    [InlineData(2.01)]
    [InlineData(double.NaN)]
    public void A_whisper_too_slow_or_too_fast_is_refused(double speed) =>
        Given.Queue(Billing).When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default with { Speed = speed }, At(1))).ThenInvalid("speed");

    [Fact]
    public void A_whisper_says_something()
    {
        Given.Queue(Billing).When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default with { WhisperText = "" }, At(1))).ThenInvalid("whisperText");
        Given.Queue(Billing).When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default with { WhisperText = new string('x', 501) }, At(1)))
            .ThenInvalid("whisperText");
    }

    [Fact]
    public void A_whisper_is_configured()
    {
        var rules = new WhisperRules(WhisperEnabled: true, "Be kind", Speed: 0.5, Countdown: true);
        Given.Queue(Billing).When(q => QueueDecider.ConfigureWhisper(q, rules, At(1))).Then(new QueueWhisperConfigured(Parent, rules, At(1)));
    }

    [Fact]
    public void An_archived_queue_only_loses_members()
    {
        var archived = Given.Queue(Billing, new QueueMemberAdded(Parent, Ann, At(1))).When(q => QueueDecider.Archive(q, CenterConfiguration.Initial, booked: 0, At(2))).Then(new QueueArchived(Parent, At(2)));

        archived.When(q => QueueDecider.Rename(q, "Bills", At(3))).ThenRejected<ConflictError>("queue.archived");
        archived.When(q => QueueDecider.AddMember(q, Id(6), At(3))).ThenRejected<ConflictError>("queue.archived");
        archived.When(q => QueueDecider.ConfigureHandling(q, HandlingRules.Default, At(3))).ThenRejected<ConflictError>("queue.archived");
        archived.When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default, At(3))).ThenRejected<ConflictError>("queue.archived");
        archived.When(q => QueueDecider.RemoveMember(q, Ann, At(3))).Then(new QueueMemberRemoved(Parent, Ann, At(3)));
    }

    [Fact]
    public void A_queue_that_does_not_exist_is_not_changed()
    {
        Given.Queue().When(q => QueueDecider.Rename(q, "Bills", T0)).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue().When(q => QueueDecider.Archive(q, CenterConfiguration.Initial, booked: 0, T0)).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue().When(q => QueueDecider.AddMember(q, Ann, T0)).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue().When(q => QueueDecider.RemoveMember(q, Ann, T0)).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue().When(q => QueueDecider.ConfigureHandling(q, HandlingRules.Default, T0)).ThenRejected<NotFoundError>("queue.not_found");
        Given.Queue().When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default, T0)).ThenRejected<NotFoundError>("queue.not_found");
    }

    private static Outcome<Queue, QueueEvent> Under(Queue parent) =>
        Given.Queue().When(q => QueueDecider.Create(q, Child, "Refunds", Channel.Ivr, parent, [], T0));

    [Fact]
    public void Everything_that_is_wrong_with_a_queues_rules_is_told_at_once()
    {
        Given.Queue(Billing).When(q => QueueDecider.ConfigureScheduledCalls(q, new ScheduledCallRules(Enabled: true, 7, 0, 61, -1), At(1)))
            .ThenInvalid("slotMinutes", "callsPerSlot", "daysAhead", "leadMinutes");
        Given.Queue(Billing).When(q => QueueDecider.ConfigureHandling(q, new HandlingRules(4, 3_601), At(1))).ThenInvalid("offerTimeoutSeconds", "wrapUpSeconds");
        Given.Queue(Billing).When(q => QueueDecider.ConfigureWhisper(q, WhisperRules.Default with { Speed = 3, WhisperText = " " }, At(1))).ThenInvalid("speed", "whisperText");
    }
}
