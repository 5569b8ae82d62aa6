using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Integrators;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using static ContactCenter.Api.Tests.PermissionTests;

namespace ContactCenter.Api.Tests;

/// <summary>
/// Role × scope × every route, stream and method, made out of the routes themselves: each route names its use case, the use
/// case says what it requires, and a plain reading of that says who gets in. Every permission is tried alone, with each
/// scope, by somebody of the team and queue in question and by somebody of another (ADM-1, MON-9).
/// </summary>
[Collection(ApiTests.Name)]
public sealed class PermissionMatrixTests(TestApi api)
{
    /// <summary>Routes that are not called as their use case is.</summary>
    private static readonly Dictionary<string, string> UseCases = new(StringComparer.Ordinal)
    {
        ["ClearQueueDeflection"] = "ConfigureQueueDeflection",
        ["ClearQueueHours"] = "SetQueueHours",
        ["CreateRole"] = "DefineRole",
        ["GetAgentStatus"] = "GetAgent",
        ["GetAgentStatuses"] = "GetSettingsPage",
        ["GetCallDeflection"] = "GetSettingsPage",
        ["GetChatDeflection"] = "GetSettingsPage",
        ["GetHoursOfOperation"] = "GetSettingsPage",
        ["GetMonitoringRules"] = "GetSettingsPage",
        ["GetPhoneNumbers"] = "GetSettingsPage",
        ["GetRecordingRules"] = "GetSettingsPage",
        ["GetSupportCenter"] = "GetSettingsPage",
        ["ListMessageAudio"] = "GetSettingsPage",
        ["ListMessages"] = "GetSettingsPage",
        ["GetCustomerFlags"] = "GetSession",
        ["GetSessionDetails"] = "GetSession",
        ["WatchSession"] = "GetSession",
        ["GetQueueDeflection"] = "GetQueue",
        ["GetQueueHours"] = "GetQueue",
        ["GetScheduledCallRules"] = "GetQueue",
        ["GetVirtualAgent"] = "GetQueue",
        ["PreviewQueueHours"] = "PreviewHours",
        ["MonitorAgents"] = "ListAgents",
        ["ViewMonitoredChat"] = "GetMonitor",
        ["RemoveVirtualAgent"] = "AssignVirtualAgent",
        ["SetAgentStatus"] = "MakeAgentAvailable",
    };

    /// <summary>Routes that ask for one of several use cases, or whose use case looks at more than ids; their rows are in <see cref="PermissionTests"/>.</summary>
    private static readonly string[] ByHand =
        ["GetLiveness", "GetReadiness", "GetMetrics", "SignIn", "SendMessage", "WatchOwnSession", "DecideDeflection", "GetEntryMenu", "GetAttachmentContent", "OpenMessageAudio", "PreviewHours", "PreviewQueueHours", "PlayRecording", "PlaySessionRecording"];

    public static TheoryData<string, Scope> Grants => MakeGrants();

