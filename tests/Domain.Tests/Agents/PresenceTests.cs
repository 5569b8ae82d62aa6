using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Agents;

public sealed class PresenceTests
{
    private static readonly Guid Ann = Id(5);
    private static readonly Capacity Usual = new(Calls: 1, Chats: 3);
    private static readonly AgentSignedIn SignedIn = new(Ann, Usual, [Channel.Ivr, Channel.Web], T0);

    [Fact]
    public void Who_has_no_adapter_is_not_asked_until_it_is_back()
    {
        var lost = Given.Agent(SignedIn, new AgentAdapterConnected(Ann, "one", At(1)))
            .When(a => AgentDecider.LoseAdapter(a, "one", At(2))).Then(new AgentAdapterLost(Ann, "one", At(2)));
        lost.When(a => AgentDecider.Reserve(a, Id(11), Id(21), SessionKind.Call, Channel.Web, At(3))).ThenRejected<ConflictError>("agent.not_available");

        lost.When(a => AgentDecider.ConnectAdapter(a, "two", At(4))).Then(new AgentAdapterConnected(Ann, "two", At(4)))
            .State.CanTake(SessionKind.Call, Channel.Web).ShouldBeTrue();
    }

    [Fact]
    public void A_loss_that_is_told_after_the_adapter_is_back_changes_nothing()
    {
        var back = Given.Agent(SignedIn, new AgentAdapterConnected(Ann, "one", At(1)), new AgentAdapterConnected(Ann, "two", At(2)));
        back.When(a => AgentDecider.LoseAdapter(a, "one", At(3))).ThenNothing();
        back.And(new AgentSignedOut(Ann, "signed_out", At(3))).When(a => AgentDecider.LoseAdapter(a, "two", At(4))).ThenNothing();
    }

    [Fact]
    public void An_agent_who_signs_in_is_available()
    {
        var after = Given.Agent().When(a => AgentDecider.SignIn(a, Ann, Usual, [Channel.Web, Channel.Ivr, Channel.Web], T0)).Then(SignedIn);

        after.State.CanTake(SessionKind.Call, Channel.Web).ShouldBeTrue();
        after.State.CanTake(SessionKind.Call, Channel.Mobile).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1, 1, "capacity.calls")]
    [InlineData(2, 1, "capacity.calls")]
    [InlineData(1, -1, "capacity.chats")]
    [InlineData(1, 51, "capacity.chats")]
    [InlineData(0, 0, "capacity")]
    public void A_capacity_out_of_range_is_refused(int calls, int chats, string field) =>
        Given.Agent().When(a => AgentDecider.SignIn(a, Ann, new Capacity(calls, chats), [Channel.Web], T0)).ThenInvalid(field);

    [Fact]
    public void Channels_have_to_be_named()
    {
        Given.Agent().When(a => AgentDecider.SignIn(a, Ann, Usual, [], T0)).ThenInvalid("channels");
        Given.Agent().When(a => AgentDecider.SignIn(a, Ann, Usual, [(Channel)9], T0)).ThenInvalid("channels");
    }

    [Fact]
    public void Another_capacity_while_signed_in_keeps_the_place_among_idle_agents()
    {
        var after = Given.Agent(SignedIn).When(a => AgentDecider.SignIn(a, Ann, new Capacity(1, 5), SignedIn.Channels, At(60)))
            .Then(new AgentSignedIn(Ann, new Capacity(1, 5), SignedIn.Channels, At(60)));

        (after.State.IdleSince, after.State.PresenceSince).ShouldBe((T0, T0));
    }

    [Fact]
    public void A_paused_agent_whose_adapter_comes_back_stays_paused()
    {
        var paused = Given.Agent(SignedIn, new AgentPaused(Ann, "meal", At(10)));

        paused.When(a => AgentDecider.SignIn(a, Ann, Usual, SignedIn.Channels, At(60))).ThenNothing();
        paused.When(a => AgentDecider.SignIn(a, Ann, new Capacity(1, 5), SignedIn.Channels, At(60)))
            .Then(new AgentSignedIn(Ann, new Capacity(1, 5), SignedIn.Channels, At(60)), new AgentPaused(Ann, "meal", At(10)))
            .State.PresenceSince.ShouldBe(At(10));
    }

    [Fact]
    public void An_agent_signs_out_and_in_again() =>
        Given.Agent(SignedIn).When(a => AgentDecider.SignOut(a, "adapter_lost", At(10))).Then(new AgentSignedOut(Ann, "adapter_lost", At(10)))
            .When(a => AgentDecider.SignIn(a, Ann, Usual, SignedIn.Channels, At(20))).Then(SignedIn with { SignedInAt = At(20) })
            .State.IdleSince.ShouldBe(At(20));

    [Fact]
    public void A_pause_ends_by_becoming_available() =>
        Given.Agent(SignedIn).When(a => AgentDecider.Pause(a, "break", AgentStatuses.None, At(10))).Then(new AgentPaused(Ann, "break", At(10)))
            .When(a => AgentDecider.MakeAvailable(a, At(20))).Then(new AgentMadeAvailable(Ann, At(20)));

    [Fact]
    public void A_pause_for_another_reason_is_a_new_fact() =>
        Given.Agent(SignedIn, new AgentPaused(Ann, "break", At(10)))
            .When(a => AgentDecider.Pause(a, "meal", AgentStatuses.None, At(20))).Then(new AgentPaused(Ann, "meal", At(20)));

    [Fact]
    public void A_pause_has_a_reason()
    {
        Given.Agent(SignedIn).When(a => AgentDecider.Pause(a, " ", AgentStatuses.None, At(10))).ThenInvalid("reason");
        Given.Agent(SignedIn).When(a => AgentDecider.Pause(a, new string('x', 51), AgentStatuses.None, At(10))).ThenInvalid("reason");
    }

    [Fact]
    public void Who_is_signed_out_has_no_presence_to_change()
    {
        var gone = Given.Agent(SignedIn, new AgentSignedOut(Ann, "signed_out", At(10)));

        gone.When(a => AgentDecider.Pause(a, "break", AgentStatuses.None, At(20))).ThenRejected<ConflictError>("agent.not_signed_in");
        gone.When(a => AgentDecider.MakeAvailable(a, At(20))).ThenRejected<ConflictError>("agent.not_signed_in");
        gone.When(a => AgentDecider.SignOut(a, "forced", At(20))).ThenNothing();
    }

    [Fact]
    public void Who_never_signed_in_is_not_known()
    {
        Given.Agent().When(a => AgentDecider.Pause(a, "break", AgentStatuses.None, T0)).ThenRejected<NotFoundError>("agent.not_found");
        Given.Agent().When(a => AgentDecider.MakeAvailable(a, T0)).ThenRejected<NotFoundError>("agent.not_found");
        Given.Agent().When(a => AgentDecider.SignOut(a, "forced", T0)).ThenRejected<NotFoundError>("agent.not_found");
    }
}
