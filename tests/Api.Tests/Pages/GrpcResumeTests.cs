using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>The same pages over gRPC: filtered as over REST, and exact however often the stream is cut.</summary>
[Collection(WatchingTests.Name)]
public sealed class GrpcResumeTests(TestApi api) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);
    private readonly Dictionary<string, MonitoredSession> known = [];
    private readonly List<MonitoredSession> pending = [];
    private readonly Random random = new(3);
    private long last;
    private int snapshots;

    private V1.Monitoring.MonitoringClient Client => new(channel);

    private Metadata Admin => AdapterClient.Auth(AdapterClient.TokenOf(api.Admin));

    [Fact]
    public async Task A_page_cut_100_times_at_random_points_under_load_equals_a_fresh_read()
    {
        var queue = await api.QueueAsync();
        var request = new WatchSessionsRequest { QueueIds = { queue.ToString() }, Stage = WatchSessionsRequest.Types.Stage.Queued };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(300));
        // Of the empty page: whoever is cut off within a snapshot has nothing to resume after.
        await FollowAsync(request, 1, limit.Token);
        var isDone = false;
        var loading = Task.Run(async () =>
        {
            for (var number = 1; !Volatile.Read(ref isDone); number++)
            {
                var (id, consumer) = await api.SessionAsync(queue);
                if (number % 2 == 0)
                    (await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null)).Dispose();
            }
        });
        for (var cut = 0; cut < 100; cut++)
            await FollowAsync(request, random.Next(1, 6), limit.Token);
        Volatile.Write(ref isDone, true);
        await loading;

        await Eventually.TrueAsync(async () =>
        {
            var fresh = await FreshAsync(request, limit.Token);
            await CatchUpAsync(request, fresh.Sequence, limit.Token);
            return known.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => k.Value).SequenceEqual(fresh.Rows.OrderBy(r => r.SessionId, StringComparer.Ordinal));
        });
        snapshots.ShouldBe(1);
        known.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Pages_are_filtered_as_over_rest()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (chat, _) = await floor.ConnectedAsync();
        (await api.Admin.PatchAsJsonAsync($"/v1/sessions/{chat}/customer-flags", new { bad_actor = true })).EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () =>
            (await FreshAsync(new WatchSessionsRequest { TeamId = floor.Team.ToString(), Flag = "bad_actor", Stage = WatchSessionsRequest.Types.Stage.Connected }, limit.Token)).Rows.Count == 1);
        (WatchSessionsRequest Request, int Rows)[] asked =
        [
            (new() { AgentId = floor.AgentId.ToString() }, 1), (new() { Search = chat.ToString() }, 1), (new() { Search = chat.ToString(), Language = "de" }, 0),
            (new() { Search = chat.ToString(), Channels = { Channel.Web } }, 1), (new() { Search = chat.ToString(), Channels = { Channel.Ivr } }, 0),
            (new() { Search = chat.ToString(), Stuck = true }, 0), (new() { Search = chat.ToString(), Stuck = false }, 1), (new() { Search = chat.ToString(), Stage = WatchSessionsRequest.Types.Stage.Queued }, 0),
        ];
        foreach (var (request, expected) in asked)
            (await FreshAsync(request, limit.Token)).Rows.Count.ShouldBe(expected, request.ToString());

        using var agents = Client.WatchAgents(new WatchAgentsRequest { QueueId = floor.Queue.ToString(), Status = "available" }, Admin, cancellationToken: limit.Token);
        (await agents.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
        agents.ResponseStream.Current.Agent.ShouldSatisfyAllConditions(a => a.AgentId.ShouldBe(floor.AgentId.ToString()), a => a.Status.ShouldBe("available"));
        using var queues = Client.WatchQueues(new WatchQueuesRequest { TeamId = floor.Team.ToString() }, Admin, cancellationToken: limit.Token);
        (await queues.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
        var row = queues.ResponseStream.Current.Queue;
        (row.QueueId, row.Answered, row.ServiceLevelOfAnswered, row.AgentsByStatus["available"]).ShouldBe((floor.Queue.ToString(), 1, 1.0, 1));
    }

    public void Dispose() => channel.Dispose();

    private async Task<(long Sequence, List<MonitoredSession> Rows)> FreshAsync(WatchSessionsRequest request, CancellationToken cancellationToken)
    {
        using var call = Client.WatchSessions(new WatchSessionsRequest(request) { AfterSequence = 0 }, Admin, cancellationToken: cancellationToken);
        List<MonitoredSession> rows = [];
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            if (call.ResponseStream.Current.Change == Change.SnapshotComplete)
                return (call.ResponseStream.Current.Sequence, rows);
            rows.Add(call.ResponseStream.Current.Session);
        }

        throw new InvalidOperationException("The stream ended.");
    }

    /// <summary>Follows up to a place of the log; a page that nothing changed since has nothing to say of it.</summary>
    private async Task CatchUpAsync(WatchSessionsRequest request, long until, CancellationToken cancellationToken)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        moment.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await FollowAsync(request, int.MaxValue, moment.Token, until);
        }
        catch (RpcException silent) when (silent.StatusCode == StatusCode.Cancelled && !cancellationToken.IsCancellationRequested)
        {
            // What it knows by now is compared.
        }
    }

    private async Task FollowAsync(WatchSessionsRequest request, int takes, CancellationToken cancellationToken, long until = long.MaxValue)
    {
        if (last >= until)
            return;
        using var call = Client.WatchSessions(new WatchSessionsRequest(request) { AfterSequence = last }, Admin, cancellationToken: cancellationToken);
        pending.Clear();
        while (takes-- > 0 && last < until && await call.ResponseStream.MoveNext(cancellationToken))
            Take(call.ResponseStream.Current);
    }

    private void Take(SessionChange change)
    {
        if (change.Sequence > 0 && change.Change != Change.SnapshotComplete)
            change.Sequence.ShouldBeGreaterThan(last);
        last = change.Sequence > 0 ? change.Sequence : last;
        switch (change.Change)
        {
            case Change.Present:
                pending.Add(change.Session);
                break;
            case Change.SnapshotComplete:
                snapshots++;
                known.Clear();
                foreach (var row in pending)
                    known.Add(row.SessionId, row);
                break;
            case Change.Updated:
                known[change.Session.SessionId] = change.Session;
                break;
            default:
                known.Remove(change.Session.SessionId).ShouldBeTrue("a row was removed that the client never knew");
                break;
        }
    }
}
