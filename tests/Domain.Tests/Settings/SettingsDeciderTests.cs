using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Settings.SettingsDecider;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

public sealed class SettingsDeciderTests
{
    private static readonly SupportCenter Berlin =
        new("Example & Co", "help@example.test", "+4930123456", "Europe/Berlin", ["de", "en-GB"], "de");

    [Fact]
    public void A_support_center_is_described() =>
        Given.Settings().When(s => DescribeSupportCenter(s, Berlin, At(1))).Then(new SupportCenterDescribed(Berlin, At(1)))
            .When(s => DescribeSupportCenter(s, Berlin with { Email = null }, At(2))).Then(new SupportCenterDescribed(Berlin with { Email = null }, At(2)));

    [Fact]
    public void A_new_center_is_what_it_says_it_is() =>
        Given.Settings().When(s => DescribeSupportCenter(s, SupportCenter.Default with { }, At(1))).ThenNothing();

    public static TheoryData<string, SupportCenter> Wrong => new()
    {
        { "name", Berlin with { Name = " " } },
        { "name", Berlin with { Name = new string('x', 101) } },
        { "name", Berlin with { Name = "a\u0000b" } },
        { "email", Berlin with { Email = "help" } },
        { "email", Berlin with { Email = "help@example.test\n" } },
        { "email", Berlin with { Email = "" } },
        { "phoneNumber", Berlin with { PhoneNumber = "030 123456" } },
        { "phoneNumber", Berlin with { PhoneNumber = "+0301234567" } },
        { "phoneNumber", Berlin with { PhoneNumber = "+4930123456\n" } },
        { "timeZone", Berlin with { TimeZone = "Berlin" } },
        { "timeZone", Berlin with { TimeZone = "europe/berlin" } },
        { "languages", Berlin with { Languages = [] } },
        { "languages[1]", Berlin with { Languages = ["de", "english language"] } },
        { "languages[1]", Berlin with { Languages = ["de", null!] } },
        { "languages[1]", Berlin with { Languages = ["de", "DE"] } },
        { "defaultLanguage", Berlin with { DefaultLanguage = "" } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_support_center_of_the_wrong_shape_is_refused_by_field(string field, SupportCenter center) =>
        Given.Settings().When(s => DescribeSupportCenter(s, center, At(1))).ThenInvalid(field);

    [Fact]
    public void Hours_are_set_for_the_center_its_channels_and_its_languages()
    {
        var hours = new HoursOfOperation(Plan.Office, [new(Channel.Sms, Plan.Always)], [new("de", Plan.Office)]);
        Given.Settings().When(s => SetHours(s, hours, At(1))).Then(new HoursOfOperationSet(hours, At(1)))
            .When(s => SetHours(s, HoursOfOperation.None, At(2))).Then(new HoursOfOperationSet(HoursOfOperation.None, At(2)));
    }

    public static TheoryData<string, HoursOfOperation> WrongHours => new()
    {
        { "global.timeZone", HoursOfOperation.None with { Global = Plan.Office with { TimeZone = "Nowhere" } } },
        { "global.weekly.monday[0].closes", HoursOfOperation.None with { Global = Plan.Weekdays("09:00", "25:00") with { Weekly = new([new("09:00", "25:00")]) } } },
        { "channels[0].hours.timeZone", HoursOfOperation.None with { Channels = [new(Channel.Web, new HoursSchedule("Nowhere"))] } },
        { "channels[1].channel", HoursOfOperation.None with { Channels = [new(Channel.Web, Plan.Office), new(Channel.Web, Plan.Always)] } },
        { "channels[0]", HoursOfOperation.None with { Channels = [null!] } },
        { "languages[0].language", HoursOfOperation.None with { Languages = [new("", Plan.Office)] } },
        { "languages[0].hours.timeZone", HoursOfOperation.None with { Languages = [new("de", new HoursSchedule("Nowhere"))] } },
        { "languages[1].language", HoursOfOperation.None with { Languages = [new("de", Plan.Office), new("DE", Plan.Always)] } },
        { "languages[0].language", HoursOfOperation.None with { Languages = [null!] } },
    };

    [Theory, MemberData(nameof(WrongHours))]
    public void Hours_of_the_wrong_shape_are_refused_by_place(string field, HoursOfOperation hours) =>
        Given.Settings().When(s => SetHours(s, hours, At(1))).ThenInvalid(field);

    [Fact]
    public void Calls_are_deflected()
    {
        var calls = new CallDeflection(
            Enabled: true, AllowTransfers: true, new SdkOptions(Email: true, PhoneNumber: "+4930123456"), new IvrDeflection(IvrOption.Voicemail, Greeting: Plan.InEnglish));
        Given.Settings().When(s => ConfigureCalls(s, calls, At(1))).Then(new CallDeflectionConfigured(calls, At(1)));
    }

    public static TheoryData<string, CallDeflection> WrongCalls => new()
    {
        { "sdk.phoneNumber", CallDeflection.Default with { Sdk = new SdkOptions(PhoneNumber: "110") } },
        { "ivr.phoneNumber", CallDeflection.Default with { Ivr = new IvrDeflection(IvrOption.PhoneNumber, PhoneNumber: "4930123456") } },
        { "ivr.option", CallDeflection.Default with { Ivr = new IvrDeflection((IvrOption)9) } },
        { "ivr.greeting[0].language", CallDeflection.Default with { Ivr = new IvrDeflection(IvrOption.Voicemail, Greeting: [new("?", new Message("Hello"))]) } },
        { "ivr.greeting", CallDeflection.Default with { Ivr = new IvrDeflection(IvrOption.Voicemail, Greeting: [.. Enumerable.Repeat(Plan.InEnglish[0], 101)]) } },
        { "ivr.greeting[0].message.text", CallDeflection.Default with { Ivr = new IvrDeflection(IvrOption.Voicemail, Greeting: [new("en", new Message("Hello", Id(1)))]) } },
    };

    [Theory, MemberData(nameof(WrongCalls))]
    public void Call_deflection_of_the_wrong_shape_is_refused_by_field(string field, CallDeflection calls) =>
        Given.Settings().When(s => ConfigureCalls(s, calls, At(1))).ThenInvalid(field);

    [Fact]
    public void Chats_are_deflected()
    {
        var chats = new ChatDeflection(Enabled: true, AllowTransfers: true, Email: true);
        Given.Settings().When(s => ConfigureChats(s, chats, At(1))).Then(new ChatDeflectionConfigured(chats, At(1)));
        Given.Settings().When(s => ConfigureChats(s, ChatDeflection.Default, At(1))).ThenNothing();
    }

    [Fact]
    public void A_message_is_set_in_one_language_replaced_and_removed()
    {
        var said = new Message("Wir haben geschlossen.");
        var played = new Message(Text: null, Id(1));
        Given.Settings().When(s => SetMessage(s, MessageKey.AfterHours, "de-AT", said, At(1))).Then(new MessageSet(MessageKey.AfterHours, "de-at", said, At(1)))
            .When(s => SetMessage(s, MessageKey.AfterHours, "DE-at", played, At(2))).Then(new MessageSet(MessageKey.AfterHours, "de-at", played, At(2)))
            .When(s => RemoveMessage(s, MessageKey.AfterHours, "de-AT", At(3))).Then(new MessageRemoved(MessageKey.AfterHours, "de-at", At(3)));
        Given.Settings().When(s => RemoveMessage(s, MessageKey.AfterHours, "de", At(1))).ThenNothing();
    }

    public static TheoryData<string, string, Message> WrongMessages => new()
    {
        { "language", "no language", new Message("Hello") },
        { "text", "en", new Message(Text: null) },
        { "text", "en", new Message(" ") },
        { "text", "en", new Message("a\u0007b") },
        { "text", "en", new Message(new string('x', Message.MaxText + 1)) },
        { "text", "en", new Message("Hello", Id(1)) },
    };

    [Theory, MemberData(nameof(WrongMessages))]
    public void A_message_of_the_wrong_shape_is_refused(string field, string language, Message message) =>
        Given.Settings().When(s => SetMessage(s, MessageKey.AfterHours, language, message, At(1))).ThenInvalid(field);

    [Fact]
    public void A_recording_is_kept_once_and_thrown_away_once()
    {
        var audio = Plan.Audio(1).Audio;
        Given.Settings().When(s => KeepAudio(s, audio, At(1))).Then(new MessageAudioUploaded(audio, At(1)))
            .When(s => RemoveAudio(s, CenterConfiguration.Initial, audio.AudioId, At(2))).Then(new MessageAudioRemoved(audio.AudioId, audio.ContentId, At(2)))
            .When(s => KeepAudio(s, audio with { ContentId = Id(9) }, At(3))).Then(new MessageAudioUploaded(audio with { ContentId = Id(9) }, At(3)));
        Given.Settings(new MessageAudioUploaded(audio, T0)).When(s => KeepAudio(s, audio with { Name = "Other", ContentId = Id(9) }, At(1))).ThenNothing();
        Given.Settings().When(s => KeepAudio(s, audio with { Name = "" }, At(1))).ThenInvalid("name");
    }

    [Fact]
    public void A_recording_that_messages_play_is_not_thrown_away_and_all_of_them_are_named()
    {
        IDomainEvent[] played =
        [
            Plan.Audio(5), Plan.Says(MessageKey.AfterHours, audioId: Id(5)), Plan.Node(1),
            Plan.Ivr(1, IvrDeflection.Default with { Greeting = [new LocalMessage("en", new Message(Text: null, Id(5)))] }),
        ];
        var refused = Given.Settings(Plan.Audio(5)).When(s => RemoveAudio(s, Plan.Center(played), Id(5), At(2))).ThenRejected<ConflictError>("message_audio.in_use");
        refused.Message.ShouldBe("The recording is in use: by the message after_hours in en, the queue \"Queue 1\".");
        refused.Fields!.Keys.ShouldBe(["messages.after_hours.en", $"queues.{Id(1)}.deflection.ivr.greeting"], ignoreOrder: true);
    }
}