    [Fact]
    public void Every_route_says_what_it_requires_or_is_tried_by_hand()
    {
        var silent = Routes().Where(r => r.Requirement is null && !ByHand.Contains(r.Name)).Select(r => r.Name);
        silent.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task A_permission_alone_opens_what_requires_it_as_far_as_it_reaches(string permission, Scope scope)
    {
        var world = await WorldOf(api);
        var version = (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Role, world.Role, CancellationToken.None)).Version;
        var grant = new { permission, scope = JsonNamingPolicy.SnakeCaseLower.ConvertName(scope.ToString()) };
        using var define = new HttpRequestMessage(HttpMethod.Put, $"/v1/roles/{world.Role}") { Content = JsonContent.Create(new { name = "One permission", grants = new[] { grant } }) };
        define.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var set = await api.Admin.SendAsync(define);
        await set.JsonAsync();
        foreach (var (user, isInside) in new[] { (world.Insider, true), (world.Outsider, false) })
        {
            using var client = api.Client(api.Get<AccessTokens>().Issue(TokenUse.User, user, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)));
            var who = new Who(user, permission, scope, isInside, world.Ids);
            foreach (var route in Routes())
            {
                if (route.Requirement?.Invoke(world.Ids, user) is not { } requirement || !Names(requirement).Contains(permission))
                    continue;
                foreach (var stream in route.IsLive ? new[] { false, true } : [false])
                    await TryAsync(client, route.Pattern, stream, who.Meets(requirement), $"{permission} {scope} {(isInside ? "inside" : "outside")}");
            }

            await TryMethodsAsync(client, who);
        }
    }

    private async Task TryAsync(HttpClient client, string pattern, bool stream, bool expected, string who)
    {
        // Everything asks about what there is not: whether it is there is not the question.
        var everywhere = who.Contains(" All ", StringComparison.Ordinal);
        using var request = Request(pattern, everywhere ? Ids.Unknown : (await WorldOf(api)).Ids);
        if (stream)
            request.Headers.Accept.ParseAdd("text/event-stream");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        // The rules of a session say no of their own, and with their own codes, to whoever got in.
        var code = (int)answer.StatusCode is 401 or 403 or 404 ? (await answer.JsonAsync(answer.StatusCode)).GetProperty("code").GetString() : null;
        var refused = code is "auth.unauthenticated" or "auth.forbidden" || (!everywhere && code is "session.not_found" or "recording.not_found" or "agent.not_found");
        (!refused).ShouldBe(expected, $"{who}: {pattern}{(stream ? ", live" : "")}: {answer.StatusCode}");
    }

    /// <summary>The same over gRPC: each method that answers a use case.</summary>
    private async Task TryMethodsAsync(HttpClient client, Who who)
    {
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(api.Grpc);
        var monitoring = new V1.Monitoring.MonitoringClient(channel);
        var auth = AdapterClient.Auth(AdapterClient.TokenOf(client));
        var (session, agent) = (who.Ids.Session.ToString(), who.Ids.Agent.ToString());
        (string Name, IGuarded UseCase, Func<CancellationToken, Task> Call)[] methods =
        [
            ("WatchSessions", new WatchSessions(null, null, new SessionFilter(), null), t => monitoring.WatchSessions(new WatchSessionsRequest(), auth, cancellationToken: t).ResponseStream.MoveNext(t)),
            ("WatchAgents", new WatchAgents(new AgentFilter(), null), t => monitoring.WatchAgents(new WatchAgentsRequest(), auth, cancellationToken: t).ResponseStream.MoveNext(t)),
            ("WatchQueues", new Application.Queues.WatchQueues(null, null, null, null, null, null), t => monitoring.WatchQueues(new WatchQueuesRequest(), auth, cancellationToken: t).ResponseStream.MoveNext(t)),
            ("WatchSession", new WatchSession(who.Ids.Session), t => monitoring.WatchSession(new WatchSessionRequest { SessionId = session }, auth, cancellationToken: t).ResponseStream.MoveNext(t)),
            ("Listen", new StartMonitor(MonitorId: null, who.Ids.Session, Domain.Monitoring.MonitorMode.Silent, Voice: null), t => monitoring.Listen(new ListenRequest { SessionId = session }, auth, cancellationToken: t).ResponseStream.MoveNext(t)),
            ("EndSession", new Application.Sessions.EndSession(who.Ids.Session, false, "x"), t => monitoring.EndSessionAsync(new EndSessionRequest { SessionId = session, Reason = "x" }, auth, cancellationToken: t).ResponseAsync),
            ("SignOutAgent", new ForceAgentSignOut(who.Ids.Agent, "x"), t => monitoring.SignOutAgentAsync(new SignOutAgentRequest { AgentId = agent, Reason = "x", Version = 999_999 }, auth, cancellationToken: t).ResponseAsync),
            ("Subscribe", new GetEvents(Application.EventSourcing.LogPosition.Start, 1), t => new EventFeed.EventFeedClient(channel).Subscribe(new SubscribeRequest(), auth, cancellationToken: t).ResponseStream.MoveNext(t)),
        ];
        foreach (var (name, useCase, call) in methods.Where(m => Names(m.UseCase.Requirement).Contains(who.Permission)))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var code = global::Grpc.Core.StatusCode.OK;
            try
            {
                await call(limit.Token);
            }
            catch (global::Grpc.Core.RpcException e)
            {
                code = e.StatusCode;
            }

            var refused = code is global::Grpc.Core.StatusCode.PermissionDenied or global::Grpc.Core.StatusCode.Unauthenticated or global::Grpc.Core.StatusCode.NotFound;
            (!refused).ShouldBe(who.Meets(useCase.Requirement), $"{who.Permission} {who.Scope} {(who.IsInside ? "inside" : "outside")}: {name}: {code}");
        }
    }

    private static TheoryData<string, Scope> MakeGrants()
    {
        var data = new TheoryData<string, Scope>();
        foreach (var permission in Permissions.All.Order(StringComparer.Ordinal))
        {
            foreach (var scope in Enum.GetValues<Scope>())
                data.Add(permission, scope);
        }

        return data;
    }

    /// <summary>Somebody with one permission.</summary>
    private sealed record Who(Guid UserId, string Permission, Scope Scope, bool IsInside, Ids Ids)
    {
        /// <summary>A plain reading of what is required.</summary>
        public bool Meets(Requirement requirement) => requirement switch
        {
            NoRequirement => true,
            AnyOfRequirement any => any.Requirements.Any(Meets),
            PermissionRequirement needed => needed.Name == Permission && Reaches(needed.Target),
            SelfRequirement self => self.AgentId == UserId && Permission == Permissions.SessionsHandle,
            ConsumerRequirement { OrEntry: true } of => Permission == Permissions.EntryWrite && Reaches(Target.Session(of.SessionId)),
            _ => false,
        };

        private bool Reaches(Target target)
        {
            if (Scope == Scope.All || target.Kind == TargetKind.Anywhere)
                return true;
            if (!IsInside || target.Kind == TargetKind.Everything)
                return false;
            return target.Kind == TargetKind.User
                ? target.Id == Ids.Agent
                : new[] { Ids.Session, Ids.Queue, Ids.Recording, Ids.Booking, Ids.Voicemail }.Contains(target.Id);
        }
    }

    private static IEnumerable<string> Names(Requirement requirement) => requirement switch
    {
        AnyOfRequirement any => any.Requirements.SelectMany(Names),
        PermissionRequirement needed => [needed.Name],
        SelfRequirement or AgentInRequirement => [Permissions.SessionsHandle],
        ConsumerRequirement { OrEntry: true } => [Permissions.EntryWrite],
        _ => [],
    };

    private IEnumerable<RouteOf> Routes() => api.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null && e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
        .Select(RouteOf.Of);

    /// <summary>A route, what it requires of a user about things, and whether it can be a stream.</summary>
    private sealed record RouteOf(string Name, string Pattern, Func<Ids, Guid, Requirement>? Requirement, bool IsLive)
    {
        public static RouteOf Of(RouteEndpoint endpoint)
        {
            var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
            var pattern = $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}";
            var type = typeof(Requirement).Assembly.GetTypes().FirstOrDefault(t => t.Name == UseCases.GetValueOrDefault(name, name) && t.IsAssignableTo(typeof(IGuarded)));
            var live = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(p => p.ContentTypes.Contains("text/event-stream"));
            return new RouteOf(name, pattern, type is null || ByHand.Contains(name) ? null : (ids, user) => RequirementOf(type, endpoint.RoutePattern.RawText!, ids, user), live);
        }

        /// <summary>What the use case requires when it is about what the route's id names; a user acts for themselves.</summary>
        private static Requirement RequirementOf(Type type, string path, Ids ids, Guid user)
        {
            var request = RuntimeHelpers.GetUninitializedObject(type);
            var about = path.Contains("{id}", StringComparison.Ordinal) ? ids.Of(path) : Guid.Parse(PermissionTests.Unknown);
            var named = path.Split('/')[2] switch
            {
                "sessions" => "SessionId",
                "queues" => "QueueId",
                "agents" => "AgentId",
                "users" => "UserId",
                "recordings" => "RecordingId",
                "scheduled-calls" => "ScheduledCallId",
                "voicemails" => "VoicemailId",
                _ => "",
            };
            foreach (var property in type.GetProperties().Where(p => p.PropertyType == typeof(Guid) && p.CanWrite))
                property.SetValue(request, property.Name == named ? about : property.Name == "AgentId" && named == "SessionId" ? user : Guid.Parse(PermissionTests.Unknown));
            return ((IGuarded)request).Requirement;
        }
    }
}
