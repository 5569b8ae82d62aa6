using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Tests.Sessions;

namespace ContactCenter.Domain.Tests.Monitoring;

public sealed class MonitorTests
{
    private const SessionKind Call = SessionKind.Call;
    private const SessionKind Chat = SessionKind.Chat;
    private static readonly Guid Id = Spec.Id(20);
    private static readonly Actor Supervisor = new(ActorKind.User, Spec.Id(21).ToString());

    [Fact]
    public void A_call_is_monitored_while_an_agent_is_in_it_on_hold_too()
    {
        Nobody().When(m => Start(m, Story.Talking(Call).State)).Then(Started(MonitorMode.Silent));
        Nobody().When(m => Start(m, Story.OnHold().State)).Then(Started(MonitorMode.Silent));
        Nobody().When(m => Start(m, Story.Waiting(Call).State)).ThenRejected<ConflictError>("session.not_connected");
        Nobody().When(m => Start(m, Story.Prepared().State)).ThenRejected<ConflictError>("session.not_connected");
        Nobody().When(m => Start(m, Story.Over(Call).State)).ThenRejected<ConflictError>("session.ended");
        Nobody().When(m => Start(m, Session.Initial)).ThenRejected<NotFoundError>("session.not_found");
    }

    [Fact]
    public void A_chat_is_read_as_long_as_it_lives_and_only_joined_beside_an_agent()
    {
        Nobody().When(m => Start(m, Story.Waiting(Chat).State)).Then(Started(MonitorMode.Silent, Chat, offer: null));
        Nobody().When(m => Start(m, Story.Waiting(Chat).State, MonitorMode.Barge)).ThenRejected<ConflictError>("session.not_connected");
        Nobody().When(m => Start(m, Story.Talking(Chat).State, MonitorMode.Barge)).Then(Started(MonitorMode.Barge, Chat));
        Nobody().When(m => Start(m, Story.Talking(Chat).State, MonitorMode.Coach)).ThenRejected<UnprocessableError>("monitoring.mode_not_possible");
    }

