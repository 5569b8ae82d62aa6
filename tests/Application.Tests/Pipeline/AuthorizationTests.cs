using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Pipeline;

public sealed class AuthorizationTests
{
    [Theory]
    [InlineData("admin", null)]
    [InlineData("manager of the team", null)]
    [InlineData("custom role with the permission", null)]
    [InlineData("member with scope assigned_queues", null)]
    [InlineData("manager of another team", "session.not_found")]
    [InlineData("outsider with scope assigned_queues", "session.not_found")]
    [InlineData("agent in the session", "auth.forbidden")]
    [InlineData("sdk", "auth.forbidden")]
    [InlineData("consumer", "auth.forbidden")]
    [InlineData("nobody", "auth.unauthenticated")]
    public async Task Only_who_may_end_a_session_ends_it(string who, string? code)
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        var (version, before) = (await VersionAsync(center, sessionId), center.Host.Log.Events.Count);
        var answer = await center.Host.SendAsync(CallerFor(who, center, sessionId), new EndSession(sessionId, Confirm: true, "abuse"), ifMatch: version);

        answer.Error?.Code.ShouldBe(code);
        answer.IsOk.ShouldBe(code is null);
        if (code is null)
        {
            (await VersionAsync(center, sessionId)).ShouldBeGreaterThan(version);
            return;
        }

        (await VersionAsync(center, sessionId)).ShouldBe(version);
        var written = center.Host.Log.Events.Skip(before).ShouldHaveSingleItem();
        written.Data.ShouldBeOfType<CommandWithoutEffect>().ShouldSatisfyAllConditions(
            d => d.Code.ShouldBe(code == "session.not_found" ? "auth.forbidden" : code), d => d.Subject.ShouldBe($"session-{sessionId}"));
        written.Metadata.Command.ShouldBe("EndSession");
        written.Metadata.Actor.ShouldBe(CallerFor(who, center, sessionId).Actor);
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_refused_like_one_out_of_reach()
    {
        await using var center = await Center.OpenAsync();
        var manager = CallerFor("manager of another team", center, default);
        await center.Host.RefusedAsync("session.not_found", manager, new GetSession(center.Host.NewId()));
        await center.Host.RefusedAsync("session.not_found", manager, new GetSession(await center.WaitingAsync()));
    }

    [Fact]
    public async Task A_forbidden_query_is_written_and_an_allowed_one_is_not()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        var before = center.Host.Log.Events.Count;
        await center.Host.DoAsync(TestHost.Admin, new GetSession(sessionId));
        center.Host.Log.Events.Count.ShouldBe(before);
        await center.Host.RefusedAsync("session.not_found", CallerFor("manager of another team", center, sessionId), new GetSession(sessionId));
        center.Host.Log.Events[^1].ShouldSatisfyAllConditions(
            e => e.Metadata.Command.ShouldBe("GetSession"), e => ((CommandWithoutEffect)e.Data).Code.ShouldBe("auth.forbidden"));
    }

    [Fact]
    public async Task A_session_shows_to_its_consumer_its_agent_and_its_managers_only()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        foreach (var who in new[] { "admin", "manager of the team", "agent in the session", "consumer" })
            await center.Host.DoAsync(CallerFor(who, center, sessionId), new GetTranscript(sessionId));
        foreach (var who in new[] { "manager of another team", "other agent" })
            await center.Host.RefusedAsync("session.not_found", CallerFor(who, center, sessionId), new GetTranscript(sessionId));
        foreach (var who in new[] { "consumer of another session", "sdk" })
            await center.Host.RefusedAsync("auth.forbidden", CallerFor(who, center, sessionId), new GetTranscript(sessionId));
    }

    [Fact]
    public async Task Nobody_acts_for_another_agent_and_only_the_system_for_itself()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        await center.Host.RefusedAsync("session.not_found", TestHost.Agent(center.Host.NewId()), new AcceptOffer(center.AgentId, sessionId, offerId));
        await center.Host.RefusedAsync("auth.forbidden", TestHost.Admin, new OfferSession(sessionId, center.AgentId));
        await center.Host.RefusedAsync("auth.forbidden", TestHost.Admin, new EndLostCall(sessionId, "media_lost"));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Offered);
    }

    [Fact]
    public async Task A_refusal_of_every_stage_is_written()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        var agent = TestHost.Agent(center.AgentId);
        (string Code, Caller Caller, ICommand Command)[] refused =
        [
            ("auth.unauthenticated", Caller.Anonymous, new LeaveSession(sessionId)),
            ("auth.forbidden", agent, new LeaveSession(sessionId)),
            ("request.invalid", TestHost.Admin, new EndSession(sessionId, Confirm: true, Reason: "")),
            ("session.confirmation_required", TestHost.Admin, new EndSession(sessionId, Confirm: false, "because")),
            ("session.not_a_call", agent, new HoldSession(center.AgentId, sessionId)),
        ];
        foreach (var (code, caller, command) in refused)
        {
            await center.Host.RefusedAsync(code, caller, command);
            center.Host.Log.Events[^1].Data.ShouldBeOfType<CommandWithoutEffect>().Code.ShouldBe(code);
        }
    }

    private static async Task<long> VersionAsync(Center center, Guid sessionId) => (await center.Host.DoAsync(TestHost.Admin, new GetSession(sessionId))).Version;

    private static Caller CallerFor(string who, Center center, Guid sessionId)
    {
        var id = Guid.Parse("00000000-0000-7000-8000-00000000b0b0");
        var manager = BuiltInRoles.Grants(BuiltInRoles.Manager)!;
        var inQueues = new Grant(Permissions.SessionsEnd, Scope.AssignedQueues);
        return who switch
        {
            "admin" => TestHost.Admin,
            "manager of the team" => TestHost.User(id, manager, center.TeamId),
            "manager of another team" => TestHost.User(id, manager, id),
            "custom role with the permission" => TestHost.User(id, [new Grant(Permissions.SessionsEnd, Scope.All)]),
            "member with scope assigned_queues" => TestHost.User(center.AgentId, [inQueues]),
            "outsider with scope assigned_queues" => TestHost.User(id, [inQueues]),
            "agent in the session" => TestHost.Agent(center.AgentId),
            "other agent" => TestHost.Agent(id),
            "sdk" => TestHost.Sdk,
            "consumer" => Application.Access.Authenticator.Consumer(sessionId),
            "consumer of another session" => Application.Access.Authenticator.Consumer(id),
            _ => Caller.Anonymous,
        };
    }
}
