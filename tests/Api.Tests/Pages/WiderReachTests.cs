using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Net.Client;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>
/// Whose reach grew while they were away begins anew: what came into sight is in no change after the last one they saw
/// (MON-6, MON-9).
/// </summary>
[Collection(WatchingTests.Name)]
public sealed class WiderReachTests(TestApi api)
{
    private const string Page = "/v1/monitoring/chats/queued";

    [Fact]
    public async Task A_page_resumed_with_a_wider_reach_shows_what_came_into_sight_meanwhile()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        var team = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Watcher", grants = Grants("assigned_teams") });
        var role = (await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, watcher) = await api.UserAsync([role], [team]);
        var (foreign, _) = await api.SessionAsync(await api.QueueAsync());
        var queue = await api.QueueAsync(teamIds: [team]);
        string? id = null;
        using (var view = await EventStream.OpenAsync(watcher, Page))
        {
            (await view.NextAsync(patience.Token))!.Value.Data.ToString().ShouldNotContain(foreign.ToString());
            var (own, _) = await api.SessionAsync(queue);
            for (var isSeen = false; !isSeen;)
            {
                var (told, _, data) = (await view.NextAsync(patience.Token))!.Value;
                (id, isSeen) = (told ?? id, data.ToString().Contains(own.ToString(), StringComparison.Ordinal));
            }
        }

        using var channel = GrpcChannel.ForAddress(api.Grpc);
        var client = new V1.Monitoring.MonitoringClient(channel);
        var sequence = 0L;
        using (var call = client.WatchSessions(new WatchSessionsRequest(), Auth(watcher)))
        {
            while (sequence == 0 && await call.ResponseStream.MoveNext(patience.Token))
                sequence = call.ResponseStream.Current.Sequence;
        }

        using var widened = await api.Admin.SendTaggedAsync(HttpMethod.Put, $"/v1/roles/{role}", "\"1\"", new { name = "Watcher", grants = Grants("all") });
        await widened.JsonAsync();
        await Eventually.TrueAsync(async () => (await watcher.ItemsAsync($"{Page}?search={foreign}")).Count == 1);

        using var again = await EventStream.OpenAsync(watcher, Page, id.ShouldNotBeNull());
        var (_, name, all) = (await again.NextAsync(patience.Token))!.Value;
        (name, all.ToString().Contains(foreign.ToString(), StringComparison.Ordinal)).ShouldBe(("snapshot", true));

        using var watching = client.WatchSessions(new WatchSessionsRequest { AfterSequence = sequence }, Auth(watcher));
        List<string> seen = [];
        while (await watching.ResponseStream.MoveNext(patience.Token) && watching.ResponseStream.Current.Change == Change.Present)
            seen.Add(watching.ResponseStream.Current.Session.SessionId);
        seen.ShouldContain(foreign.ToString());
    }

    private static object[] Grants(string scope) => [new { permission = Permissions.MonitoringRead, scope }];

    private static global::Grpc.Core.Metadata Auth(HttpClient client) => AdapterClient.Auth(AdapterClient.TokenOf(client));
}
