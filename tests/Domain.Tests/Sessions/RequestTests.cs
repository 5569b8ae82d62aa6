using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class RequestTests
{
    [Theory]
    [InlineData(Call, Channel.Ivr)]
    [InlineData(Call, Channel.Mobile)]
    [InlineData(Call, Channel.Web)]
    [InlineData(Chat, Channel.Mobile)]
    [InlineData(Chat, Channel.Web)]
    [InlineData(Chat, Channel.Sms)]
    public void A_request_waits_in_its_queue(SessionKind kind, Channel channel) =>
        Nothing().When(s => SessionDecider.Request(s, Wish(kind, channel), Queue(QueueId, channel), T0))
            .Then(Requested(kind, channel), Queued(kind));

    [Theory]
    [InlineData(Call, Channel.Sms)]
    [InlineData(Chat, Channel.Ivr)]
    public void There_are_no_calls_over_sms_and_no_chats_over_ivr(SessionKind kind, Channel channel) =>
        Nothing().When(s => SessionDecider.Request(s, Wish(kind, channel), Queue(QueueId, channel), T0))
            .ThenRejected<UnprocessableError>("session.channel_not_possible");

    [Theory]
    [InlineData("reserved_vip", "yes")]
    [InlineData("Reserved_Vip", "yes")]
    [InlineData("", "yes")]
    [InlineData("a\tb", "yes")]
    [InlineData("order", "a\0b")]
    public void Custom_data_has_plain_names_that_are_not_reserved_and_plain_values(string name, string value) =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Web) with { Data = new Dictionary<string, string> { [name] = value } }, Queue(QueueId), T0))
            .ThenInvalid("data");

    [Fact]
    public void Custom_data_has_its_limits()
    {
        var most = Enumerable.Range(0, 50).ToDictionary(i => $"{i}".PadLeft(100, 'n'), _ => new string('v', 4_000));
        SessionData.WhyNot(most).ShouldBeNull();
        SessionData.WhyNot(new Dictionary<string, string>(most) { ["one"] = "more" }).ShouldNotBeNull();
        SessionData.WhyNot(new Dictionary<string, string> { [new string('n', 101)] = "v" }).ShouldNotBeNull();
        SessionData.WhyNot(new Dictionary<string, string> { ["n"] = new string('v', 4_001) }).ShouldNotBeNull();
    }

    [Fact]
    public void Reserved_attributes_given_at_the_start_are_flags_from_the_sdk()
    {
        var wish = Wish(Call, Channel.Web) with { Flags = new CustomerFlags(VerifiedCustomer: true, BadActor: null, RepeatCustomer: false) };

        Nothing().When(s => SessionDecider.Request(s, wish, Queue(QueueId), T0)).Then(
            Requested(Call), Queued(Call), new SessionFlagged(SessionId, VerifiedCustomer: true, BadActor: null, RepeatCustomer: false, "sdk", T0));
    }

    [Fact]
    public void A_queue_that_does_not_exist_is_refused() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Web), Domain.Queues.Queue.Initial, T0))
            .ThenRejected<UnprocessableError>("queue.not_found");

    [Fact]
    public void An_archived_queue_is_refused() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Web), Queue(QueueId, archived: true), T0))
            .ThenRejected<UnprocessableError>("queue.archived");

    [Fact]
    public void A_queue_of_another_channel_is_refused() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Web), Queue(QueueId, Channel.Ivr), T0))
            .ThenRejected<UnprocessableError>("queue.other_channel");

    [Fact]
    public void The_same_request_after_the_end_changes_nothing() =>
        Over(Call).When(s => SessionDecider.Request(s, Wish(Call, Channel.Web), Queue(QueueId), At(100))).ThenNothing();

    [Fact]
    public void An_id_that_another_session_has_is_refused()
    {
        Over(Call).When(s => SessionDecider.Request(s, Wish(Call, Channel.Web) with { ConsumerId = new Guid("0192f3a0-0000-7000-8000-00000000beef") }, Queue(QueueId), At(100)))
            .ThenRejected<ConflictError>("session.id_taken");
        Over(Call).When(s => SessionDecider.Request(s, Wish(Call, Channel.Mobile), Queue(QueueId), At(100))).ThenRejected<ConflictError>("session.id_taken");
    }

    private static SessionRequest Wish(SessionKind kind, Channel channel) => new(
        SessionId, kind, channel, ConsumerId, "en", RecordingConsent.NotAsked, new Dictionary<string, string>(), CustomerFlags.None, Voice: null);
}
