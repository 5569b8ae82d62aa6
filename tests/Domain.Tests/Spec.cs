using System.Text.Json;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Domain.Tests;

/// <summary>Times and ids of the examples.</summary>
internal static class Spec
{
    public static readonly DateTimeOffset T0 = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => T0.AddSeconds(seconds);

    public static Guid Id(int number) => new(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);

    /// <summary>Structural equality for what a decider or the board answers.</summary>
    public static string Text(object value) => $"{value.GetType().Name} {JsonSerializer.Serialize(value)}";
}

/// <summary>Given these events, when this is decided, then exactly these events happen, nothing does, or it is refused.</summary>
internal static class Given
{
    public static Given<Session, SessionEvent> Session(params SessionEvent[] events) => new(Domain.Sessions.Session.Initial, (s, e) => s.Apply(e), events);

    public static Given<Agent, AgentEvent> Agent(params AgentEvent[] events) => new(Domain.Agents.Agent.Initial, (a, e) => a.Apply(e), events);

    public static Given<Queue, QueueEvent> Queue(params QueueEvent[] events) => new(Domain.Queues.Queue.Initial, (q, e) => q.Apply(e), events);

    public static Given<Recording, RecordingEvent> Recording(params RecordingEvent[] events) =>
        new(Domain.Recordings.Recording.Initial, (r, e) => r.Apply(e), events);

    public static Given<Voicemail, VoicemailEvent> Voicemail(params VoicemailEvent[] events) =>
        new(Domain.Voicemails.Voicemail.Initial, (v, e) => v.Apply(e), events);

    public static Given<SessionMonitor, MonitorEvent> Monitor(params MonitorEvent[] events) =>
        new(SessionMonitor.Initial, (m, e) => m.Apply(e), events);

    public static Given<Consumer, ConsumerEvent> Consumer(params ConsumerEvent[] events) => new(Domain.Consumers.Consumer.Initial, (c, e) => c.Apply(e), events);

    public static Given<User, AccessEvent> User(params AccessEvent[] events) => new(Domain.Access.User.Initial, (u, e) => u.Apply(e), events);

    public static Given<Role, AccessEvent> Role(params AccessEvent[] events) => new(Domain.Access.Role.Initial, (r, e) => r.Apply(e), events);

    public static Given<Team, AccessEvent> Team(params AccessEvent[] events) => new(Domain.Access.Team.Initial, (t, e) => t.Apply(e), events);

    public static Given<CenterSettings, SettingsEvent> Settings(params SettingsEvent[] events) => new(CenterSettings.Initial, (s, e) => s.Apply(e), events);

    public static Given<ApiKey, AccessEvent> ApiKey(params AccessEvent[] events) => new(Domain.Access.ApiKey.Initial, (k, e) => k.Apply(e), events);
}

internal sealed record Given<TState, TEvent>(TState Initial, Func<TState, TEvent, TState> Apply, TEvent[] Events)
    where TEvent : IDomainEvent
{
    public TState State => Events.Aggregate(Initial, Apply);

    public Given<TState, TEvent> And(params TEvent[] more) => this with { Events = [.. Events, .. more] };

    public Outcome<TState, TEvent> When(Func<TState, Decision<TEvent>> decide) => new(this, decide, decide(State));
}

internal sealed record Outcome<TState, TEvent>(Given<TState, TEvent> Given, Func<TState, Decision<TEvent>> Decide, Decision<TEvent> Decision)
    where TEvent : IDomainEvent
{
    /// <summary>Exactly these, in this order; and deciding the same again changes nothing.</summary>
    public Given<TState, TEvent> Then(params TEvent[] expected)
    {
        Decision.Rejection.ShouldBeNull();
        Text(Decision.Events).ShouldBe(Text(expected));

        var after = Given.And(expected);
        after.When(Decide).ThenNothing();
        return after;
    }

    public void ThenNothing()
    {
        Decision.Rejection.ShouldBeNull();
        Text(Decision.Events).ShouldBe(Text([]));
    }

    public TError ThenRejected<TError>(string code)
        where TError : DomainError
    {
        Text(Decision.Events).ShouldBe(Text([]));
        var refusal = Decision.Rejection.ShouldBeOfType<TError>();
        refusal.Code.ShouldBe(code);
        return refusal;
    }

    /// <summary>Refused for its shape, because of these fields.</summary>
    public void ThenInvalid(params string[] fields) =>
        Decision.Rejection.ShouldBeOfType<ValidationError>().Fields.Keys.ShouldBe(fields);

    // Records compare lists by reference; their text compares what they hold.
    private static string Text(IEnumerable<TEvent> events) =>
        string.Join('\n', events.Select(e => Spec.Text(e)));
}
