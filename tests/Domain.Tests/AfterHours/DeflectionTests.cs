using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.AfterHours.Desk;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>One example for each row of AHD-1 to AHD-6 and AHD-9.</summary>
public sealed class DeflectionTests
{
    private static readonly SdkOptions Everything = new(ScheduledCall: true, Email: true, Number, Voicemail: true);

    [Fact]
    public void A_center_without_hours_is_always_open()
    {
        var desk = new Desk().Calls();
        var decision = desk.Decide(Call, desk.Queue(Channel.Ivr));

        decision.Route.ShouldBe(Route.Queue);
        decision.IsDeflected.ShouldBeFalse();
        Rules(decision).ShouldBe([Rule.NoHours, Rule.Open]);
    }

    [Fact]
    public void The_most_specific_hours_that_are_set_apply_and_nothing_of_the_others()
    {
        var never = Weekdays("09:00", "09:01");
        var desk = Usual();
        var queue = desk.Queue(Channel.Ivr);
        Level(new HoursOfOperation(OfficeHours, [], [])).ShouldBe((Rule.GlobalHours, true));
        Level(new HoursOfOperation(OfficeHours, [], [new LanguageHours("en", never)])).ShouldBe((Rule.LanguageHours, false));
        Level(new HoursOfOperation(OfficeHours, [new ChannelHours(Channel.Ivr, Always)], [new LanguageHours("en", never)])).ShouldBe((Rule.ChannelHours, true));
        desk.With(new QueueHoursSet(queue, never, T0));
        Level(new HoursOfOperation(Always, [new ChannelHours(Channel.Ivr, Always)], [])).ShouldBe((Rule.QueueHours, false));

        (Rule, bool) Level(HoursOfOperation hours)
        {
            var why = desk.With(new HoursOfOperationSet(hours, T0)).Decide(Call, queue, Open).Why;
            return (why[0].Rule, why[1].Rule == Rule.Open);
        }
    }

    [Fact]
    public void The_why_names_the_exception_that_closes_and_the_setting_that_was_overridden()
    {
        var holiday = new ExceptionalHours("Founders' day", new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 20), Closed: true);
        var desk = Usual().Calls();
        var queue = desk.Queue(Channel.Ivr, Weekdays("09:00", "17:00", "Etc/UTC", holiday), new QueueDeflection(new IvrDeflection(IvrOption.Voicemail)));

        var why = desk.Decide(Call, queue, Open).Why;

