using System.Text;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Crm.Zendesk;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Crm.Zendesk;

/// <summary>Texts that are longer than a comment of Zendesk's, as long chats are: all of them is there, once.</summary>
public sealed class LongTextTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly CollectedLog<CrmOutboxHandler> log = new();
    private ZendeskServer server = null!;
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        server = await ZendeskServer.StartAsync(clock);
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock, services => services.AddZendesk(server.Options));
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("字")]
    [InlineData("🙂")]
    public async Task A_long_chat_is_in_its_ticket_whole_in_comments_that_are_cut_between_messages(string letter)
    {
        var said = Enumerable.Range(0, 24).Select(i => $"{i}:{string.Concat(Enumerable.Repeat(letter, 3_900 / letter.Length))}\nend of {i}").ToArray();
        said.Sum(Encoding.UTF8.GetByteCount).ShouldBeGreaterThan(70_000);
        var (session, transcript) = await ChatAsync(said);

        // The connection breaks at the second comment, which Zendesk took; whoever comes again adds what is missing.
        var changes = 0;
        server.Fault = call => call.StartsWith("PUT ", StringComparison.Ordinal) && ++changes == 2 ? ZendeskFault.AnswerLost : ZendeskFault.None;
        await Should.ThrowAsync<RetryLaterException>(() => HandleAsync(transcript));
        await HandleAsync(transcript);
        await HandleAsync(transcript);

        var comments = server.Store.CommentsOf(server.Store.TicketOf(session)).Skip(1).Select(c => c.Body).ToArray();
        comments.Length.ShouldBeGreaterThan(1);
        comments[0].ShouldStartWith("Transcript\n[");
        comments[^1].ShouldStartWith($"(Continued, {comments.Length} of {comments.Length}.)\n[");
        var all = string.Concat(comments);
        for (var i = 0; i < said.Length; i++)
        {
            comments.Count(c => c.Contains($"Consumer: {said[i]}", StringComparison.Ordinal)).ShouldBe(1, $"message {i}");
            all.IndexOf(said[i], StringComparison.Ordinal).ShouldBeGreaterThan(i == 0 ? 0 : all.IndexOf(said[i - 1], StringComparison.Ordinal));
        }

        log.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a", 59_899)]
    [InlineData("a", 59_900)]
    [InlineData("🙂", 40_000)]
    public async Task A_single_line_that_is_too_long_is_cut_between_characters(string letter, int times)
    {
        var (session, _) = await ChatAsync("hello");
        var line = string.Concat(Enumerable.Repeat(letter, times));
        (await node.SendAsync(new CommentOnTicket(session, Sample.NewId(), $"Summary\n{line}"))).Error.ShouldBeNull();
        var comments = server.Store.CommentsOf(server.Store.TicketOf(session)).Skip(1).Select(c => c.Body).ToArray();
        comments.ShouldAllBe(c => !c.Contains('\uFFFD', StringComparison.Ordinal));
        string.Concat(comments.SelectMany(c => c.Split('\n')).Where(l => l.StartsWith(letter, StringComparison.Ordinal))).ShouldBe(line);
    }

    [Fact]
    public async Task A_text_that_fits_is_one_comment_as_it_is()
    {
        var (session, _) = await ChatAsync("hello");
        (await node.SendAsync(new CommentOnTicket(session, Sample.NewId(), "Summary\n\nAll is well.\n"))).Error.ShouldBeNull();
        var comment = server.Store.CommentsOf(server.Store.TicketOf(session)).Skip(1).ShouldHaveSingleItem();
        comment.Body.ShouldStartWith("Summary\n\nAll is well.\n\n\nReference: ");
    }

    private async Task HandleAsync(OutboxMessage message) =>
        await new CrmOutboxHandler(node.Get<Dispatcher>(), node.Store, node.Get<AggregateReader>(), log).HandleAsync(message, CancellationToken.None);

    private async Task<(Guid Session, OutboxMessage Transcript)> ChatAsync(params string[] said)
    {
        var now = clock.GetUtcNow();
        var (session, consumer, queue) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        await node.AppendAsync(
            Aggregates.Consumer, consumer, new ConsumerIdentified(consumer, IdentityKind.Visitor, new PersonalText("v"), new PersonalText("Ada Lovelace"), now));
        await node.AppendAsync(Aggregates.Queue, queue, new QueueCreated(queue, "Billing", Channel.Web, ["Billing"], ParentId: null, [], now));
        IDomainEvent[] facts =
        [
            new SessionRequested(
                session, SessionKind.Chat, Channel.Web, consumer, queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Chat, queue, ["Billing"], now),
            .. said.Select((text, i) => new MessageSent(session, consumer, Sample.NewId(), i + 1, SessionParty.Consumer, consumer, new PersonalText(text), now)),
        ];
        await node.AppendAsync(Aggregates.Session, session, facts);
        return (session, new OutboxMessage(Sample.NewId(), OutboxKinds.Transcript, session.ToString(), OutboxJson.Write(new TranscriptDue(session)), now));
    }
}
