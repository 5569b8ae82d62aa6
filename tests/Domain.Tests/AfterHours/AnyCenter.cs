using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Tests.Hours;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>
/// Any configuration, valid or not, made from a script of numbers and some schedules (<see cref="AnySchedule"/>): nights,
/// several intervals a day, dated exceptions, several zones, near a day on which a clock is changed or an exception begins.
/// </summary>
internal sealed class AnyCenter(int[] script, (HoursSchedule Schedule, DateOnly Day)[] schedules)
{
    private static readonly string[] Languages = ["en", "de", "fr-CA"];
    private readonly List<Guid> ids = [];
    private readonly Dictionary<HoursSchedule, SlowHours> slow = [];
    private DateTimeOffset midnight;
    private int next;

    public CenterConfiguration Center { get; private set; } = CenterConfiguration.Initial;

    /// <summary>Contacts of all kinds, passed on by a virtual agent or not, at minutes of the day.</summary>
    public IEnumerable<(Contact Contact, DateTimeOffset At)> Contacts()
    {
        foreach (var queue in Center.Queues.Values)
        {
            foreach (var kind in EntryMenu.KindsOf(queue.Channel))
                yield return (new Contact(kind, queue.Channel, queue.Id, Language(), IsPassedOn: Number(3) == 0), Instant());
        }
    }

    /// <summary>A minute of the day, in UTC.</summary>
    public DateTimeOffset Instant() => midnight.AddMinutes(Number(24 * 60));

    /// <summary>The hours of a schedule, watched minute by minute through the day.</summary>
    public SlowHours Watched(HoursSchedule schedule)
    {
        if (!slow.TryGetValue(schedule, out var watched))
            slow[schedule] = watched = new SlowHours(schedule, NodaTime.Instant.FromDateTimeOffset(midnight), NodaTime.Instant.FromDateTimeOffset(midnight.AddDays(1)));
        return watched;
    }

    public string Language() => Pick<string>([.. Languages, "de-AT", "it"]);

    public static AnyCenter Of(int[] script, (HoursSchedule, DateOnly)[] schedules)
    {
        var any = new AnyCenter(script, schedules);
        any.Build();
        return any;
    }

    private void Build()
    {
        midnight = new DateTimeOffset(Pick(schedules).Day, TimeOnly.MinValue, TimeSpan.Zero);
        Happen(new HoursOfOperationSet(
            new HoursOfOperation(
                Maybe(Hours),
                [.. Enum.GetValues<Channel>().Where(_ => Number(4) == 0).Select(c => new ChannelHours(c, Hours()))],
                [.. Languages.Where(_ => Number(4) == 0).Select(l => new LanguageHours(l, Hours()))]),
            T0));
        Happen(new SupportCenterDescribed(SupportCenter.Default with { Email = Flag() ? Desk.Mail : null, DefaultLanguage = Pick(Languages) }, T0));
        foreach (var key in Enum.GetValues<MessageKey>())
        {
            foreach (var language in Languages.Where(_ => Flag()))
                Happen(new MessageSet(key, language, Message(), T0));
        }

        ids.AddRange(Enumerable.Range(1, 1 + Number(7)).Select(Id));
        Happen(new CallDeflectionConfigured(new CallDeflection(Flag(), Flag(), Options(), Ivr()), T0));
        Happen(new ChatDeflectionConfigured(new ChatDeflection(Flag(), Flag(), Flag()), T0));
        foreach (var id in ids)
            Queue(id);
    }

    private void Queue(Guid id)
    {
        var channel = Pick(Enum.GetValues<Channel>());
        Guid? parent = Number(4) == 0 && ids[0] != id ? ids[0] : null;
        Happen(new QueueCreated(id, $"Queue {id:N}", channel, [$"{id}"], parent, [], T0));
        if (Flag())
            Happen(new QueueHoursSet(id, Hours(), T0));
        if (Flag())
            Happen(new QueueDeflectionConfigured(id, Own(channel), T0));
        if (Number(4) == 0)
            Happen(new QueueVirtualAgentAssigned(id, new VirtualAgentAssignment("Ada", "simulated", Pick(Enum.GetValues<VirtualAgentAvailability>())), T0));
        Happen(new QueueScheduledCallsConfigured(id, ScheduledCallRules.Default with { Enabled = Flag() }, T0));
        if (Number(10) == 0)
            Happen(new QueueArchived(id, T0));
    }

    private QueueDeflection? Own(Channel channel) => channel switch
    {
        Channel.Ivr => new QueueDeflection(Ivr: Ivr()),
        Channel.Mobile => new QueueDeflection(Mobile: Flag() ? new MobileDeflection(Pick(ids)) : new MobileDeflection(Options: Options())),
        Channel.Sms => new QueueDeflection(Sms: new SmsDeflection([new LocalMessage(Pick(Languages), Message())])),
        _ => null,
    };

    private IvrDeflection Ivr()
    {
        var option = Pick(Enum.GetValues<IvrOption>());
        return new IvrDeflection(
            option,
            option == IvrOption.Queue ? Pick(ids) : null,
            option == IvrOption.PhoneNumber ? Desk.Number : null,
            option is IvrOption.MessageOnly or IvrOption.Voicemail && Flag() ? [new LocalMessage(Pick(Languages), Message())] : []);
    }

    private SdkOptions Options() => new(Flag(), Flag(), Flag() ? Desk.Number : null, Flag());

    private HoursSchedule Hours() => Number(6) == 0 ? Desk.Always : Pick(schedules).Schedule;

    private Message Message() => new($"Message {Number(1_000)}");

    private T? Maybe<T>(Func<T> make)
        where T : class => Number(3) == 0 ? null : make();

    private T Pick<T>(IReadOnlyList<T> of) => of[Number(of.Count)];

    private bool Flag() => Number(2) == 0;

    private int Number(int below) => script.Length == 0 ? 0 : (int)(((uint)script[next++ % script.Length] + ((uint)next * 2_654_435_761)) >> 8) % below;

    private void Happen(Abstractions.IDomainEvent happened) => Center = Center.Apply(happened);
}
