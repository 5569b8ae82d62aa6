using ContactCenter.Application.Access;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Pipeline;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Fifty_identical_requests_with_one_key_at_once_are_one_session()
    {
        await using var center = await Center.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "b"))));
        answers.ShouldAllBe(a => a.IsOk);
        answers.Select(a => a.Value).Distinct().ShouldHaveSingleItem();
        center.Host.Log.Events.Count(e => e.Data is SessionRequested).ShouldBe(1);
    }

    [Fact]
    public async Task The_first_answer_and_its_repeat_say_where_in_the_log_the_call_ended()
    {
        await using var center = await Center.OpenAsync();
        var first = await center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "b");
        var written = center.Host.Log.Events[^1].Position.ToString();
        await center.WaitingAsync();
        var again = await center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "b");
        first.Value!.Position.ShouldBe(written);
        again.Value.ShouldBe(first.Value);
    }

    [Fact]
    public async Task The_key_with_another_body_is_refused()
    {
        await using var center = await Center.OpenAsync();
        await center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "one");
        (await center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "other")).Error!.Code.ShouldBe("idempotency.key_reused");
        (await center.Host.SendAsync(TestHost.Admin, center.Ask(), key: "k", body: "other")).IsOk.ShouldBeTrue("another caller's keys are their own");
    }

    [Fact]
    public async Task A_command_that_changed_nothing_keeps_its_key_too()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        (await center.Host.SendAsync(TestHost.Sdk, new LeaveSession(sessionId), key: "k", body: "one")).IsOk.ShouldBeTrue();
        (await center.Host.SendAsync(TestHost.Sdk, center.Ask(), key: "k", body: "other")).Error!.Code.ShouldBe("idempotency.key_reused");
    }

    [Fact]
    public async Task A_twin_that_comes_second_gets_the_first_answer_and_not_what_it_found()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        var version = (await center.Host.DoAsync(TestHost.Admin, new GetSession(sessionId))).Version;
        var end = new EndSession(sessionId, Confirm: true, "stuck");
        center.Host.Store.BeforeNextAppend = () => center.Host.SendAsync(TestHost.Admin, end, key: "k", ifMatch: version);
        var second = await center.Host.SendAsync(TestHost.Admin, end, key: "k", ifMatch: version);
        second.IsOk.ShouldBeTrue(second.Error?.Code);
        second.Value!.Version.ShouldBe(version + 1);
    }

    [Fact]
    public async Task A_secret_is_answered_once()
    {
        await using var host = new TestHost();
        var issue = new IssueApiKey("crm", [new Grant(Permissions.RecordingsRead, Scope.All)]);
        (await host.SendAsync(TestHost.Admin, issue, key: "k", body: "b")).IsOk.ShouldBeTrue();
        (await host.SendAsync(TestHost.Admin, issue, key: "k", body: "b")).Error!.Code.ShouldBe("idempotency.answer_not_kept");
        host.Log.Events.Count(e => e.Data is ApiKeyIssued).ShouldBe(1);
    }
}