    [Fact]
    public void Nobody_monitors_their_own_session_and_only_users_speak()
    {
        var own = new Actor(ActorKind.User, Story.Agent.ToString());
        var key = new Actor(ActorKind.ApiKey, Spec.Id(22).ToString());
        Nobody().When(m => Start(m, Story.Talking(Call).State, by: own)).ThenRejected<ConflictError>("monitoring.own_session");
        Nobody().When(m => Start(m, Story.Talking(Call).State, MonitorMode.Barge, key)).ThenRejected<ForbiddenError>("monitoring.users_only");
        Start(SessionMonitor.Initial, Story.Talking(Call).State, by: key).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_id_of_another_monitoring_is_refused()
    {
        Silent().When(m => Start(m, Story.Talking(Call).State)).ThenNothing();
        Silent().When(m => Start(m, Story.Talking(Call).State, MonitorMode.Barge)).ThenRejected<ConflictError>("monitoring.id_taken");
        Silent().When(m => Start(m, Story.Talking(Call).State, by: new Actor(ActorKind.User, "another"))).ThenRejected<ConflictError>("monitoring.id_taken");
    }

    [Fact]
    public void The_mode_changes_as_asked_and_not_once_it_is_over()
    {
        var talking = Story.Talking(Call).State;
        Silent().When(m => MonitorDecider.ChangeMode(m, talking, MonitorMode.Coach, "tone:700", Spec.At(40)))
            .Then(new MonitorModeChanged(Id, Story.SessionId, Call, MonitorMode.Silent, MonitorMode.Coach, Story.Offer, "tone:700", "asked", Spec.At(40)));
        Silent().When(m => MonitorDecider.ChangeMode(m, talking, MonitorMode.Silent, null, Spec.At(40))).ThenNothing();
        Silent().When(m => MonitorDecider.ChangeMode(m, Story.PassedOn(Call).State, MonitorMode.Coach, null, Spec.At(40))).ThenRejected<ConflictError>("session.not_connected");
        Silent().And(Stopped("asked")).When(m => MonitorDecider.ChangeMode(m, talking, MonitorMode.Coach, null, Spec.At(40))).ThenRejected<ConflictError>("monitoring.over");
        Nobody().When(m => MonitorDecider.ChangeMode(m, talking, MonitorMode.Coach, null, Spec.At(40))).ThenRejected<NotFoundError>("monitoring.not_found");
    }

    [Fact]
    public void Stopping_twice_changes_nothing()
    {
        Silent().When(m => MonitorDecider.Stop(m, MonitorEnds.Asked, Spec.At(50))).Then(Stopped("asked"));
        Nobody().When(m => MonitorDecider.Stop(m, MonitorEnds.Asked, Spec.At(50))).ThenRejected<NotFoundError>("monitoring.not_found");
    }

    [Fact]
    public void It_ends_with_the_session_whatever_else_is_said_of_it()
    {
        Silent().When(m => MonitorDecider.Settle(m, Story.Over(Call).State, Spec.At(50))).Then(Stopped("session_ended"));
        var own = Spec.Id(21);
        var theirs = Story.Talking(Call).And(new SessionTakenOver(Story.SessionId, Call, Story.Agent, Story.Offer, own, Spec.Id(24), Spec.At(45)));
        Silent().When(m => MonitorDecider.Settle(m, theirs.State, Spec.At(50))).Then(Stopped("took_over"));
        Silent().When(m => MonitorDecider.End(m, Story.Over(Call).State, MonitorEnds.ClientLost, Spec.At(50))).Then(Stopped("session_ended"));
        Silent().When(m => MonitorDecider.End(m, Story.Talking(Call).State, MonitorEnds.ClientLost, Spec.At(50))).Then(Stopped("client_lost"));
    }

    [Fact]
    public void Who_listens_listens_on_through_hold_and_transfer()
    {
        Silent().When(m => MonitorDecider.Settle(m, Story.OnHold().State, Spec.At(50))).ThenNothing();
        Silent().When(m => MonitorDecider.Settle(m, Story.PassedOn(Call).State, Spec.At(50))).ThenNothing();
    }

    [Fact]
    public void A_coach_is_never_heard_by_an_agent_they_did_not_choose()
    {
        var next = Story.PassedOn(Call).And(
            new SessionOffered(Story.SessionId, Call, Story.OtherOffer, Story.OtherAgent, Story.OtherQueueId, Preparation.None, Spec.At(35), Spec.At(60)),
            new OfferAccepted(Story.SessionId, Call, Story.OtherOffer, Story.OtherAgent, Preparation.None, Spec.At(36)),
            new SessionConnected(Story.SessionId, Call, Story.OtherAgent, Story.OtherOffer, Spec.At(36)));
        Coaching().When(m => MonitorDecider.Settle(m, Story.OnHold().State, Spec.At(50))).ThenNothing();
        foreach (var session in new[] { Story.PassedOn(Call).State, next.State })
        {
            Coaching().When(m => MonitorDecider.Settle(m, session, Spec.At(50)))
                .Then(new MonitorModeChanged(Id, Story.SessionId, Call, MonitorMode.Coach, MonitorMode.Silent, null, null, "agent_left", Spec.At(50)));
        }
    }

    [Fact]
    public void Who_barged_in_falls_silent_once_they_are_not_in_the_session_any_more()
    {
        var barging = Given.Monitor(Started(MonitorMode.Barge));
        var joined = Story.Talking(Call).And(new SupervisorJoined(Story.SessionId, Call, Id, Spec.Id(21), "Sue", Spec.At(40)));
        barging.When(m => MonitorDecider.Settle(m, joined.State, Spec.At(50))).ThenNothing();
        barging.When(m => MonitorDecider.Settle(m, Story.PassedOn(Call).State, Spec.At(50)))
            .Then(new MonitorModeChanged(Id, Story.SessionId, Call, MonitorMode.Barge, MonitorMode.Silent, null, null, "agent_left", Spec.At(50)));
    }

    [Fact]
    public void A_broken_line_silences_and_no_more()
    {
        Coaching().When(m => MonitorDecider.LoseLeg(m, Spec.At(50)))
            .Then(new MonitorModeChanged(Id, Story.SessionId, Call, MonitorMode.Coach, MonitorMode.Silent, null, null, "leg_lost", Spec.At(50)));
        Silent().When(m => MonitorDecider.LoseLeg(m, Spec.At(50))).ThenNothing();
    }

    private static Given<SessionMonitor, MonitorEvent> Nobody() => Given.Monitor();

    private static Given<SessionMonitor, MonitorEvent> Silent() => Given.Monitor(Started(MonitorMode.Silent));

    private static Given<SessionMonitor, MonitorEvent> Coaching() => Given.Monitor(Started(MonitorMode.Coach));

    private static Decision<MonitorEvent> Start(SessionMonitor m, Session s, MonitorMode mode = MonitorMode.Silent, Actor? by = null) =>
        MonitorDecider.Start(m, Id, s, by ?? Supervisor, mode, voice: null, Spec.At(40));

    private static MonitorStarted Started(MonitorMode mode, SessionKind kind = Call) => Started(mode, kind, Story.Offer);

    private static MonitorStarted Started(MonitorMode mode, SessionKind kind, Guid? offer) =>
        new(Id, Story.SessionId, kind, Supervisor, mode, offer, Voice: null, Spec.At(40));

    private static MonitorStopped Stopped(string reason) => new(Id, Story.SessionId, Call, MonitorMode.Silent, reason, Spec.At(50));
}
