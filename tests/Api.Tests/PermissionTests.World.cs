using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Api.Tests.Voicemails;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Monitoring;

namespace ContactCenter.Api.Tests;

/// <content>What there is for those to ask about who are let in or refused.</content>
public sealed partial class PermissionTests
{
    private static readonly ConditionalWeakTable<TestApi, Lazy<Task<World>>> worlds = [];

    internal static Task<World> WorldOf(TestApi api) => worlds.GetValue(api, static api => new Lazy<Task<World>>(() => World.MakeAsync(api))).Value;

    /// <summary>What a route's <c>{id}</c> stands for.</summary>
    internal sealed record Ids(Guid Session, Guid Queue, Guid Agent, Guid Recording, Guid Booking, Guid Voicemail, Guid Monitor)
    {
        private static readonly Guid Nothing = Guid.Parse(PermissionTests.Unknown);

        public static readonly Ids Unknown = new(Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing);

        public Guid Of(string path) => path.Split('/')[2] switch
        {
            "sessions" => Session,
            "queues" => Queue,
            "agents" or "users" => Agent,
            "recordings" => Recording,
            "scheduled-calls" => Booking,
            "voicemails" => Voicemail,
            "monitors" => Monitor,
            _ => Unknown.Session,
        };
    }

    /// <summary>
    /// A team with its manager, its queue, its agent, the call the agent is in, a call that is booked and a message being left.
    /// The insider and the outsider monitor the call and a chat of the same queue, in every mode there is.
    /// </summary>
    internal sealed record World(
        Ids Ids, Guid ConsumersQueue, HttpClient Manager, HttpClient Agent, HttpClient OtherAgent, Guid Role, Guid Insider, Guid Outsider, IReadOnlyList<SessionMonitor> Monitors)
    {
        public static async Task<World> MakeAsync(TestApi api)
        {
            using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
            var team = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            var (_, manager) = await api.UserAsync([BuiltInRoles.Manager], [team]);
            var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent], [team]);
            var (_, other) = await api.UserAsync([BuiltInRoles.Agent]);
            using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "One permission", grants = Array.Empty<object>() });
            var role = (await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            var (insider, _) = await api.UserAsync([role], [team]);
            using var elsewhere = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "Another team" });
            var (outsider, _) = await api.UserAsync([role], [(await elsewhere.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()]);
            var queue = await api.QueueAsync(members: [agentId, insider], teamIds: [team]);
            var adapter = await AdapterClient.SignInAsync(api, agent, lasts: true);
            var (session, _) = await api.SessionAsync(queue, "call");
            await adapter.AcceptAsync(session);
            await adapter.StatusAsync(session, V1.SessionStatus.Connected);
            var bookable = await api.BookableQueueAsync(members: [agentId, insider], teamIds: [team]);
            var (booking, _, _) = await api.BookAsync(bookable, (await api.Admin.SlotsAsync(bookable))[0]);
            var mailbox = new Mailbox(api);
            var (voicemail, _) = await mailbox.CallAsync(await mailbox.QueueAsync("mobile", [agentId, insider], [team]), "mobile");
            await mailbox.StandsAsync(voicemail, "recording");
            using var monitoring = await manager.PostAsJsonAsync($"/v1/sessions/{session}/monitors", new { mode = "silent" });
            var monitor = (await monitoring.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            var (chat, _) = await api.SessionAsync(queue);
            await adapter.AcceptAsync(chat);
            await adapter.StatusAsync(chat, V1.SessionStatus.Connected);
            return new World(
                new Ids(session, queue, agentId, RecordingId.Of(session), booking, voicemail, monitor),
                await api.QueueAsync(teamIds: [team]), manager, agent, other, role, insider, outsider, await MonitorAsync(api, role, [insider, outsider], session, chat));
        }

        /// <summary>While they have the right to all of it; it goes with the next test.</summary>
        private static async Task<IReadOnlyList<SessionMonitor>> MonitorAsync(TestApi api, Guid role, Guid[] users, Guid call, Guid chat)
        {
            var grants = new[] { Permissions.MonitoringListen, Permissions.MonitoringCoach, Permissions.MonitoringBarge }.Select(permission => new { permission, scope = "all" });
            using var set = await api.Admin.SendTaggedAsync(HttpMethod.Put, $"/v1/roles/{role}", "\"1\"", new { name = "One permission", grants });
            await set.JsonAsync();
            List<SessionMonitor> monitors = [];
            foreach (var user in users)
            {
                using var client = api.Client(api.Get<AccessTokens>().Issue(TokenUse.User, user, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)));
                foreach (var (session, mode) in Enum.GetValues<MonitorMode>().Select(mode => (call, mode)).Append((chat, MonitorMode.Silent)).Append((chat, MonitorMode.Barge)))
                {
                    using var begun = await client.PostAsJsonAsync($"/v1/sessions/{session}/monitors", new { mode }, Wire);
                    var id = (await begun.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
                    monitors.Add((await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Monitor, id, CancellationToken.None)).State);
                }
            }

            return monitors;
        }
    }
}
