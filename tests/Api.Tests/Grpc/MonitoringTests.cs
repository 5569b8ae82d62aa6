using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Tests.Grpc;

[Collection(ApiTests.Name)]
public sealed class MonitoringTests(TestApi api) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);

    private Monitoring.MonitoringClient Client => new(channel);

    private Metadata Admin => AdapterClient.Auth(AdapterClient.TokenOf(api.Admin));

    [Fact]
    public async Task Watching_gives_a_snapshot_then_changes_and_resumes_after_the_last_one()
    {
        var queue = await api.QueueAsync();
        var (first, _) = await api.SessionAsync(queue);
        var request = new WatchSessionsRequest { QueueIds = { queue.ToString() }, Kinds = { SessionKind.Chat } };
        long last;
        Guid second;
        using (var call = Client.WatchSessions(request, Admin))
        {
            var seen = await UntilAsync(call, c => c.Change == Change.SnapshotComplete || c.Session?.SessionId == first.ToString());
            if (seen[^1].Change != Change.SnapshotComplete)
                await UntilAsync(call, c => c.Change == Change.SnapshotComplete || c.Session?.Status == SessionStatus.Queued);
            (second, _) = await api.SessionAsync(queue);
            last = (await UntilAsync(call, c => c.Session?.SessionId == second.ToString() && c.Session.Status == SessionStatus.Queued))[^1].Sequence;
        }

        last.ShouldBeGreaterThan(0);
        await EndAsync(second);
        request.AfterSequence = last;
        using var again = Client.WatchSessions(request, Admin);
        var changes = await UntilAsync(again, c => c.Change == Change.Removed);
        changes[^1].Session.SessionId.ShouldBe(second.ToString());
        changes.ShouldAllBe(c => c.Sequence > last && c.Session.SessionId == second.ToString());
    }

    [Fact]
    public async Task A_session_is_watched_until_it_ends()
    {
        var queue = await api.QueueAsync();
        var (chat, _) = await api.SessionAsync(queue);
        using var call = Client.WatchSession(new WatchSessionRequest { SessionId = chat.ToString() }, Admin);
        (await UntilAsync(call, c => c.Change == Change.SnapshotComplete))[0].Session.SessionId.ShouldBe(chat.ToString());
        await EndAsync(chat);
        await UntilAsync(call, c => c.Change == Change.Removed);
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_manager_sees_the_sessions_of_assigned_teams_and_no_trace_of_others()
    {
        var team = await TeamAsync();
        var (_, manager) = await api.UserAsync([BuiltInRoles.Manager], [team]);
        var (own, _) = await api.SessionAsync(await api.QueueAsync(teamIds: [team]));
        var (foreign, _) = await api.SessionAsync(await api.QueueAsync());
        var auth = AdapterClient.Auth(AdapterClient.TokenOf(manager));
        using (var call = Client.WatchSession(new WatchSessionRequest { SessionId = own.ToString() }, auth))
            await UntilAsync(call, c => c.Change == Change.SnapshotComplete);

        foreach (var id in new[] { foreign, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) })
        {
            var watching = await Client.WatchSession(new WatchSessionRequest { SessionId = id.ToString() }, auth).RefusalAsync();
            (watching.StatusCode, watching.ReasonOf()).ShouldBe((StatusCode.NotFound, "session.not_found"));
            var listening = await Client.Listen(new ListenRequest { SessionId = id.ToString() }, auth).RefusalAsync();
            (listening.StatusCode, listening.ReasonOf()).ShouldBe((StatusCode.NotFound, "session.not_found"));
        }

        using var all = Client.WatchSessions(new WatchSessionsRequest(), auth);
        (await UntilAsync(all, c => c.Change == Change.SnapshotComplete)).ShouldNotContain(c => c.Session != null && c.Session.SessionId == foreign.ToString());
    }

    [Fact]
    public async Task A_call_is_heard_in_frames_of_20_ms_until_it_ends_and_its_stream_holds_nothing_of_it()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (call, _) = await api.SessionAsync(queue, "call");
        var offer = await adapter.AcceptAsync(call);
        await adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await adapter.StatusAsync(call, SessionStatus.Connected);
        await adapter.ToldAsync(c => c.SessionUpdate is { TicketUrl.Length: > 0 });
        var before = await VersionAsync(call);

        using var listening = Client.Listen(new ListenRequest { SessionId = call.ToString() }, Admin);
        List<AudioFrame> frames = [];
        while (frames.Count < 25 && await listening.ResponseStream.MoveNext(CancellationToken.None))
            frames.Add(listening.ResponseStream.Current);
        frames.ShouldAllBe(f => f.Pcm.Length == 320);
        frames.Select(f => f.Sequence).ShouldBe(frames.Select(f => f.Sequence).Order().Distinct());
        frames.ShouldContain(f => f.Pcm.Any(b => b != 0));
        (await VersionAsync(call)).ShouldBe(before);

        await adapter.DoAsync(new() { End = new() { SessionId = call.ToString() } });
        while (await listening.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    public void Dispose() => channel.Dispose();

    private static async Task<List<SessionChange>> UntilAsync(AsyncServerStreamingCall<SessionChange> call, Func<SessionChange, bool> isIt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<SessionChange> seen = [];
        while (await call.ResponseStream.MoveNext(patience.Token))
        {
            seen.Add(call.ResponseStream.Current);
            if (isIt(seen[^1]))
                return seen;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private async Task<long> VersionAsync(Guid session) =>
        (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Session, session, CancellationToken.None)).Version;

    private async Task EndAsync(Guid session)
    {
        var system = api.Get<Application.Messaging.Dispatcher>();
        (await system.SendAsSystemAsync("tests", new Application.Sessions.LeaveSession(session), CancellationToken.None)).IsOk.ShouldBeTrue();
    }

    private async Task<Guid> TeamAsync()
    {
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(api.Admin, "/v1/teams", new { name = "A team" });
        return (await answer.JsonAsync(System.Net.HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
