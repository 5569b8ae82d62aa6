using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Crm;

public sealed class CrmOutboxTests(PostgresFixture database) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_chat_ends_as_a_ticket_with_its_transcript_and_how_it_went()
    {
        using var folder = new RecordingFolder();
        await using var node = await AppNode.StartAsync(database.ConnectionString, folder.Storage);
        await node.StartJobsAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (agent, (session, consumer)) = (Sample.NewId(), await BeginChatAsync(node));
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, session)).OfType<TicketLinked>().Any());

        await node.AppendAsync(
            Aggregates.Session,
            session,
            new MessageSent(session, consumer, Sample.NewId(), 1, SessionParty.Consumer, consumer, new PersonalText("Where is my parcel?"), now),
            new MessageSent(session, consumer, Sample.NewId(), 2, SessionParty.Agent, agent, new PersonalText("On its way."), now),
            new SessionEnded(session, SessionKind.Chat, agent, OfferId: null, SessionParty.Agent, agent, "completed", Answered: true, now),
            new SessionWrappedUp(session, agent, new PersonalText("resolved"), Expired: false, now, consumer));
        var ticket = (await node.Tickets.FindBySubjectAsync(session, default)).ShouldNotBeNull();
        await Eventually.TrueAsync(async () => (await node.Tickets.CommentsAsync(ticket.Id, default)).Count == 2);
        await node.StopJobsAsync();

        ticket.RequesterName.ShouldBe("Web User - 10/05 10:15");
        ticket.RequesterId.ShouldBe(consumer);
        ticket.Subject.ShouldBe("Chat: Support > Billing");
        var comments = await node.Tickets.CommentsAsync(ticket.Id, default);
        comments[0].Body!.Split('\n').Skip(1).Select(line => line[23..]).ShouldBe(["Consumer: Where is my parcel?", "Agent: On its way."]);
        comments[1].Body!.ShouldEndWith("resolved");
    }

    [Fact]
    public async Task A_ticket_that_is_opened_late_names_the_path_its_session_came_by()
    {
        using var folder = new RecordingFolder();
        await using var node = await AppNode.StartAsync(database.ConnectionString, folder.Storage);
        var (session, _) = await BeginChatAsync(node);
        var queue = (await node.EventsAsync(Aggregates.Session, session)).OfType<SessionQueued>().Single().QueueId;
        await node.AppendAsync(Aggregates.Queue, queue, new QueueRenamed(queue, "Bills", ["Help", "Bills"], TimeProvider.System.GetUtcNow()));
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, session)).OfType<TicketLinked>().Any());
        await node.StopJobsAsync();
        (await node.Tickets.FindBySubjectAsync(session, default)).ShouldNotBeNull().Subject.ShouldBe("Chat: Support > Billing");
    }

    [Fact]
    public async Task A_crm_that_asks_for_days_is_asked_again_within_the_hour()
    {
        using var folder = new RecordingFolder();
        var (clock, faults) = (new SkippingClock(), new Faults { With = () => new CrmException(CrmFailure.ApiLimit, "Too many.", TimeSpan.FromSeconds(1_000_000)) });
        await using var node = await AppNode.StartAsync(
            database.ConnectionString, folder.Storage, clock, services => services.AddSingleton<ICrm>(all => new FaultyCrm(all.GetRequiredService<BuiltInCrm>(), faults)));
        faults.Arm(0);
        var (session, _) = await BeginChatAsync(node);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => await FailedAsync(node) > 0);
        clock.Skip(TimeSpan.FromMinutes(70));
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, session)).OfType<TicketLinked>().Any());
        await node.StopJobsAsync();
    }

    private static async Task<(Guid Session, Guid Consumer)> BeginChatAsync(AppNode node)
    {
        var now = node.Get<TimeProvider>().GetUtcNow();
        var (session, consumer, queue) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        await node.AppendAsync(
            Aggregates.Consumer, consumer, new ConsumerIdentified(consumer, IdentityKind.Visitor, new PersonalText("v"), new PersonalText("Web User - 10/05 10:15"), now));
        await node.AppendAsync(Aggregates.Queue, queue, new QueueCreated(queue, "Billing", Channel.Web, ["Support", "Billing"], ParentId: null, [], now));
        await node.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(
                session, SessionKind.Chat, Channel.Web, consumer, queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Chat, queue, ["Support", "Billing"], now));
        return (session, consumer);
    }

    private static async Task<long> FailedAsync(AppNode node)
    {
        await using var failed = node.Get<NpgsqlDataSource>().CreateCommand("select count(*) from outbox where kind = 'crm.open_ticket' and attempts > 0");
        return (long)(await failed.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task What_cannot_be_put_into_the_CRM_is_logged_and_not_tried_for_ever()
    {
        using var folder = new RecordingFolder();
        await using var node = await AppNode.StartAsync(database.ConnectionString, folder.Storage);
        var (nobody, log) = (Sample.NewId(), new CollectedLog<CrmOutboxHandler>());
        var message = new OutboxMessage(Sample.NewId(), OutboxKinds.OpenTicket, nobody.ToString(), OutboxJson.Write(new TicketDue(nobody, nobody)), TimeProvider.System.GetUtcNow());
        await new CrmOutboxHandler(node.Get<Dispatcher>(), node.Store, node.Get<AggregateReader>(), log).HandleAsync(message, CancellationToken.None);
        log.Lines.ShouldHaveSingleItem().ShouldContain($"{message.Kind} {message.Id} was not put into the CRM: session.not_found.");
    }
}
