using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Domain.Tests;

public sealed class EventTypeTests
{
    private static readonly Type[] EventTypes =
        [.. typeof(IDomainEvent).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IDomainEvent)))];

    public static TheoryData<Type> OfSessions => Of<SessionEvent>();

    public static TheoryData<Type> OfAgents => Of<AgentEvent>();

    public static TheoryData<Type> OfQueues => Of<QueueEvent>();

    public static TheoryData<Type> OfRecordings => Of<RecordingEvent>();

    public static TheoryData<Type> OfVoicemails => Of<VoicemailEvent>();

    public static TheoryData<Type> OfVoicemailBoxes => Of<VoicemailBoxEvent>();

    public static TheoryData<Type> OfMonitors => Of<MonitorEvent>();

    public static TheoryData<Type> OfConsumers => Of<ConsumerEvent>();

    public static TheoryData<Type> OfSettings => Of<SettingsEvent>();

    public static TheoryData<Type> OfAccess => Of<AccessEvent>();

    public static TheoryData<Type> OfScheduledCalls => Of<ScheduledCallEvent>();

    public static TheoryData<Type> OfSlots => Of<SlotEvent>();

    public static TheoryData<Type> OfBookingHolders => Of<BookingHolderEvent>();

    [Theory, MemberData(nameof(OfScheduledCalls))]
    public void A_booked_call_applies_every_event_of_its_own(Type type) => ScheduledCall.Initial.Apply((ScheduledCallEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfSlots))]
    public void A_slot_applies_every_event_of_its_own(Type type) => SlotBook.Initial.Apply((SlotEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfBookingHolders))]
    public void A_holder_applies_every_event_of_its_own(Type type) => BookingHolder.Initial.Apply((BookingHolderEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfSessions))]
    public void A_session_applies_every_event_of_its_own(Type type) => Session.Initial.Apply((SessionEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfAgents))]
    public void An_agent_applies_every_event_of_its_own(Type type) => Agent.Initial.Apply((AgentEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfQueues))]
    public void A_queue_applies_every_event_of_its_own(Type type) => Queue.Initial.Apply((QueueEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfRecordings))]
    public void A_recording_applies_every_event_of_its_own(Type type) => Recording.Initial.Apply((RecordingEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfVoicemails))]
    public void A_voicemail_applies_every_event_of_its_own(Type type) => Voicemail.Initial.Apply((VoicemailEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfVoicemailBoxes))]
    public void A_box_applies_every_event_of_its_own(Type type) => VoicemailBox.Initial.Apply((VoicemailBoxEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfMonitors))]
    public void A_monitor_applies_every_event_of_its_own(Type type) => SessionMonitor.Initial.Apply((MonitorEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfConsumers))]
    public void A_consumer_applies_every_event_of_its_own(Type type) => Consumer.Initial.Apply((ConsumerEvent)Instance(type)).ShouldNotBeNull();

    [Theory, MemberData(nameof(OfSettings))]
    public void The_settings_apply_every_event_of_their_own_and_each_belongs_to_a_page(Type type)
    {
        var happened = (SettingsEvent)Instance(type);
        CenterSettings.Initial.Apply(happened).ShouldNotBeNull();
        SettingsPages.All.ShouldContain(SettingsPages.Of(happened));
    }

    [Theory, MemberData(nameof(OfAccess))]
    public void Exactly_one_of_user_role_team_and_key_applies_an_access_event(Type type)
    {
        var happened = (AccessEvent)Instance(type);
        Func<object>[] folds =
        [
            () => User.Initial.Apply(happened), () => Role.Initial.Apply(happened), () => Team.Initial.Apply(happened), () => ApiKey.Initial.Apply(happened),
        ];
        folds.Count(Applies).ShouldBe(1);
    }

    [Fact]
    public void Every_event_has_a_literal_wire_name_with_a_version()
    {
        foreach (var type in EventTypes)
            type.GetCustomAttribute<EventTypeAttribute>().ShouldNotBeNull(type.Name).Name.ShouldMatch(@"^[a-z_]+\.[a-z_]+\.v\d+$");
    }

    [Fact]
    public void No_two_events_share_a_wire_name()
    {
        EventTypes.Length.ShouldBeGreaterThan(40);
        EventTypes.Select(t => t.GetCustomAttribute<EventTypeAttribute>()!.Name).ShouldBeUnique();
    }

    private static TheoryData<Type> Of<TEvent>() => [.. EventTypes.Where(t => t.IsAssignableTo(typeof(TEvent)))];

    private static bool Applies(Func<object> fold)
    {
        try
        {
            return fold() is not null;
        }
        catch (UnreachableException)
        {
            return false;
        }
    }

    private static object Instance(Type type)
    {
        if (type == typeof(string))
            return "word";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Instance(underlying);
        if (type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            return Empty(type);
        if (type.IsValueType)
            return RuntimeHelpers.GetUninitializedObject(type);

        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Instance(p.ParameterType))]);
    }

    private static object Empty(Type type)
    {
        var arguments = type.GetGenericArguments();
        return arguments.Length == 2
            ? Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!
            : Array.CreateInstance(arguments[0], 0);
    }
}
