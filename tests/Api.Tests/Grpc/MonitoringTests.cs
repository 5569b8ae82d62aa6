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

    private Monitoring.MonitoringClient Client => new(PatientCalls.Of(channel));

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
        // A ticket may be linked to the first one meanwhile.
        changes.ShouldAllBe(c => c.Session.SessionId == second.ToString() || c.Session.TicketUrl.Length > 0);
        changes.Select(c => c.Sequence).Prepend(last).ShouldBe(changes.Select(c => c.Sequence).Prepend(last).Order().Distinct());
    }

    [Fact]
    public async Task The_queues_page_counts_what_waits_and_resumes_after_the_last_change()
    {
        var queue = (await api.QueueAsync()).ToString();
        long last;
        using (var call = Client.WatchQueues(new WatchQueuesRequest(), Admin))
        {
            await QueueUntilAsync(call, c => c.Change == Change.SnapshotComplete);
            await api.SessionAsync(Guid.Parse(queue));
            last = (await QueueUntilAsync(call, c => c.Queue?.QueueId == queue && c.Queue.Waiting == 1)).Sequence;
        }

        var (second, _) = await api.SessionAsync(Guid.Parse(queue));
        using var again = Client.WatchQueues(new WatchQueuesRequest { AfterSequence = last }, Admin);
        var next = await QueueUntilAsync(again, c => c.Queue?.QueueId == queue);
        (next.Change, next.Queue.Waiting).ShouldBe((Change.Updated, 2));
        next.Sequence.ShouldBeGreaterThan(last);
        await EndAsync(second);
        (await QueueUntilAsync(again, c => c.Queue?.QueueId == queue)).Queue.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task The_agents_page_tells_presence_and_what_is_in_hand()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        using var call = Client.WatchAgents(new WatchAgentsRequest(), Admin);
        await AgentUntilAsync(call, c => c.Change == Change.SnapshotComplete);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        (await AgentUntilAsync(call, c => c.Agent?.AgentId == agentId.ToString() && c.Agent.Presence == MonitoredAgent.Types.Presence.Available)).Agent.Name.ShouldBe("Uma User");
        var (chat, _) = await api.SessionAsync(await api.QueueAsync(members: [agentId]));
        var work = (await AgentUntilAsync(call, c => c.Agent?.AgentId == agentId.ToString() && c.Agent.Work.Count > 0)).Agent.Work.Single();
        (work.SessionId, work.Kind, work.Phase).ShouldBe((chat.ToString(), SessionKind.Chat, MonitoredAgent.Types.Phase.Reserved));
    }

    [Fact]
    public async Task A_sequence_beyond_the_end_of_the_log_is_answered_with_a_snapshot()
    {
        using var sessions = Client.WatchSessions(new WatchSessionsRequest { AfterSequence = long.MaxValue }, Admin);
        await UntilAsync(sessions, c => c.Change == Change.SnapshotComplete);
        using var queues = Client.WatchQueues(new WatchQueuesRequest { AfterSequence = long.MaxValue }, Admin);
        await QueueUntilAsync(queues, c => c.Change == Change.SnapshotComplete);
        using var agents = Client.WatchAgents(new WatchAgentsRequest { AfterSequence = long.MaxValue }, Admin);
        await AgentUntilAsync(agents, c => c.Change == Change.SnapshotComplete);
        using var events = new EventFeed.EventFeedClient(PatientCalls.Of(channel)).Subscribe(new SubscribeRequest { After = long.MaxValue }, Admin);
        (await events.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        using var all = new EventFeed.EventFeedClient(PatientCalls.Of(channel)).Subscribe(new SubscribeRequest(), Admin);
        (await all.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        events.ResponseStream.Current.ShouldBe(all.ResponseStream.Current);
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

    private static async Task<QueueChange> QueueUntilAsync(AsyncServerStreamingCall<QueueChange> call, Func<QueueChange, bool> isIt) => (await UntilAsync(call, isIt))[^1];

    private static async Task<AgentChange> AgentUntilAsync(AsyncServerStreamingCall<AgentChange> call, Func<AgentChange, bool> isIt) => (await UntilAsync(call, isIt))[^1];

    private static async Task<List<T>> UntilAsync<T>(AsyncServerStreamingCall<T> call, Func<T, bool> isIt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<T> seen = [];
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
