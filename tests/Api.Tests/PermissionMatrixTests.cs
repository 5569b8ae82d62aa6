using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Api.OpenApi;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
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
    public static TheoryData<string, Scope> Grants => MakeGrants();

    [Fact]
    public void Every_route_and_method_says_what_it_asks_or_is_open_to_everybody()
    {
        var silent = Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && !IsStandard(e) && AccessWords.UseCasesOf(e.Metadata).Count == 0).Select(e => e.DisplayName);
        silent.ShouldBeEmpty();
        Routes().Count(r => r.UseCases.Count > 0).ShouldBeGreaterThan(100);
        Methods().Count().ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Every_use_case_of_users_and_every_mode_of_it_is_tried()
    {
        var tried = Routes().SelectMany(r => r.UseCases).Concat(Methods().Select(m => m.UseCase)).ToHashSet();
        var ofUsers = typeof(IGuarded).Assembly.GetTypes().Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsAssignableTo(typeof(IGuarded)) && !IsOfTheSystem(t));
        ofUsers.Where(t => !tried.Contains(t)).Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(Beside.Order(StringComparer.Ordinal));

        var modes = Enum.GetValues<Domain.Monitoring.MonitorMode>().Cast<Domain.Monitoring.MonitorMode?>().ToList();
        foreach (var useCase in new[] { typeof(StartMonitor), typeof(ChangeMonitorMode) })
        {
            Routes().Where(r => r.UseCases.Contains(useCase)).ShouldAllBe(r => r.Modes.SequenceEqual(modes));
            Methods().Where(m => m.UseCase == useCase).GroupBy(m => m.Method.Method.Name).ShouldAllBe(m => m.Select(one => one.Mode).SequenceEqual(modes));
        }

        Adapting().Select(UseCaseOf).Order(StringComparer.Ordinal).ShouldBe(
            Methods().Where(m => m.Method.Method.Name == "Connect" && m.UseCase != typeof(SignInAgent)).Select(m => m.UseCase.Name).Order(StringComparer.Ordinal));
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
            var who = new Who(user, permission, scope, isInside, world);
            foreach (var ids in who.About())
            {
                foreach (var (route, mode) in Routes().SelectMany(r => r.Modes, (r, mode) => (r, mode)).Where(r => r.r.IsOfMonitors == (ids != world.Ids)))
                {
                    if (route.RequirementsOf(ids, user, mode) is not { Count: > 0 } requirements || !who.IsConcerned(requirements))
                        continue;
                    foreach (var stream in route.IsLive ? new[] { false, true } : [false])
                        await TryAsync(client, route, stream, requirements.Any(who.Meets), who, ids, mode);
                }

                await TryMethodsAsync(client, who, ids, ofMonitors: ids != world.Ids);
            }

            if (permission == Permissions.SessionsHandle)
                await TryAdapterAsync(client, who);
        }
    }

    private async Task TryAsync(HttpClient client, RouteOf route, bool stream, bool expected, Who who, Ids ids, Domain.Monitoring.MonitorMode? mode)
    {
        // Everything asks about what there is not: whether it is there is not the question. Whose a monitoring is, is.
        var everywhere = who.Scope == Scope.All && !route.IsOfMonitors;
        using var request = Request(route.Pattern, everywhere ? Ids.Unknown : ids, mode);
        if (stream)
            request.Headers.Accept.ParseAdd("text/event-stream");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        // The rules of a session say no of their own, and with their own codes, to whoever got in.
        var code = (int)answer.StatusCode is 401 or 403 or 404 ? (await answer.JsonAsync(answer.StatusCode)).GetProperty("code").GetString() : null;
        // Who reaches everything is told as well of what there is not, where something else is missing.
        var hidden = code is "session.not_found" or "recording.not_found" or "agent.not_found" or "scheduled_call.not_found" or "voicemail.not_found" && !(everywhere && expected);
        var refused = code is "auth.unauthenticated" or "auth.forbidden" || hidden;
        (!refused).ShouldBe(expected, $"{who.Words}: {route.Pattern} {mode}{(stream ? ", live" : "")}: {answer.StatusCode} {code}");
    }

    /// <summary>The same over gRPC: each method, with a request about what there is.</summary>
    private async Task TryMethodsAsync(HttpClient client, Who who, Ids ids, bool ofMonitors)
    {
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(api.Grpc);
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        foreach (var (method, useCase, mode) in Methods().Where(m => IsOfMonitor(m.UseCase) == ofMonitors && (m.Method.Method.Name != "Connect" || m.UseCase == typeof(SignInAgent))))
        {
            if (RouteOf.RequirementOf(useCase, ofMonitors ? "MonitorId" : "SessionId", ofMonitors ? ids.Monitor : ids.Session, who.UserId, ids.Agent, mode) is not { } requirement
                || !who.IsConcerned([requirement]))
            {
                continue;
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
                new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Method.ServiceName, method.Method.Name, bytes, bytes), host: null,
                new CallOptions(AdapterClient.Auth(AdapterClient.TokenOf(client)), cancellationToken: limit.Token));
            var code = StatusCode.OK;
            try
            {
                await call.RequestStream.WriteAsync(RequestOf(method, ids, ofMonitors, mode).ToByteArray());
                if (method.Method.Type is not MethodType.DuplexStreaming)
                    await call.RequestStream.CompleteAsync();
                await call.ResponseStream.MoveNext(limit.Token);
            }
            catch (RpcException e)
            {
                code = e.StatusCode;
            }

            var refused = code is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.NotFound;
            (!refused).ShouldBe(who.Meets(requirement), $"{who.Words}: {method.Method.Name} {useCase.Name} {mode}: {code}");
        }
    }

    /// <summary>Each event of an adapter, about the call of another agent; signing out is the last.</summary>
    private async Task TryAdapterAsync(HttpClient client, Who who)
    {
        await using var adapter = await AdapterClient.SignInAsync(api, client, calls: 0, chats: 1);
        var types = Methods().Where(m => m.Method.Method.Name == "Connect").ToDictionary(m => m.UseCase.Name, m => m.UseCase, StringComparer.Ordinal);
        foreach (var sent in Adapting())
        {
            var requirement = RouteOf.RequirementOf(types[UseCaseOf(sent)], "SessionId", who.World.Ids.Session, who.UserId, who.UserId, mode: null).ShouldNotBeNull();
            var about = (IMessage)AdapterEvent.Descriptor.FindFieldByNumber((int)sent.EventCase).Accessor.GetValue(sent);
            var isToOneOfTwo = about.Descriptor.FindFieldByName("agent_id") is not null;
            foreach (var field in about.Descriptor.Fields.InDeclarationOrder().Where(f => f.Name.EndsWith("_id", StringComparison.Ordinal) && !(isToOneOfTwo && f.Name == "queue_id")))
                field.Accessor.SetValue(about, field.Name == "session_id" ? who.World.Ids.Session.ToString() : Unknown);
            var ack = await adapter.AskAsync(sent);
            // The rules of a session hide it, too, from whoever may do this to sessions of their own.
            var isMet = who.Meets(requirement);
            var refused = ack.Code is "auth.forbidden" or "auth.unauthenticated" || (!isMet && ack.Code == "session.not_found");
            (!refused).ShouldBe(isMet, $"{who.Words}: {sent.EventCase}: {ack.Code}");
        }
    }

    /// <summary>One event of each kind that a signed-in adapter may send, with what it needs beside ids.</summary>
    private static IEnumerable<AdapterEvent> Adapting()
    {
        var special = new[] { AdapterEvent.EventOneofCase.SignIn, AdapterEvent.EventOneofCase.Resume, AdapterEvent.EventOneofCase.SetStatus, AdapterEvent.EventOneofCase.SetForwarding, AdapterEvent.EventOneofCase.SignOut };
        foreach (var field in AdapterEvent.Descriptor.Oneofs[0].Fields.Where(f => !special.Contains((AdapterEvent.EventOneofCase)f.FieldNumber)))
        {
            var sent = new AdapterEvent();
            var about = field.MessageType.Parser.ParseFrom([]);
            about.Descriptor.FindFieldByName("text")?.Accessor.SetValue(about, "x");
            about.Descriptor.FindFieldByName("phone_number")?.Accessor.SetValue(about, field.Name == "transfer_outside" ? "+4930123456" : "");
            field.Accessor.SetValue(sent, about);
            yield return sent;
        }

        yield return new() { SetForwarding = new() { PhoneNumber = "+4930123456" } };
        yield return new() { SetForwarding = new() };
        yield return new() { SetStatus = new() { Available = false, Reason = "break" } };
        yield return new() { SetStatus = new() { Available = true } };
        yield return new() { SignOut = new() };
    }

    private static string UseCaseOf(AdapterEvent sent) => sent.EventCase switch
    {
        AdapterEvent.EventOneofCase.Typing => nameof(Application.Sessions.ReportTyping),
        AdapterEvent.EventOneofCase.ListTransferTargets => nameof(Application.Sessions.GetTransferTargets),
        _ => Api.Grpc.AdapterRequests.CommandOf(sent)!,
    };

    /// <summary>A request of the method's own type whose fields are about what there is; nothing is ended or changed by it.</summary>
    private static IMessage RequestOf(GrpcMethodMetadata method, Ids ids, bool ofMonitors, Domain.Monitoring.MonitorMode? mode)
    {
        var first = method.ServiceType.GetMethod(method.Method.Name)!.GetParameters()[0].ParameterType;
        if (first.IsGenericType)
            return new AdapterEvent { SignIn = new() { Chats = 1 } };
        var request = (IMessage)Activator.CreateInstance(first)!;
        foreach (var field in request.Descriptor.Fields.InDeclarationOrder())
        {
            object? value = field.Name switch
            {
                "session_id" when !ofMonitors => ids.Session.ToString(),
                "agent_id" when method.Method.Name == "SignOutAgent" => ids.Agent.ToString(),
                "monitor_id" when ofMonitors => ids.Monitor.ToString(),
                "message_id" => Unknown,
                "mode" when mode is { } asked => Enum.Parse<MonitorMode>(asked.ToString()),
                "reason" or "text" => "x",
                "version" => 999_999L,
                _ => null,
            };
            if (value is not null)
                field.Accessor.SetValue(request, value);
        }

        return request;
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
    private sealed record Who(Guid UserId, string Permission, Scope Scope, bool IsInside, World World)
    {
        public string Words => $"{Permission} {Scope} {(IsInside ? "inside" : "outside")}";

        private Ids Ids => World.Ids;

        /// <summary>What there is; and, of monitorings, everybody's in every mode.</summary>
        public IEnumerable<Ids> About() => World.Monitors.Select(m => Ids with { Monitor = m.Id }).Append(Ids with { Monitor = Guid.Parse(Unknown) }).Prepend(Ids);

        /// <summary>Whether the permission has to do with it, or nothing but whose it is.</summary>
        public bool IsConcerned(IEnumerable<Requirement> requirements) => requirements.Any(r => r is OwnMonitorRequirement { Also: null } || Names(r).Contains(Permission));

        private IEnumerable<string> Names(Requirement requirement) => requirement switch
        {
            AnyOfRequirement any => any.Requirements.SelectMany(Names),
            AllOfRequirement all => all.Requirements.SelectMany(Names),
            OfRecordingRequirement of => Names(of.Needed(Domain.Recordings.Recording.Initial)),
            PermissionRequirement needed => [needed.Name],
            SelfRequirement or AgentInRequirement or ActingInRequirement => [Permissions.SessionsHandle],
            ConsumerRequirement { OrEntry: true } => [Permissions.EntryWrite],
            OwnMonitorRequirement { Also: { } also } own => Names(also(World.Monitors.FirstOrDefault(m => m.Id == own.MonitorId) ?? World.Monitors[0])),
            _ => [],
        };

        /// <summary>A plain reading of what is required.</summary>
        public bool Meets(Requirement requirement) => requirement switch
        {
            NoRequirement => true,
            AnyOfRequirement any => any.Requirements.Any(Meets),
            AllOfRequirement all => all.Requirements.All(Meets),
            OfRecordingRequirement of => Meets(of.Needed(Domain.Recordings.Recording.Initial with { SessionId = Ids.Session })),
            PermissionRequirement needed => needed.Name == Permission && Reaches(needed.Target),
            OwnMonitorRequirement own => World.Monitors.FirstOrDefault(m => m.Id == own.MonitorId && m.By.Id == UserId.ToString()) is { } mine
                && (own.Also is null || Meets(own.Also(mine))),
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
                : new[] { Ids.Session, Ids.Queue, Ids.Recording, Ids.Booking, Ids.Voicemail }.Concat(World.Monitors.Select(m => m.SessionId)).Contains(target.Id);
        }
    }

    /// <summary>Asked only of who was let in by another: what may be done is shown beside what is seen, and what a change does beside its answer.</summary>
    private static readonly string[] Beside = [nameof(CountBookingsOutside), nameof(GetSessionActions)];

    private static bool IsOfTheSystem(Type useCase) => RouteOf.RequirementOf(useCase, "", Guid.Parse(Unknown), Guid.Parse(Unknown), Guid.Parse(Unknown), mode: null) is SystemOnlyRequirement or NoRequirement;

    private static bool IsOfMonitor(Type useCase) => useCase.GetProperty("MonitorId")?.PropertyType == typeof(Guid);

    private IEnumerable<Endpoint> Endpoints() => api.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints)
        .Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is not null || e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null);

    private IEnumerable<RouteOf> Routes() => Endpoints().OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null).Select(RouteOf.Of);

    private IEnumerable<(GrpcMethodMetadata Method, Type UseCase, Domain.Monitoring.MonitorMode? Mode)> Methods() =>
        from e in Endpoints()
        let method = e.Metadata.GetMetadata<GrpcMethodMetadata>()
        where method is not null && !IsStandard(e)
        from useCase in AccessWords.UseCasesOf(e.Metadata)
        from mode in ModesOf([useCase])
        select (method, useCase, mode);

    /// <summary>Every mode, for what is asked with one.</summary>
    private static IReadOnlyList<Domain.Monitoring.MonitorMode?> ModesOf(IReadOnlyList<Type> useCases) =>
        useCases.Any(u => u.GetProperty("Mode")?.PropertyType == typeof(Domain.Monitoring.MonitorMode)) ? [.. Enum.GetValues<Domain.Monitoring.MonitorMode>()] : [null];

    /// <summary>Health and reflection, and what gRPC answers for unknown methods: they tell nothing of the contact center.</summary>
    private static bool IsStandard(Endpoint e) => e.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method && !method.Method.ServiceName.StartsWith("contactcenter.", StringComparison.Ordinal);

    /// <summary>A route, what its use cases require of a user about things, and whether it can be a stream.</summary>
    private sealed record RouteOf(string Pattern, string Path, IReadOnlyList<Type> UseCases, bool IsLive)
    {
        public bool IsOfMonitors => Path.StartsWith("/v1/monitors/{id}", StringComparison.Ordinal);

        public IReadOnlyList<Domain.Monitoring.MonitorMode?> Modes => ModesOf(UseCases);

        public static RouteOf Of(RouteEndpoint endpoint)
        {
            var path = endpoint.RoutePattern.RawText!;
            var pattern = $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {path}";
            var types = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? AccessWords.UseCasesOf(endpoint.Metadata) : [];
            var live = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(p => p.ContentTypes.Contains("text/event-stream"));
            return new RouteOf(pattern, path, types, live);
        }

        /// <summary>What the use cases require when they are about what the route's id names; null where one looks at more than ids: its row is in <see cref="PermissionTests"/>.</summary>
        public List<Requirement>? RequirementsOf(Ids ids, Guid user, Domain.Monitoring.MonitorMode? mode)
        {
            var about = Path.Contains("{id}", StringComparison.Ordinal) ? ids.Of(Path) : Guid.Parse(Unknown);
            var named = (Path.Split('/') is [_, _, var area, ..] ? area : "") switch
            {
                "monitors" => "MonitorId",
                "sessions" => "SessionId",
                "queues" => "QueueId",
                "agents" => "AgentId",
                "users" => "UserId",
                "recordings" => "RecordingId",
                "scheduled-calls" => "ScheduledCallId",
                "voicemails" => "VoicemailId",
                _ => "",
            };
            var all = UseCases.Select(type => RequirementOf(type, named, Path.EndsWith("/recording/content", StringComparison.Ordinal) ? ids.Recording : about, user, about, mode)).ToList();
            // Which of several is asked, who calls decides: a user is no consumer.
            return all.Contains(null) ? null : [.. all.OfType<Requirement>().Where(r => all.Count == 1 || r is not ConsumerRequirement)];
        }

        /// <summary>What a use case requires about something; a user acts for themselves. Null where ids do not tell.</summary>
        public static Requirement? RequirementOf(Type type, string named, Guid about, Guid user, Guid agent, Domain.Monitoring.MonitorMode? mode)
        {
            var request = RuntimeHelpers.GetUninitializedObject(type);
            if (mode is not null)
                type.GetProperty("Mode")?.SetValue(request, mode);
            foreach (var property in type.GetProperties().Where(p => p.PropertyType == typeof(Guid) && p.CanWrite))
            {
                var isAgent = property.Name == "AgentId";
                var isSelf = isAgent && named == "SessionId" && type.Name != nameof(ForceAgentSignOut);
                property.SetValue(request, property.Name == named || property.Name == "RecordingId" ? about : isSelf ? user : isAgent ? agent : Guid.Parse(Unknown));
            }

            foreach (var property in type.GetProperties().Where(p => p.PropertyType == typeof(Guid?) && p.CanWrite && p.Name == named))
                property.SetValue(request, about);
            try
            {
                return ((IGuarded)request).Requirement;
            }
            catch (NullReferenceException)
            {
                return null;
            }
        }
    }
}
