using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ContactCenter.Api.Auth;
using ContactCenter.Api.OpenApi;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
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
        Routes().Count(r => r.Requirements is not null).ShouldBeGreaterThan(100);
        Methods().Count().ShouldBeGreaterThan(15);
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
                if (route.Requirements?.Invoke(world.Ids, user) is not { } requirements || !requirements.SelectMany(Names).Contains(permission))
                    continue;
                foreach (var stream in route.IsLive ? new[] { false, true } : [false])
                    await TryAsync(client, route.Pattern, stream, requirements.Any(who.Meets), $"{permission} {scope} {(isInside ? "inside" : "outside")}");
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
        // Who reaches everything is told as well of what there is not, where something else is missing.
        var hidden = code is "session.not_found" or "recording.not_found" or "agent.not_found" or "scheduled_call.not_found" or "voicemail.not_found" && !(everywhere && expected);
        var refused = code is "auth.unauthenticated" or "auth.forbidden" || hidden;
        (!refused).ShouldBe(expected, $"{who}: {pattern}{(stream ? ", live" : "")}: {answer.StatusCode}");
    }

    /// <summary>The same over gRPC: each method, with a request about what there is.</summary>
    private async Task TryMethodsAsync(HttpClient client, Who who)
    {
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(api.Grpc);
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        foreach (var (method, useCase) in Methods())
        {
            if (RouteOf.RequirementOf(useCase, "SessionId", who.Ids.Session, who.UserId, who.Ids.Agent) is not { } requirement || !Names(requirement).Contains(who.Permission))
                continue;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
                new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Method.ServiceName, method.Method.Name, bytes, bytes), host: null,
                new CallOptions(AdapterClient.Auth(AdapterClient.TokenOf(client)), cancellationToken: limit.Token));
            var code = StatusCode.OK;
            try
            {
                await call.RequestStream.WriteAsync(RequestOf(method, who.Ids).ToByteArray());
                if (method.Method.Type is not MethodType.DuplexStreaming)
                    await call.RequestStream.CompleteAsync();
                await call.ResponseStream.MoveNext(limit.Token);
            }
            catch (RpcException e)
            {
                code = e.StatusCode;
            }

            var refused = code is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.NotFound;
            (!refused).ShouldBe(who.Meets(requirement), $"{who.Permission} {who.Scope} {(who.IsInside ? "inside" : "outside")}: {method.Method.Name}: {code}");
        }
    }

    /// <summary>A request of the method's own type whose fields are about what there is; nothing is ended or changed by it.</summary>
    private static IMessage RequestOf(GrpcMethodMetadata method, Ids ids)
    {
        var first = method.ServiceType.GetMethod(method.Method.Name)!.GetParameters()[0].ParameterType;
        if (first.IsGenericType)
            return new AdapterEvent { SignIn = new() { Chats = 1 } };
        var request = (IMessage)Activator.CreateInstance(first)!;
        foreach (var field in request.Descriptor.Fields.InDeclarationOrder())
        {
            object? value = field.Name switch
            {
                "session_id" => ids.Session.ToString(),
                "agent_id" when method.Method.Name == "SignOutAgent" => ids.Agent.ToString(),
                "monitor_id" when request.Descriptor.FindFieldByName("session_id") is null => ids.Monitor.ToString(),
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
    private sealed record Who(Guid UserId, string Permission, Scope Scope, bool IsInside, Ids Ids)
    {
        /// <summary>A plain reading of what is required.</summary>
        public bool Meets(Requirement requirement) => requirement switch
        {
            NoRequirement => true,
            AnyOfRequirement any => any.Requirements.Any(Meets),
            AllOfRequirement all => all.Requirements.All(Meets),
            OfRecordingRequirement of => Meets(of.Needed(Domain.Recordings.Recording.Initial with { SessionId = Ids.Session })),
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
        AllOfRequirement all => all.Requirements.SelectMany(Names),
        OfRecordingRequirement of => Names(of.Needed(Domain.Recordings.Recording.Initial)),
        PermissionRequirement needed => [needed.Name],
        SelfRequirement or AgentInRequirement or ActingInRequirement => [Permissions.SessionsHandle],
        ConsumerRequirement { OrEntry: true } => [Permissions.EntryWrite],
        _ => [],
    };

    private IEnumerable<Endpoint> Endpoints() => api.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints)
        .Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is not null || e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null);

    private IEnumerable<RouteOf> Routes() => Endpoints().OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null).Select(RouteOf.Of);

    private IEnumerable<(GrpcMethodMetadata Method, Type UseCase)> Methods() =>
        from e in Endpoints()
        let method = e.Metadata.GetMetadata<GrpcMethodMetadata>()
        where method is not null && !IsStandard(e)
        select (method, AccessWords.UseCasesOf(e.Metadata)[0]);

    /// <summary>Health and reflection, and what gRPC answers for unknown methods: they tell nothing of the contact center.</summary>
    private static bool IsStandard(Endpoint e) => e.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method && !method.Method.ServiceName.StartsWith("contactcenter.", StringComparison.Ordinal);

    /// <summary>A route, what its use cases require of a user about things, and whether it can be a stream.</summary>
    private sealed record RouteOf(string Pattern, Func<Ids, Guid, IReadOnlyList<Requirement>?>? Requirements, bool IsLive)
    {
        public static RouteOf Of(RouteEndpoint endpoint)
        {
            var path = endpoint.RoutePattern.RawText!;
            var pattern = $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {path}";
            var types = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? AccessWords.UseCasesOf(endpoint.Metadata) : [];
            var live = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(p => p.ContentTypes.Contains("text/event-stream"));
            return new RouteOf(pattern, types.Count == 0 ? null : (ids, user) => RequirementsOf(types, path, ids, user), live);
        }

        /// <summary>What the use cases require when they are about what the route's id names; null where one looks at more than ids: its row is in <see cref="PermissionTests"/>.</summary>
        private static List<Requirement>? RequirementsOf(IReadOnlyList<Type> types, string path, Ids ids, Guid user)
        {
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
            var all = types.Select(type => RequirementOf(type, named, path.EndsWith("/recording/content", StringComparison.Ordinal) ? ids.Recording : about, user, about)).ToList();
            // Which of several is asked, who calls decides: a user is no consumer.
            return all.Contains(null) ? null : [.. all.OfType<Requirement>().Where(r => all.Count == 1 || r is not ConsumerRequirement)];
        }

        /// <summary>What a use case requires about something; a user acts for themselves. Null where ids do not tell.</summary>
        public static Requirement? RequirementOf(Type type, string named, Guid about, Guid user, Guid agent)
        {
            var request = RuntimeHelpers.GetUninitializedObject(type);
            foreach (var property in type.GetProperties().Where(p => p.PropertyType == typeof(Guid) && p.CanWrite))
            {
                var isAgent = property.Name == "AgentId";
                var isSelf = isAgent && named == "SessionId" && type.Name != nameof(ForceAgentSignOut);
                property.SetValue(request, property.Name == named || property.Name == "RecordingId" ? about : isSelf ? user : isAgent ? agent : Guid.Parse(PermissionTests.Unknown));
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
