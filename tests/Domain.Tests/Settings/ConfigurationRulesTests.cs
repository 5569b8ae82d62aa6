using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Settings.Plan;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

/// <summary>What must hold of the configuration as a whole: each rule once broken, at its place, and once kept.</summary>
public sealed class ConfigurationRulesTests
{
    private static readonly IvrDeflection Voicemail = new(IvrOption.Voicemail);

    [Fact]
    public void The_default_language_is_an_enabled_one()
    {
        Refused("language_not_enabled", "supportCenter.defaultLanguage", [], Described(Named with { DefaultLanguage = "de" }));
        Fine([], Described(Named with { Languages = ["en", "DE"], DefaultLanguage = "de" }));
    }

    [Fact]
    public void An_email_option_needs_the_support_centers_address()
    {
        var chats = new ChatDeflectionConfigured(new ChatDeflection(Enabled: true, AllowTransfers: false, Email: true), T0);
        var calls = Calls(Voicemail with { Greeting = InEnglish }, new SdkOptions(Email: true));
        var mobile = Mobile(1, new SdkOptions(Email: true));
        Refused("support_email_missing", "chats", [], chats);
        Refused("support_email_missing", "calls.sdk.email", [.. Plan.Voicemail()], calls);
        Refused("support_email_missing", $"queues.{Id(1)}.deflection.mobile.options.email", [Node(1, Channel.Mobile)], mobile);
        Fine([Described(Named)], chats);
        Fine([Described(Named), .. Plan.Voicemail()], calls);
        Fine([Described(Named), Node(1, Channel.Mobile)], mobile);
    }

    [Fact]
    public void The_address_stays_while_an_option_needs_it() => Refused(
        "support_email_missing", "chats", [Described(Named), new ChatDeflectionConfigured(new ChatDeflection(Enabled: true, AllowTransfers: false, Email: false), T0)],
        Described(Named with { Email = null }));

    [Fact]
    public void A_web_queue_has_no_deflection_of_its_own() =>
        Refused("web_has_none", $"queues.{Id(1)}.deflection", [Node(1, Channel.Web)], Ivr(1, new IvrDeflection(IvrOption.MessageOnly, Greeting: InEnglish)));

    [Theory]
    [InlineData(Channel.Ivr)]
    [InlineData(Channel.Mobile)]
    [InlineData(Channel.Sms)]
    public void A_queue_has_what_belongs_to_its_channel_and_nothing_else(Channel channel)
    {
        var whole = new QueueDeflection(
            new IvrDeflection(IvrOption.MessageOnly, Greeting: InEnglish), new MobileDeflection(null, new SdkOptions(Voicemail: true)), new SmsDeflection(InEnglish));
        var own = channel switch
        {
            Channel.Ivr => whole with { Mobile = null, Sms = null },
            Channel.Mobile => whole with { Ivr = null, Sms = null },
            _ => whole with { Ivr = null, Mobile = null },
        };
        Refused("wrong_channel", $"queues.{Id(1)}.deflection", [Node(1, channel)], new QueueDeflectionConfigured(Id(1), whole, T0));
        Refused("wrong_channel", $"queues.{Id(1)}.deflection", [Node(1, channel)], new QueueDeflectionConfigured(Id(1), new QueueDeflection(), T0));
        Fine([Node(1, channel), .. Plan.Voicemail()], new QueueDeflectionConfigured(Id(1), own, T0));
    }

    [Fact]
    public void A_queue_is_named_with_the_queue_option_and_only_with_it()
    {
        Refused("queue_missing", "calls.ivr.queueId", [], Calls(new IvrDeflection(IvrOption.Queue)));
        Refused("queue_missing", "calls.ivr.queueId", [Node(1), Says(MessageKey.AfterHours)], Calls(new IvrDeflection(IvrOption.MessageOnly, Id(1))));
        Fine([Node(1)], Calls(new IvrDeflection(IvrOption.Queue, Id(1))));
    }