        why.Select(w => w.Rule).ShouldBe([Rule.QueueHours, Rule.Closed, Rule.QueueDeflection]);
        why[1].Hours!.Exception!.Name.ShouldBe("Founders' day");
    }

    [Theory]
    [InlineData(Call, Channel.Ivr)]
    [InlineData(Call, Channel.Mobile)]
    [InlineData(Chat, Channel.Web)]
    [InlineData(Chat, Channel.Sms)]
    public void Off_means_that_a_closed_queue_still_takes_contacts(SessionKind kind, Channel channel)
    {
        var desk = Usual().Calls(enabled: false).Chats(enabled: false);
        var decision = desk.Decide(kind, desk.Queue(channel));

        decision.Route.ShouldBe(Route.Queue);
        Rules(decision).ShouldBe([Rule.GlobalHours, Rule.Closed, Rule.DeflectionOff]);
    }

    [Fact]
    public void The_switch_for_calls_leaves_chats_alone_and_the_other_way_round()
    {
        var calls = Usual().Calls(sdk: Everything);
        calls.Decide(Chat, calls.Queue(Channel.Web)).Route.ShouldBe(Route.Queue);
        var chats = Usual().Chats();
        chats.Decide(Call, chats.Queue(Channel.Web)).Route.ShouldBe(Route.Queue);
    }

    [Fact]
    public void Mobile_has_every_option_and_web_only_booked_calls_and_the_address()
    {
        var desk = Usual().Calls(sdk: Everything);

        Options(desk.Decide(Call, desk.Queue(Channel.Mobile, scheduledCalls: true)))
            .ShouldBe([OptionKind.ScheduledCall, OptionKind.Email, OptionKind.PhoneNumber, OptionKind.Voicemail]);
        Options(desk.Decide(Call, desk.Queue(Channel.Web, scheduledCalls: true))).ShouldBe([OptionKind.ScheduledCall, OptionKind.Email]);
    }

    [Fact]
    public void An_option_is_left_out_where_what_it_needs_is_not_there()
    {
        var desk = Usual().Calls(sdk: Everything);
        var decision = desk.Decide(Call, desk.Queue(Channel.Web));

        decision.Options.ShouldBe([new DeflectionOption(OptionKind.Email, Mail)]);
        decision.Why.Where(w => w.Rule == Rule.OptionLeftOut).Select(w => w.Option).ShouldBe([OptionKind.ScheduledCall, OptionKind.PhoneNumber, OptionKind.Voicemail]);
    }

    [Theory]
    [InlineData(IvrOption.MessageOnly, Route.MessageOnly, "The AfterHours message.")]
    [InlineData(IvrOption.Voicemail, Route.Voicemail, "The VoicemailGreeting message.")]
    [InlineData(IvrOption.PhoneNumber, Route.PhoneNumber, null)]
    public void A_telephone_menu_goes_the_way_that_is_set(IvrOption option, Route route, string? message)
    {
        var desk = Usual().Calls(new IvrDeflection(option, PhoneNumber: option == IvrOption.PhoneNumber ? Number : null));
        var decision = desk.Decide(Call, desk.Queue(Channel.Ivr));

        decision.Route.ShouldBe(route);
        decision.Message?.Text.ShouldBe(message);
        decision.PhoneNumber.ShouldBe(option == IvrOption.PhoneNumber ? Number : null);
    }

    [Fact]
    public void A_telephone_menu_sends_on_to_a_queue_that_is_always_open_and_the_path_is_kept()
    {
        var desk = Usual();
        var (night, day) = (desk.Queue(Channel.Ivr, Always), desk.Queue(Channel.Ivr));
        var decision = desk.Calls(new IvrDeflection(IvrOption.Queue, night)).Decide(Call, day);

        decision.Route.ShouldBe(Route.Queue);
        decision.QueueId.ShouldBe(night);
        decision.Path.ShouldBe([day, night]);
        decision.IsDeflected.ShouldBeTrue();
    }

    [Fact]
    public void A_closed_target_follows_its_own_deflection()
    {
        var desk = Usual();
        var last = desk.Queue(Channel.Ivr, OfficeHours, new QueueDeflection(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: Number)));
        var first = desk.Queue(Channel.Ivr, OfficeHours, new QueueDeflection(new IvrDeflection(IvrOption.Queue, last)));
        var decision = desk.Decide(Call, first);

        (decision.Route, decision.QueueId, decision.PhoneNumber).ShouldBe((Route.PhoneNumber, last, Number));
        decision.Path.ShouldBe([first, last]);
    }

    [Fact]
    public void Chats_are_offered_the_address_or_shown_it_inside_the_chat()
    {
        var offered = Usual().Chats(email: true);
        offered.Decide(Chat, offered.Queue(Channel.Web)).Options.ShouldBe([new DeflectionOption(OptionKind.Email, Mail)]);

        var shown = Usual().Chats(email: false);
        var decision = shown.Decide(Chat, shown.Queue(Channel.Web));
        (decision.Route, decision.Email).ShouldBe((Route.EmailInChat, Mail));
        decision.Options.ShouldBeEmpty();
    }

    [Fact]
    public void A_queues_own_deflection_applies_also_where_the_centers_is_off()
    {
        var desk = Usual();
        var decision = desk.Decide(Call, desk.Queue(Channel.Ivr, deflection: new QueueDeflection(new IvrDeflection(IvrOption.MessageOnly))));

        decision.Route.ShouldBe(Route.MessageOnly);
        Rules(decision).ShouldContain(Rule.QueueDeflection);
    }

    [Fact]
    public void A_queues_own_greeting_is_played_in_the_callers_language_or_the_default()
    {
        var desk = Usual();
        LocalMessage[] greeting = [new("en", new Message("We are closed.")), new("de", new Message("Wir haben zu."))];
        var queue = desk.Queue(Channel.Ivr, deflection: new QueueDeflection(new IvrDeflection(IvrOption.MessageOnly, Greeting: greeting)));

        desk.Decide(Call, queue, language: "de-AT").Message!.Text.ShouldBe("Wir haben zu.");
        desk.Decide(Call, queue, language: "fr").Message!.Text.ShouldBe("We are closed.");
    }

    [Fact]
    public void A_mobile_queue_sends_to_one_queue_or_offers_its_own_options()
    {
        var desk = Usual().Calls(sdk: Everything);
        var night = desk.Queue(Channel.Mobile, Always);
        var toQueue = desk.Queue(Channel.Mobile, deflection: new QueueDeflection(Mobile: new MobileDeflection(night)));
        var toOptions = desk.Queue(Channel.Mobile, deflection: new QueueDeflection(Mobile: new MobileDeflection(Options: new SdkOptions(Email: true, Voicemail: true))));

        desk.Decide(Call, toQueue).QueueId.ShouldBe(night);
        desk.Decide(Chat, toQueue).QueueId.ShouldBe(night);
        Options(desk.Decide(Call, toOptions)).ShouldBe([OptionKind.Email, OptionKind.Voicemail]);
    }

    [Fact]
    public void A_chat_is_never_offered_to_leave_a_message()
    {
        var desk = Usual();
        var queue = desk.Queue(
            Channel.Mobile, scheduledCalls: true, deflection: new QueueDeflection(Mobile: new MobileDeflection(Options: Everything)));
        var alone = desk.Queue(Channel.Mobile, deflection: new QueueDeflection(Mobile: new MobileDeflection(Options: new SdkOptions(Voicemail: true))));

        Options(desk.Decide(Chat, queue)).ShouldBe([OptionKind.ScheduledCall, OptionKind.Email, OptionKind.PhoneNumber]);
        Rules(desk.Decide(Chat, queue)).ShouldContain(Rule.OptionLeftOut);
        Options(desk.Decide(Chat, alone)).ShouldBeEmpty();
        Rules(desk.Decide(Chat, alone)).ShouldContain(Rule.NothingToOffer);
    }

    [Fact]
    public void An_sms_queue_answers_with_its_text()
    {
        var desk = Usual();
        var queue = desk.Queue(Channel.Sms, deflection: new QueueDeflection(Sms: new SmsDeflection([new("en", new Message("We are closed."))])));
        var decision = desk.Decide(Chat, queue);

        (decision.Route, decision.Message!.Text).ShouldBe((Route.TextMessage, "We are closed."));
    }

    [Theory]
    [InlineData(VirtualAgentAvailability.Always, Route.Queue)]
    [InlineData(VirtualAgentAvailability.BusinessHours, Route.MessageOnly)]
    public void A_closed_queue_takes_contacts_only_if_its_virtual_agent_is_always_there(VirtualAgentAvailability availability, Route route)
    {
        var desk = Usual().Calls();
        desk.Decide(Call, desk.Queue(Channel.Ivr, virtualAgent: availability)).Route.ShouldBe(route);
    }

    [Fact]
    public void Whom_a_virtual_agent_passes_on_from_a_closed_queue_goes_where_that_deflects_to()
    {
        var desk = Usual().Calls();
        var (queue, open) = (desk.Queue(Channel.Ivr, virtualAgent: VirtualAgentAvailability.Always), desk.Queue(Channel.Ivr, Always, virtualAgent: VirtualAgentAvailability.Always));
        Deflector.Decide(new Contact(Call, Channel.Ivr, queue, "en", IsPassedOn: true), desk.Center, Closed).Route.ShouldBe(Route.MessageOnly);
        Deflector.Decide(new Contact(Call, Channel.Ivr, open, "en", IsPassedOn: true), desk.Center, Closed).Route.ShouldBe(Route.Queue);
    }

    [Fact]
    public void A_writer_whom_a_virtual_agent_passes_on_to_an_address_reads_the_message_before_it()
    {
        var desk = Usual().Chats(email: true);
        var mobile = new QueueDeflection(Mobile: new MobileDeflection(Options: new SdkOptions(Email: true, PhoneNumber: Number)));
        foreach (var queue in new[] { desk.Queue(Channel.Web), desk.Queue(Channel.Mobile, deflection: mobile) })
        {
            var passedOn = Deflector.Decide(new Contact(Chat, desk.Center.Queues[queue].Channel, queue, "en", IsPassedOn: true), desk.Center, Closed);
            (passedOn.Route, passedOn.Message!.Text).ShouldBe((Route.Options, "The AfterHours message."));
            desk.Decide(Chat, queue).Message.ShouldBeNull("who chooses the address is told nothing before it");
        }
    }

    [Fact]
    public void A_message_in_another_language_is_a_why_that_names_it()
    {
        var sms = new QueueDeflection(Sms: new SmsDeflection([new("en", new Message("Closed.")), new("de", new Message("Zu."))]));
        var desk = Usual().Calls().Chats().With(new MessageSet(MessageKey.AfterHours, "de", new Message("Zu."), T0));
        foreach (var (kind, queue) in new[] { (Call, desk.Queue(Channel.Ivr)), (Chat, desk.Queue(Channel.Web)), (Chat, desk.Queue(Channel.Sms, deflection: sms)) })
        {
            foreach (var language in new[] { "en", "de", "de-AT", "EN-us" })
                Rules(desk.Decide(kind, queue, language: language)).ShouldNotContain(Rule.OtherLanguage, language);
            var decision = desk.Decide(kind, queue, language: "fr");
            decision.Why[^1].ShouldBe(new Reason(Rule.OtherLanguage, queue, Language: "en"));
        }
    }

    [Fact]
    public void A_virtual_agent_of_business_hours_is_there_while_the_queue_is_open()
    {
        var desk = Usual().Calls();
        desk.Queue(Channel.Ivr, virtualAgent: VirtualAgentAvailability.BusinessHours);
        var queue = desk.Center.Queues.Values.Single();
        Deflector.VirtualAgentOf(queue, desk.Center, "en", Open)!.Name.ShouldBe("Ada");
        Deflector.VirtualAgentOf(queue, desk.Center, "en", Closed).ShouldBeNull();
    }

    [Fact]
    public void A_chain_that_is_longer_than_may_be_configured_ends_with_the_message()
    {
        var desk = Usual();
        var ids = Enumerable.Range(0, Deflector.MaxHops + 3).Select(_ => desk.Queue(Channel.Ivr)).ToList();
        for (var i = 0; i + 1 < ids.Count; i++)
            desk.With(new QueueDeflectionConfigured(ids[i], new QueueDeflection(new IvrDeflection(IvrOption.Queue, ids[i + 1])), T0));
        var decision = desk.Decide(Call, ids[0]);

        decision.Route.ShouldBe(Route.MessageOnly);
        decision.Path.Length.ShouldBe(Deflector.MaxHops + 1);
        Rules(decision)[^1].ShouldBe(Rule.TooManyQueues);
        decision.Message!.Text.ShouldBe("The AfterHours message.");
    }

    [Fact]
    public void A_caller_sent_to_a_queue_that_is_gone_hears_the_message()
    {
        var desk = Usual();
        var gone = desk.Queue(Channel.Ivr);
        var queue = desk.Queue(Channel.Ivr, deflection: new QueueDeflection(new IvrDeflection(IvrOption.Queue, gone)));
        var decision = desk.With(new QueueArchived(gone, T0)).Decide(Call, queue);

        (decision.Route, decision.Message!.Text).ShouldBe((Route.MessageOnly, "The AfterHours message."));
        Rules(decision)[^1].ShouldBe(Rule.QueueGone);
    }

    [Fact]
    public void An_absent_team_never_closes_a_queue_and_a_present_one_never_opens_it()
    {
        var desk = Usual().Calls();
        var queue = desk.Queue(Channel.Ivr);
        foreach (var member in Enumerable.Range(1, 3).Select(Id))
        {
            desk.Decide(Call, queue, Open).Route.ShouldBe(Route.Queue);
            desk.Decide(Call, queue, Closed).Route.ShouldBe(Route.MessageOnly);
            desk.With(new QueueMemberAdded(queue, member, T0));
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de-Latn-AT")]
    public void A_decision_allocates_its_answer_and_nothing_else_whatever_the_language(string language)
    {
        var desk = Usual();
        var last = desk.Queue(Channel.Ivr, OfficeHours, new QueueDeflection(new IvrDeflection(IvrOption.MessageOnly)));
        var contact = new Contact(Call, Channel.Ivr, desk.Queue(Channel.Ivr, OfficeHours, new QueueDeflection(new IvrDeflection(IvrOption.Queue, last))), language);
        var decision = Deflector.Decide(contact, desk.Center, Closed);

        // The least of several: what compiles, or is cached by others at the same time, is not the decision's.
        var answer = Least(() => decision with { Path = [.. decision.Path.AsSpan()], Why = [.. decision.Why.AsSpan()] });
        Least(() => Deflector.Decide(contact, desk.Center, Closed)).ShouldBe(answer);

        static long Least(Func<DeflectionDecision> make) => Enumerable.Range(0, 200).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            make();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    private static Rule[] Rules(DeflectionDecision decision) => [.. decision.Why.Select(w => w.Rule)];

    private static OptionKind[] Options(DeflectionDecision decision)
    {
        decision.Route.ShouldBe(Route.Options);
        return [.. decision.Options.Select(o => o.Kind)];
    }
}
