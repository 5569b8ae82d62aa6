using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class MessageTests
{
    private static readonly Guid First = Id(21);
    private static readonly Guid Second = Id(22);

    [Fact]
    public void Both_sides_write_and_messages_are_numbered() =>
        Talking(Chat).When(s => Consumer(s, First, "Hello")).Then(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello"))
            .When(s => ByAgent(s, Second, "Hi")).Then(Sent(Second, 2, SessionParty.Agent, Agent, "Hi"));

    [Fact]
    public void The_consumer_writes_while_waiting_and_while_an_agent_is_asked()
    {
        Waiting(Chat).When(s => Consumer(s, First, "Hello")).Then(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello"));
        Asked(Chat).When(s => Consumer(s, First, "Hello")).Then(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello"));
    }

    [Fact]
    public void The_same_message_after_the_end_changes_nothing() =>
        Talking(Chat).And(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello"), Ended(Chat)).When(s => Consumer(s, First, "Hello")).ThenNothing();

    [Fact]
    public void The_same_id_with_another_text_or_by_the_other_side_is_another_message_and_refused()
    {
        var said = Talking(Chat).And(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello"));
        said.When(s => Consumer(s, First, "Hello?")).ThenRejected<ConflictError>("message.id_taken");
        said.When(s => ByAgent(s, First, "Hello")).ThenRejected<ConflictError>("message.id_taken");
        said.And(Ended(Chat)).When(s => Consumer(s, First, "Hello?")).ThenRejected<ConflictError>("message.id_taken");
    }

    [Fact]
    public void A_repeat_of_a_message_that_was_forgotten_meanwhile_changes_nothing() =>
        Talking(Chat).And(Sent(First, 1, SessionParty.Consumer, ConsumerId, "Hello") with { Text = PersonalText.Forgotten })
            .When(s => Consumer(s, First, "Hello")).ThenNothing();

    [Fact]
    public void Nobody_writes_after_the_end()
    {
        Over(Chat).When(s => Consumer(s, First, "Hello")).ThenRejected<ConflictError>("session.ended");
        Over(Chat).When(s => ByAgent(s, First, "Hello")).ThenRejected<ConflictError>("session.ended");
    }

    [Fact]
    public void An_agent_writes_only_in_a_chat_of_their_own()
    {
        Asked(Chat).When(s => ByAgent(s, First, "Hi")).ThenRejected<ConflictError>("session.not_connected");
        PassedOn(Chat).When(s => ByAgent(s, First, "Hi")).ThenRejected<ConflictError>("session.not_connected");
        Talking(Chat).When(s => SessionDecider.SendMessage(s, First, SessionParty.Agent, OtherAgent, "Hi", At(20)))
            .ThenRejected<ForbiddenError>("session.not_yours");
    }

    [Fact]
    public void Nobody_writes_in_the_consumers_name()
    {
        Talking(Chat).When(s => SessionDecider.SendMessage(s, First, SessionParty.Consumer, OtherAgent, "Hi", At(20)))
            .ThenRejected<ForbiddenError>("message.not_allowed");
        Talking(Chat).When(s => SessionDecider.SendMessage(s, First, SessionParty.Supervisor, OtherAgent, "Hi", At(20)))
            .ThenRejected<ForbiddenError>("message.not_allowed");
    }

    [Fact]
    public void A_call_takes_no_messages() => Talking(Call).When(s => ByAgent(s, First, "Hi")).ThenRejected<ConflictError>("session.not_a_chat");

    [Fact]
    public void An_unknown_chat_takes_no_messages() => Nothing().When(s => Consumer(s, First, "Hi")).ThenRejected<NotFoundError>("session.not_found");

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    public void An_empty_message_is_refused(string text) =>
        Talking(Chat).When(s => Consumer(s, First, text)).ThenRejected<ValidationError>("message.empty");

    [Fact]
    public void A_message_has_at_most_4000_characters()
    {
        var longest = new string('x', 4_000);
        Talking(Chat).When(s => Consumer(s, First, longest)).Then(Sent(First, 1, SessionParty.Consumer, ConsumerId, longest));
        Talking(Chat).When(s => Consumer(s, First, longest + "x")).ThenRejected<ValidationError>("message.too_long");
    }

    private static Decision<SessionEvent> Consumer(Session s, Guid id, string text) =>
        SessionDecider.SendMessage(s, id, SessionParty.Consumer, ConsumerId, text, At(20));

    private static Decision<SessionEvent> ByAgent(Session s, Guid id, string text) =>
        SessionDecider.SendMessage(s, id, SessionParty.Agent, Agent, text, At(20));

    private static MessageSent Sent(Guid id, int number, SessionParty from, Guid authorId, string text) =>
        new(SessionId, ConsumerId, id, number, from, authorId, new PersonalText(text), At(20));
}
