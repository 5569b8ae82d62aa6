using System.Runtime.CompilerServices;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Api.OpenApi;

/// <summary>
/// What an operation needs, in words: read from the requirement that its use case carries and the pipeline enforces, so
/// that the document cannot say anything else (ADM-1).
/// </summary>
public static class AccessWords
{
    private static readonly Dictionary<string, Type> UseCases = typeof(IGuarded).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsAssignableTo(typeof(IGuarded)))
        .ToDictionary(t => t.Name, StringComparer.Ordinal);

    private static readonly Recording Public = Recording.Initial with { IsPublic = true };

    /// <summary>An endpoint's use cases: those it names, else the one it is named after; none if there is no such.</summary>
    public static IReadOnlyList<Type> UseCasesOf(IEnumerable<object> metadata)
    {
        if (metadata.OfType<Sends>().LastOrDefault() is { } sends)
            return [.. sends.UseCases.Select(useCase => useCase.GetType())];
        if (metadata.OfType<SendsAttribute>().LastOrDefault() is { } method)
            return method.UseCases;
        var name = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName;
        return name is not null && UseCases.TryGetValue(name, out var type) ? [type] : [];
    }

    /// <summary>What they require.</summary>
    public static IReadOnlyList<Requirement> Of(IList<object> metadata) => metadata.OfType<Sends>().LastOrDefault() is { } sends
        ? [.. sends.UseCases.Select(useCase => useCase.Requirement)]
        // Only the kind of what a permission must reach is told, so that the values of a request do not matter.
        : [.. UseCasesOf(metadata).Select(type => ((IGuarded)RuntimeHelpers.GetUninitializedObject(type)).Requirement)];

    /// <summary>The permissions in it, in order.</summary>
    public static IEnumerable<string> PermissionsIn(IEnumerable<Requirement> requirements) =>
        requirements.SelectMany(Named).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>In words: <c>settings.write reaching the queue</c>.</summary>
    public static string Text(Requirement requirement) => requirement switch
    {
        PermissionRequirement r => r.Name + Reaching(r.Target.Kind),
        ConsumerRequirement { OrEntry: true } => $"the session's consumer, or {Permissions.EntryWrite} reaching the session",
        ConsumerRequirement => "the session's consumer",
        CrmKeyRequirement => "a CRM key with which the request is signed",
        SelfRequirement => $"{Permissions.SessionsHandle}, as the agent themselves",
        ActingInRequirement => $"{Permissions.SessionsHandle}, as the agent whose session it is",
        AgentInRequirement => $"{Permissions.SessionsHandle}, as the agent in the session",
        OwnMonitorRequirement { Also: null } => "to have begun the monitoring",
        OwnMonitorRequirement => "to have begun the monitoring, and still the permission of its mode",
        OfRecordingRequirement r => Text(r.Needed(Public)).Replace("the session's consumer", "the session's consumer, if the recording is public", StringComparison.Ordinal),
        AllOfRequirement r => string.Join(", and ", r.Requirements.Select(Text)),
        AnyOfRequirement r => string.Join("; or ", r.Requirements.Select(Text)),
        _ => "nothing",
    };

    private static string Reaching(TargetKind target) => target switch
    {
        TargetKind.Anywhere => ", which narrows the answer",
        TargetKind.Everything => " with scope all",
        TargetKind.ScheduledCall => " reaching the booking's queue",
        _ => $" reaching the {target.ToString().ToLowerInvariant()}",
    };

    private static IEnumerable<string> Named(Requirement requirement) => requirement switch
    {
        PermissionRequirement r => [r.Name],
        ConsumerRequirement { OrEntry: true } => [Permissions.EntryWrite],
        SelfRequirement or AgentInRequirement or ActingInRequirement => [Permissions.SessionsHandle],
        OfRecordingRequirement r => Named(r.Needed(Recording.Initial)),
        AllOfRequirement r => r.Requirements.SelectMany(Named),
        AnyOfRequirement r => r.Requirements.SelectMany(Named),
        _ => [],
    };
}

/// <summary>The use cases of a gRPC method, that which it asks first before others: who may not send it gets nothing of the method.</summary>
/// <param name="useCases">Their types.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SendsAttribute(params Type[] useCases) : Attribute
{
    /// <summary>Their types.</summary>
    public IReadOnlyList<Type> UseCases { get; } = useCases;

    /// <summary>Those of them that are commands.</summary>
    public IReadOnlyList<Type> Commands { get; } = [.. useCases.Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICommand<>)))];
}

/// <summary>The use cases of an endpoint that is not named after its one; for the OpenAPI document.</summary>
/// <param name="UseCases">Examples: what matters is what they require.</param>
public sealed record Sends(params IReadOnlyList<IGuarded> UseCases);
