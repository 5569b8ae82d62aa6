using ContactCenter.Application.Settings;
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

namespace ContactCenter.Application.EventSourcing;

/// <summary>Every kind of aggregate: its streams' category and its fold.</summary>
public static class Aggregates
{
    /// <summary>Sessions.</summary>
    public static readonly AggregateType<Session> Session = new("session", Domain.Sessions.Session.Initial, (s, e) => s.Apply((SessionEvent)e));

    /// <summary>Agents; their id is the user's id.</summary>
    public static readonly AggregateType<Agent> Agent = new("agent", Domain.Agents.Agent.Initial, (s, e) => s.Apply((AgentEvent)e));

    /// <summary>Queues.</summary>
    public static readonly AggregateType<Queue> Queue = new("queue", Domain.Queues.Queue.Initial, (s, e) => s.Apply((QueueEvent)e));

    /// <summary>Recordings.</summary>
    public static readonly AggregateType<Recording> Recording = new("recording", Domain.Recordings.Recording.Initial, (s, e) => s.Apply((RecordingEvent)e));

    /// <summary>Booked calls.</summary>
    public static readonly AggregateType<ScheduledCall> ScheduledCall =
        new("scheduledcall", Domain.ScheduledCalls.ScheduledCall.Initial, (s, e) => s.Apply((ScheduledCallEvent)e));

    /// <summary>Slots of queues; the id follows from queue and beginning.</summary>
    public static readonly AggregateType<SlotBook> CallSlot = new("callslot", SlotBook.Initial, (s, e) => s.Apply((SlotEvent)e));

    /// <summary>Open bookings that count against one limit; the id follows from whose.</summary>
    public static readonly AggregateType<BookingHolder> BookingHolder =
        new("bookingholder", Domain.ScheduledCalls.BookingHolder.Initial, (s, e) => s.Apply((BookingHolderEvent)e));

    /// <summary>Messages that callers leave; their id is the session's.</summary>
    public static readonly AggregateType<Voicemail> Voicemail = new("voicemail", Domain.Voicemails.Voicemail.Initial, (s, e) => s.Apply((VoicemailEvent)e));

    /// <summary>What a queue's agents are told about them; the id is the queue's.</summary>
    public static readonly AggregateType<VoicemailBox> VoicemailBox = new("voicemailbox", Domain.Voicemails.VoicemailBox.Initial, (s, e) => s.Apply((VoicemailBoxEvent)e));

    /// <summary>Who monitors which session; in no session's stream (MON-3).</summary>
    public static readonly AggregateType<SessionMonitor> Monitor = new("monitoring", SessionMonitor.Initial, (s, e) => s.Apply((MonitorEvent)e));

    /// <summary>Consumers.</summary>
    public static readonly AggregateType<Consumer> Consumer = new("consumer", Domain.Consumers.Consumer.Initial, (s, e) => s.Apply((ConsumerEvent)e));

    /// <summary>Users.</summary>
    public static readonly AggregateType<User> User = new("user", Domain.Access.User.Initial, (s, e) => s.Apply((AccessEvent)e));

    /// <summary>Roles.</summary>
    public static readonly AggregateType<Role> Role = new("role", Domain.Access.Role.Initial, (s, e) => s.Apply((AccessEvent)e));

    /// <summary>Teams.</summary>
    public static readonly AggregateType<Team> Team = new("team", Domain.Access.Team.Initial, (s, e) => s.Apply((AccessEvent)e));

    /// <summary>API keys.</summary>
    public static readonly AggregateType<ApiKey> ApiKey = new("apikey", Domain.Access.ApiKey.Initial, (s, e) => s.Apply((AccessEvent)e));

    /// <summary>What identifies consumers; the id is the keyed hash of it.</summary>
    public static readonly AggregateType<Claim> Identity = new("identity", Claim.Initial, (s, e) => s.Apply(e));

    /// <summary>What users sign in with; the id is the keyed hash of it.</summary>
    public static readonly AggregateType<Claim> Login = new("login", Claim.Initial, (s, e) => s.Apply(e));

    /// <summary>Who is admin; one stream, <see cref="AdminRoster.Id"/>.</summary>
    public static readonly AggregateType<AdminRoster> AdminRoster = new("roster", Domain.Access.AdminRoster.Initial, (s, e) => s.Apply((AdminsChanged)e));

    /// <summary>Pages of the settings; ids in <see cref="SettingsPages"/>.</summary>
    public static readonly AggregateType<CenterSettings> Settings = new("settings", CenterSettings.Initial, (s, e) => s.Apply((SettingsEvent)e));

    /// <summary>The configuration's revisions; one stream, <see cref="ConfigurationRevised.StreamId"/>.</summary>
    public static readonly AggregateType<ConfigurationLedger> Configuration = new("configuration", ConfigurationLedger.Initial, (s, _) => s);
}
