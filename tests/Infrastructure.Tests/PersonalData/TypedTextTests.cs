using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.PersonalData;

/// <summary>What people type into a session's facts: custom data, why a supervisor ended it, how it went.</summary>
public sealed class TypedTextTests : IAsyncLifetime
{
    private readonly Guid session = Sample.NewId();
    private readonly Guid consumer = Sample.NewId();
    private readonly Guid agent = Sample.NewId();
    private string database = null!;

    public async Task InitializeAsync() => database = await PostgresFixture.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task It_is_encrypted_in_the_log_and_gone_with_its_consumer()
    {
        await using var node = await LogNode.StartAsync(database, EventTypeRegistry.OfProduct());
        await AppendAsync(node, Requested("plan-gold"), Ended("Mrs Lovelace hung up"), new SessionWrappedUp(session, agent, new PersonalText("resolved-by-phone"), Expired: false, At, consumer));

        var stored = await StoredAsync(node);
        foreach (var typed in new[] { "plan-gold", "Lovelace", "resolved-by-phone" })
            stored.ShouldNotContain(typed);
        var read = await ReadAsync(node);
        ((SessionRequested)read[0]).Data["plan"].Value.ShouldBe("plan-gold");
        ((SessionEnded)read[1]).ReasonForReaders().ShouldBe("Mrs Lovelace hung up");
        ((SessionWrappedUp)read[2]).Disposition?.Value.ShouldBe("resolved-by-phone");

        await node.Keys.ForgetAsync(consumer, default);
        read = await ReadAsync(node);
        ((SessionRequested)read[0]).Data["plan"].IsForgotten.ShouldBeTrue();
        ((SessionEnded)read[1]).ReasonForReaders().ShouldBe(SessionEnded.BySupervisor);
        ((SessionWrappedUp)read[2]).Disposition?.Value.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_supervisor_says_of_an_agent_is_encrypted_with_the_agents_own_key()
    {
        await using (var old = await LogNode.StartAsync(database, new EventTypeRegistry([typeof(OldSignedOut)])))
            await AppendAsync(old, new OldSignedOut(agent, "forced", At, "Drunk at noon"), new OldSignedOut(agent, "signed_out", At, Words: null));
        await using var node = await LogNode.StartAsync(database, EventTypeRegistry.OfProduct());
        (await node.Store.AppendAsync(Sample.Append(Stream, 2, [new NewEvent(Sample.NewId(), new AgentSignedOut(agent, "forced", At, new PersonalText("Asleep at two"), agent))]), default))
            .ShouldBeOfType<Appended>();
        (await StoredAsync(node)).ShouldNotContain("Asleep");
        var read = (await ReadAsync(node)).Cast<AgentSignedOut>().ToList();
        read.Select(e => e.Words?.Value).ShouldBe(["Drunk at noon", null, "Asleep at two"]);

        await node.Keys.ForgetAsync(agent, default);
        (await ReadAsync(node)).Cast<AgentSignedOut>().ShouldAllBe(e => e.Words == null || e.Words.Value.IsForgotten);
    }

    [Fact]
    public async Task Where_nothing_was_typed_no_key_is_made()
    {
        await using var node = await LogNode.StartAsync(database, EventTypeRegistry.OfProduct());
        await AppendAsync(node, Requested(), new SessionEnded(session, SessionKind.Call, agent, OfferId: null, SessionParty.Agent, agent, "completed", Answered: true, At));

        (await ReadAsync(node)).Count.ShouldBe(2);
        await using var count = node.DataSource.CreateCommand("select count(*) from personal_data_keys");
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task What_was_stored_in_clear_before_is_read_as_personal_text_and_forgotten_with_its_consumer()
    {
        await using (var old = await LogNode.StartAsync(database, new EventTypeRegistry([typeof(OldRequested), typeof(OldEnded), typeof(OldWrappedUp)])))
        {
            await AppendAsync(
                old,
                new OldRequested(session, SessionKind.Call, Channel.Web, consumer, Sample.NewId(), "en", RecordingConsent.NotAsked, new Dictionary<string, string> { ["plan"] = "gold" }, Voice: null, At, OptionKind.Email),
                new OldEnded(session, SessionKind.Call, agent, OfferId: null, SessionParty.Supervisor, agent, "Abuse", Answered: true, At),
                new OldWrappedUp(session, agent, "solved", Expired: false, At),
                new OldWrappedUp(session, agent, Disposition: null, Expired: true, At),
                new OldEnded(session, SessionKind.Call, agent, OfferId: null, SessionParty.Agent, agent, "completed", Answered: true, At));
        }

        await using var node = await LogNode.StartAsync(database, EventTypeRegistry.OfProduct());
        await node.Keys.KeyForWritingAsync(consumer, default);
        var read = await ReadAsync(node);
        ((SessionRequested)read[0]).Data["plan"].Value.ShouldBe("gold");
        ((SessionRequested)read[0]).Choice.ShouldBe(OptionKind.Email);
        ((SessionEnded)read[1]).Words?.Value.ShouldBe("Abuse");
        ((SessionEnded)read[1]).Reason.ShouldBe(SessionEnded.BySupervisor);
        ((SessionWrappedUp)read[2]).Disposition?.Value.ShouldBe("solved");
        ((SessionWrappedUp)read[3]).Disposition.ShouldBeNull();
        ((SessionEnded)read[4]).ShouldSatisfyAllConditions(e => e.Reason.ShouldBe("completed"), e => e.Words.ShouldBeNull());

        await node.Keys.ForgetAsync(consumer, default);
        ((SessionRequested)(await ReadAsync(node))[0]).Data["plan"].IsForgotten.ShouldBeTrue();
    }

    private static DateTimeOffset At => new(2026, 11, 20, 10, 15, 30, TimeSpan.Zero);

    private SessionRequested Requested(string? plan = null) => new(
        session, SessionKind.Call, Channel.Web, consumer, Sample.NewId(), "en", RecordingConsent.NotAsked,
        plan is null ? [] : new Dictionary<string, PersonalText> { ["plan"] = new(plan) }, Voice: null, At);

    private SessionEnded Ended(string words) => new(
        session, SessionKind.Call, agent, OfferId: null, SessionParty.Supervisor, agent, SessionEnded.BySupervisor, Answered: true, At, consumer, new PersonalText(words));

    private async Task AppendAsync(LogNode node, params IDomainEvent[] facts) =>
        (await node.Store.AppendAsync(Sample.Append(Stream, 0, [.. facts.Select(f => new NewEvent(Sample.NewId(), f))]), default)).ShouldBeOfType<Appended>();

    private async Task<List<IDomainEvent>> ReadAsync(LogNode node) => [.. (await node.Store.ReadStreamAsync(Stream, 0, 10, default)).Select(e => e.Data)];

    private StreamId Stream => StreamId.For("session", session);

    private static async Task<string> StoredAsync(LogNode node)
    {
        await using var all = node.DataSource.CreateCommand("select string_agg(data::text, ' ') from events");
        return (string)(await all.ExecuteScalarAsync())!;
    }

    [EventType("session.requested.v1")]
    private sealed record OldRequested(
        Guid SessionId, SessionKind Kind, Channel Channel, Guid ConsumerId, Guid QueueId, string Language, RecordingConsent Consent,
        IReadOnlyDictionary<string, string> Data, string? Voice, DateTimeOffset RequestedAt, OptionKind? Choice) : IDomainEvent;

    [EventType("agent.signed_out.v1")]
    private sealed record OldSignedOut(Guid AgentId, string Reason, DateTimeOffset SignedOutAt, string? Words) : IDomainEvent;

    [EventType("session.ended.v1")]
    private sealed record OldEnded(
        Guid SessionId, SessionKind Kind, Guid? AgentId, Guid? OfferId, SessionParty By, Guid? ById, string Reason, bool Answered, DateTimeOffset EndedAt) : IDomainEvent;

    [EventType("session.wrapped_up.v1")]
    private sealed record OldWrappedUp(Guid SessionId, Guid AgentId, string? Disposition, bool Expired, DateTimeOffset WrappedUpAt) : IDomainEvent;
}