    [Fact]
    public void A_number_is_given_with_the_number_option_and_only_with_it()
    {
        Refused("phone_number_missing", "calls.ivr.phoneNumber", [], Calls(new IvrDeflection(IvrOption.PhoneNumber)));
        Refused("phone_number_missing", "calls.ivr.phoneNumber", [Node(1)], Calls(new IvrDeflection(IvrOption.Queue, Id(1), "+4930123456")));
        Fine([], Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456")));
    }

    [Fact]
    public void A_target_is_a_queue_of_the_same_menu_that_is_there()
    {
        var path = $"queues.{Id(1)}.deflection.ivr.queueId";
        Refused("queue_not_found", path, [Node(1)], To(1, 2));
        Refused("queue_not_found", path, [Node(1), Node(2), new QueueArchived(Id(2), T0)], To(1, 2));
        Refused("queue_of_other_channel", path, [Node(1), Node(2, Channel.Mobile)], To(1, 2));
        Refused("queue_not_found", path, [Node(1), Node(2), To(1, 2)], new QueueArchived(Id(2), T0));
        Refused("queue_not_found", "calls.ivr.queueId", [Node(2), Calls(new IvrDeflection(IvrOption.Queue, Id(2)))], new QueueArchived(Id(2), T0));
        Fine([Node(1), Node(2)], To(1, 2));
    }

    [Fact]
    public void A_target_helps_while_the_queue_is_closed()
    {
        var path = $"queues.{Id(1)}.deflection.ivr.queueId";
        CallDeflectionConfigured deflecting = Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"));
        IDomainEvent[] both = [Node(1), Node(2), Opens(Office), deflecting];
        Refused("queue_never_open_then", path, both, To(1, 2));
        Refused("queue_never_open_then", path, [.. both, Opens(2, Weekdays("08:00", "19:00")), To(1, 2)], Opens(2, Weekdays("10:00", "12:00")));
        Fine([.. both, Opens(2, Always)], To(1, 2));
        Fine([.. both, Opens(2, Weekdays("08:00", "19:00"))], To(1, 2));
        Fine([.. both, Ivr(2, new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"))], To(1, 2));
        Fine([Node(1), Node(2), Opens(Office)], To(1, 2)); // It takes contacts while closed.
    }

    [Fact]
    public void A_queue_that_only_another_languages_hours_ever_close_is_open_then()
    {
        HoursOfOperationSet onlyGerman = new(HoursOfOperation.None with { Languages = [new LanguageHours("de", Office)] }, T0);
        CallDeflectionConfigured deflecting = Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"));
        Fine([Node(1), Node(2), Opens(1, Office), onlyGerman, deflecting], To(1, 2));
    }

    [Fact]
    public void What_is_open_then_in_any_language_at_all_helps()
    {
        var path = $"queues.{Id(1)}.deflection.ivr.queueId";
        CallDeflectionConfigured deflecting = Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"));
        HoursOfOperationSet German(HoursSchedule hours) => new(HoursOfOperation.None with { Global = Office, Languages = [new LanguageHours("de", hours)] }, T0);
        Fine([Node(1), Node(2), Opens(1, Office), German(Always), deflecting], To(1, 2));
        Fine([Node(1), Node(2), Opens(1, Office), German(Weekdays("16:00", "18:00")), deflecting], To(1, 2));
        Refused("queue_never_open_then", path, [Node(1), Node(2), Opens(1, Office), German(Weekdays("10:00", "12:00")), deflecting], To(1, 2));
    }

    [Fact]
    public void Dated_exceptions_do_not_say_whether_a_target_helps()
    {
        var path = $"queues.{Id(1)}.deflection.ivr.queueId";
        CallDeflectionConfigured deflecting = Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"));
        HoursSchedule With(HoursSchedule hours, bool closed, string from, string to) => hours with
        {
            Exceptions = [new ExceptionalHours("Stock-taking", DateOnly.Parse(from), DateOnly.Parse(to), Closed: closed, Intervals: closed ? [] : [new("00:00", "24:00")])],
        };
        IDomainEvent[] both = [Node(1), Node(2), Opens(Office), deflecting];
        // Closed, or open, through all of the year: an ordinary week is looked at all the same.
        Fine([.. both, Opens(2, With(Weekdays("08:00", "19:00"), closed: true, "2026-01-01", "2026-12-31"))], To(1, 2));
        Refused("queue_never_open_then", path, [.. both, Opens(2, With(Office, closed: false, "2026-01-01", "2026-12-31"))], To(1, 2));
        Fine([.. both, Opens(1, With(Always, closed: true, "2026-12-25", "2026-12-25"))], To(1, 2));
    }

    [Fact]
    public void A_mobile_queue_helps_chats_where_only_calls_are_deflected()
    {
        var path = $"queues.{Id(1)}.deflection.mobile.queueId";
        IDomainEvent[] both = [Node(1, Channel.Mobile), Node(2, Channel.Mobile), Opens(Office), Described(Named), Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"))];
        var chats = new ChatDeflectionConfigured(new ChatDeflection(Enabled: true, AllowTransfers: false, Email: false), T0);
        Fine(both, Mobile(1, new SdkOptions(), target: 2));
        Refused("queue_never_open_then", path, [.. both, chats], Mobile(1, new SdkOptions(), target: 2));
    }

    [Fact]
    public void A_target_elsewhere_that_is_open_then_in_one_half_of_the_year_helps()
    {
        CallDeflectionConfigured deflecting = Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"));
        // While the one's clock is ahead of summer time, the other's is behind it by an hour more.
        var kathmandu = Weekdays("09:00", "17:00") with { TimeZone = "Asia/Kathmandu" };
        var berlin = Weekdays("05:15", "13:15") with { TimeZone = "Europe/Berlin" };
        Fine([Node(1), Node(2), Opens(1, berlin), Opens(2, kathmandu), deflecting], To(1, 2));
    }

    [Fact]
    public void A_greeting_goes_with_a_message_or_voicemail()
    {
        Refused("greeting_not_possible", "calls.ivr.greeting", [], Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456", Greeting: InEnglish)));
        Fine([], Calls(new IvrDeflection(IvrOption.MessageOnly, Greeting: InEnglish)));
    }

    [Fact]
    public void The_message_that_is_played_is_there_in_every_enabled_language()
    {
        var german = Described(Named with { Languages = ["en", "de"] });
        Refused("message_missing", "calls.ivr", [], Calls(IvrDeflection.Default)).ShouldContain("The message after_hours is missing in en.");
        Refused("message_missing", "calls.ivr", [Says(MessageKey.AfterHours), german], Calls(IvrDeflection.Default)).ShouldBe(["The message after_hours is missing in de."]);
        Refused("message_missing", "calls.ivr.greeting", [german], Calls(IvrDeflection.Default with { Greeting = InEnglish })).ShouldBe(["The message is missing in de."]);
        Fine([Says(MessageKey.AfterHours), Says(MessageKey.AfterHours, "DE"), german], Calls(IvrDeflection.Default));
    }

    [Fact]
    public void Voicemail_needs_all_of_its_messages()
    {
        Refused("message_missing", "calls.ivr", [], Calls(Voicemail)).ShouldBe(
        [
            "The message voicemail_greeting is missing in en.", "The message voicemail_number_blocked is missing in en.",
            "The message voicemail_ask_number is missing in en.", "The message voicemail_number_entered is missing in en.",
        ]);
        Refused("message_missing", "calls.ivr", [], Calls(Voicemail with { Greeting = InEnglish })).Length.ShouldBe(3);
        Fine([.. Plan.Voicemail()], Calls(Voicemail));
    }

    [Fact]
    public void A_message_stays_while_an_option_needs_it() => Refused(
        "message_missing", "calls.ivr", [.. Plan.Voicemail(), Calls(Voicemail)], new MessageRemoved(MessageKey.VoicemailAskNumber, "en", T0))
        .ShouldBe(["The message voicemail_ask_number is missing in en."]);

    [Fact]
    public void A_language_is_enabled_with_its_messages()
    {
        IDomainEvent[] before = [Node(1), Says(MessageKey.AfterHours), Calls(IvrDeflection.Default), Ivr(1, IvrDeflection.Default with { Greeting = InEnglish })];
        var german = Described(Named with { Languages = ["en", "de"] });
        Refused("message_missing", "calls.ivr", before, german).ShouldBe(["The message after_hours is missing in de."]);
        Refused("message_missing", "calls.ivr", before, german, $"queues.{Id(1)}.deflection.ivr.greeting").ShouldBe(["The message is missing in de."]);
        Fine([Says(MessageKey.AfterHours), Says(MessageKey.AfterHours, "de"), Calls(IvrDeflection.Default)], german);
    }

    [Fact]
    public void A_greeting_is_whole_and_in_each_language_once()
    {
        Refused("message_repeated", "calls.ivr.greeting", [], Calls(IvrDeflection.Default with { Greeting = [.. InEnglish, new("EN", new Message("Hello"))] }));
        Refused("message_not_whole", "calls.ivr.greeting", [], Calls(IvrDeflection.Default with { Greeting = [new("en", new Message(Text: null))] }));
    }

    [Fact]
    public void What_is_sent_by_sms_is_text()
    {
        var spoken = new QueueDeflection(Sms: new SmsDeflection([new("en", new Message(Text: null, Id(5)))]));
        Refused("message_not_text", $"queues.{Id(1)}.deflection.sms.text", [Audio(5), Node(1, Channel.Sms)], new QueueDeflectionConfigured(Id(1), spoken, T0));
    }

    [Fact]
    public void A_mobile_queue_has_either_a_queue_or_options()
    {
        var path = $"queues.{Id(1)}.deflection.mobile";
        IDomainEvent[] queues = [Node(1, Channel.Mobile), Node(2, Channel.Mobile)];
        Refused("one_queue_or_options", path, queues, Mobile(1, new SdkOptions()));
        Refused("one_queue_or_options", path, queues, Mobile(1, new SdkOptions(Voicemail: true), target: 2));
        Fine(queues, Mobile(1, new SdkOptions(), target: 2));
        Fine([.. queues, .. Plan.Voicemail()], Mobile(1, new SdkOptions(Voicemail: true)));
        Refused("message_missing", $"{path}.options.voicemail", queues, Mobile(1, new SdkOptions(Voicemail: true)));
    }

    [Fact]
    public void Voicemail_in_an_app_needs_what_asks_for_a_number_and_nothing_about_blocked_ones()
    {
        string[] missing = ["The message voicemail_greeting is missing in en.", "The message voicemail_ask_number is missing in en.", "The message voicemail_number_entered is missing in en."];
        var (own, all) = (Mobile(1, new SdkOptions(Voicemail: true)), Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"), new SdkOptions(Voicemail: true)));
        IDomainEvent[] said = [Says(MessageKey.VoicemailGreeting), Says(MessageKey.VoicemailAskNumber), Says(MessageKey.VoicemailNumberEntered)];
        Refused("message_missing", $"queues.{Id(1)}.deflection.mobile.options.voicemail", [Node(1, Channel.Mobile)], own).ShouldBe(missing);
        Refused("message_missing", "calls.sdk.voicemail", [], all).ShouldBe(missing);
        Fine([Node(1, Channel.Mobile), .. said], own);
        Fine(said, all);
    }

    [Theory]
    [InlineData(Channel.Mobile)]
    [InlineData(Channel.Web)]
    public void Calls_are_deflected_only_where_every_queue_that_closes_has_something_to_offer(Channel channel)
    {
        CallDeflectionConfigured With(SdkOptions options) => Calls(new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"), options);
        var nothing = With(new SdkOptions());
        var number = With(new SdkOptions(PhoneNumber: "+4930123456"));
        var slots = With(new SdkOptions(ScheduledCall: true));
        QueueScheduledCallsConfigured on = new(Id(1), ScheduledCallRules.Default with { Enabled = true }, T0);
        IDomainEvent[] closing = [Described(Named), Opens(Office), Node(1, channel)];
        Refused("nothing_to_offer", "calls.sdk", closing, nothing).Single().ShouldContain("\"Queue 1\"");
        Refused("nothing_to_offer", "calls.sdk", closing, slots);
        Refused("nothing_to_offer", "calls.sdk", [.. closing, on, slots], on with { Rules = ScheduledCallRules.Default });
        Refused("nothing_to_offer", "calls.sdk", [Opens(Office), nothing], Node(1, channel));
        Refused("nothing_to_offer", "calls.sdk", [Node(1, channel), nothing], Opens(Office));
        Fine([.. closing, on], slots);
        Fine(closing, With(new SdkOptions(Email: true)));
        Fine([Node(1, channel)], nothing); // It never closes.
        Fine([Opens(Office), Node(1), Node(2, Channel.Sms)], nothing); // None of them is shown options.
        if (channel == Channel.Web)
        {
            Refused("nothing_to_offer", "calls.sdk", closing, number);
            return;
        }

        Fine(closing, number);
        Fine([.. closing, Mobile(1, new SdkOptions(PhoneNumber: "+4930123456"))], nothing);
    }

    [Fact]
    public void A_target_is_chosen_from_the_menu_and_does_not_only_lead_on()
    {
        var path = $"queues.{Id(1)}.deflection.ivr.queueId";
        var below = Node(3) with { ParentId = Id(2) };
        Refused("queue_leads_on", path, [Node(1), Node(2), below], To(1, 2));
        Refused("queue_leads_on", "calls.ivr.queueId", [Node(2), below], Calls(new IvrDeflection(IvrOption.Queue, Id(2))));
        Refused("queue_leads_on", path, [Node(1), Node(2), To(1, 2)], below);
        Refused("queue_leads_on", path, [Node(1), Node(2), Node(3), To(1, 2)], new QueueMoved(Id(3), Id(2), ["Queue 2", "Queue 3"], T0));
        Fine([Node(1), Node(2), below, new QueueArchived(Id(3), T0)], To(1, 2));
        Fine([Node(1), Node(2), below], To(1, 3));
    }

    [Fact]
    public void The_centers_own_target_is_open_then_or_deflects_by_rules_of_its_own()
    {
        var toTwo = Calls(new IvrDeflection(IvrOption.Queue, Id(2)));
        IDomainEvent[] both = [Node(1), Node(2), Opens(1, Office), Opens(2, Weekdays("08:00", "19:00"))];
        Refused("deflection_cycle", $"queues.{Id(2)}.deflection", both, toTwo).ShouldBe(["Contacts would be sent in a circle: \"Queue 2\" → \"Queue 2\"."]);
        Refused("deflection_cycle", $"queues.{Id(2)}.deflection", [.. both, Opens(2, Always), toTwo], Opens(2, Office));
        Fine([.. both, Ivr(2, new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "+4930123456"))], toTwo);
        Fine([.. both, Opens(2, Always)], toTwo);
    }

    [Fact]
    public void Scheduled_calls_are_offered_where_the_queue_has_them()
    {
        var path = $"queues.{Id(1)}.deflection.mobile.options.scheduledCall";
        var offered = Mobile(1, new SdkOptions(ScheduledCall: true));
        QueueScheduledCallsConfigured on = new(Id(1), ScheduledCallRules.Default with { Enabled = true }, T0);
        Refused("scheduled_calls_off", path, [Node(1, Channel.Mobile)], offered);
        Refused("scheduled_calls_off", path, [Node(1, Channel.Mobile), on, offered], on with { Rules = ScheduledCallRules.Default });
        Fine([Node(1, Channel.Mobile), on], offered);
    }

    [Fact]
    public void Contacts_are_not_sent_in_a_circle()
    {
        IDomainEvent[] chain = [Opens(Office), Node(1), Node(2), Node(3), To(1, 2), To(2, 3)];
        var paths = new[] { 1, 2, 3 }.Select(n => $"queues.{Id(n)}.deflection").ToArray();
        Refused("deflection_cycle", paths[0], chain, To(3, 1)).ShouldBe(["Contacts would be sent in a circle: \"Queue 1\" → \"Queue 2\" → \"Queue 3\" → \"Queue 1\"."]);
        Refused("deflection_cycle", paths[1], chain, To(3, 1)).ShouldBe(["Contacts would be sent in a circle: \"Queue 2\" → \"Queue 3\" → \"Queue 1\" → \"Queue 2\"."]);
        Errors(chain, To(3, 1)).ShouldBe(paths, ignoreOrder: true);
        Refused("deflection_cycle", $"queues.{Id(1)}.deflection", [Opens(Office), Node(1)], To(1, 1));
        Fine([.. chain, Opens(3, Always)], To(3, 1)); // It is never closed, and sends nobody on.
        Refused("deflection_cycle", paths[0], [.. chain, Opens(3, Always), To(3, 1)], Opens(3, null));
    }

    [Fact]
    public void A_virtual_agent_that_is_always_there_breaks_no_circle_since_it_passes_people_on() => Refused(
        "deflection_cycle", $"queues.{Id(1)}.deflection",
        [Opens(Office), Node(1), Node(2), To(1, 2), new QueueVirtualAgentAssigned(Id(2), new VirtualAgentAssignment("Vera", "simulated", VirtualAgentAvailability.Always), T0)],
        To(2, 1));

    [Fact]
    public void A_circle_through_the_centers_own_deflection_is_one_too() => Refused(
        "deflection_cycle", $"queues.{Id(1)}.deflection", [Opens(Office), Node(1), Node(2), Opens(2, Weekdays("08:00", "19:00")), To(1, 2)], Calls(new IvrDeflection(IvrOption.Queue, Id(1))));

    [Fact]
    public void A_chain_has_at_most_ten_hops()
    {
        IDomainEvent[] ten = [Opens(Office), .. Enumerable.Range(1, 12).Select(n => Node(n)), .. Enumerable.Range(2, 10).Select(n => To(n, n + 1))];
        Refused("deflection_too_long", $"queues.{Id(1)}.deflection", ten, To(1, 2));
        Fine(ten[..^1], To(1, 2));
    }

    [Fact]
    public void Audio_that_a_message_names_is_there_and_stays()
    {
        var greeting = new[] { new LocalMessage("en", new Message(Text: null, Id(5))) };
        var played = Says(MessageKey.AfterHours, audioId: Id(5));
        var off = new CallDeflectionConfigured(CallDeflection.Default with { Ivr = IvrDeflection.Default with { Greeting = greeting } }, T0);
        var own = Ivr(1, IvrDeflection.Default with { Greeting = greeting });
        var removed = new MessageAudioRemoved(Id(5), Id(6), T0);
        Refused("audio_not_found", "messages.after_hours.en", [], played).Single().ShouldContain(Id(5).ToString());
        Refused("audio_not_found", "calls.ivr.greeting", [], off);
        Refused("audio_not_found", $"queues.{Id(1)}.deflection.ivr.greeting", [Node(1)], own);
        Refused("audio_not_found", "messages.after_hours.en", [Audio(5), played], removed);
        Refused("audio_not_found", $"queues.{Id(1)}.deflection.ivr.greeting", [Node(1), Audio(5), own], removed);
        Fine([Audio(5)], played);
        Fine([Audio(5)], off);
        Fine([Audio(5), played, Says(MessageKey.AfterHours)], removed);
    }

    [Fact]
    public void A_change_answers_for_what_it_would_break_and_for_nothing_else()
    {
        IDomainEvent[] broken = [Node(1), Node(2), To(1, 3)];
        Fine(broken, Opens(Office));
        Errors(broken, Ivr(2, new IvrDeflection(IvrOption.PhoneNumber))).ShouldBe([$"queues.{Id(2)}.deflection.ivr.phoneNumber"]);
        Fine([Opens(Office), Node(1), Node(2), To(1, 2), To(2, 1)], new QueueRenamed(Id(1), "Nights", ["Nights"], T0)); // The circle has another name, and is the same.
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Errors(
        [Node(1)], Calls(new IvrDeflection(IvrOption.PhoneNumber, Id(7)), new SdkOptions(Email: true)))
        .ShouldBe(["calls.sdk.email", "calls.ivr.queueId", "calls.ivr.phoneNumber"], ignoreOrder: true);

    private static void Fine(IDomainEvent[] before, IDomainEvent change)
    {
        var refusal = WhyNot(before, change);
        refusal.ShouldBeNull(refusal is null ? null : $"{refusal.Code} at {string.Join(", ", refusal.Fields!.Keys)}: {refusal.Message}");
    }

    /// <summary>Refused with this code, first at <paramref name="path"/>; what is told at that place or at another.</summary>
    private static string[] Refused(string code, string path, IDomainEvent[] before, IDomainEvent change, string? at = null)
    {
        var refusal = WhyNot(before, change).ShouldNotBeNull($"{code} was accepted.");
        refusal.Code.ShouldBe("configuration." + code);
        refusal.Fields!.Keys.ShouldContain(path);
        refusal.Fields.Values.SelectMany(m => m).ShouldContain(refusal.Message);
        return refusal.Fields[at ?? path];
    }

    private static IEnumerable<string> Errors(IDomainEvent[] before, IDomainEvent change) => WhyNot(before, change).ShouldNotBeNull().Fields!.Keys;

    private static UnprocessableError? WhyNot(IDomainEvent[] before, IDomainEvent change)
    {
        var center = Center(before);
        return ConfigurationRules.WhyNot(center, center.Apply(change));
    }
}
