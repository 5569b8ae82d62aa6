using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

/// <summary>Configurations of the examples, as the events that make them.</summary>
internal static class Plan
{
    public static readonly HoursSchedule Always = new("Etc/UTC", Open24Hours: true);
    public static readonly HoursSchedule Office = Weekdays("09:00", "17:00");
    public static readonly SupportCenter Named = SupportCenter.Default with { Email = "help@example.test" };
    public static readonly IReadOnlyList<LocalMessage> InEnglish = [new("en", new Message("We are closed."))];

    public static CenterConfiguration Center(params IEnumerable<IDomainEvent> events) =>
        events.Aggregate(CenterConfiguration.Initial, (center, happened) => center.Apply(happened));

    public static HoursSchedule Weekdays(string opens, string closes)
    {
        HoursInterval[] day = [new(opens, closes)];
        return new("Etc/UTC", Weekly: new(day, day, day, day, day));
    }

    public static QueueCreated Node(int number, Channel channel = Channel.Ivr) => new(Id(number), $"Queue {number}", channel, [$"Queue {number}"], ParentId: null, [], T0);

    public static QueueHoursSet Opens(int number, HoursSchedule? hours) => new(Id(number), hours, T0);

    public static HoursOfOperationSet Opens(HoursSchedule hours) => new(HoursOfOperation.None with { Global = hours }, T0);

    public static QueueDeflectionConfigured Ivr(int number, IvrDeflection way) => new(Id(number), new QueueDeflection(Ivr: way), T0);

    public static QueueDeflectionConfigured To(int number, int target) => Ivr(number, new IvrDeflection(IvrOption.Queue, Id(target)));

    public static QueueDeflectionConfigured Mobile(int number, SdkOptions options, int? target = null) =>
        new(Id(number), new QueueDeflection(Mobile: new MobileDeflection(target is { } id ? Id(id) : null, options)), T0);

    public static CallDeflectionConfigured Calls(IvrDeflection way, SdkOptions? sdk = null, bool enabled = true) =>
        new(new CallDeflection(enabled, AllowTransfers: false, sdk ?? new SdkOptions(), way), T0);

    public static SupportCenterDescribed Described(SupportCenter center) => new(center, T0);

    public static MessageSet Says(MessageKey key, string language = "en", Guid? audioId = null) =>
        new(key, language, audioId is null ? new Message("We are closed.") : new Message(Text: null, audioId), T0);

    public static MessageAudioUploaded Audio(int number) => new(new MessageAudio(Id(number), "Closed", AudioFormat.Wav, 1_000, 2.5, Id(number + 1)), T0);

    public static IEnumerable<IDomainEvent> Voicemail(string language = "en") =>
        Enum.GetValues<MessageKey>().Where(k => k != MessageKey.AfterHours).Select(k => Says(k, language));
}
