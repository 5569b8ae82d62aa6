using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.PersonalData;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>How an event stored under a retired name becomes one under a newer name.</summary>
/// <param name="From">The retired wire name.</param>
/// <param name="To">The next name: a type of today, or another retired one.</param>
/// <param name="Change">Gets the stored JSON and gives the newer one. Personal data passes through it encrypted.</param>
public sealed record Upcaster(string From, string To, Func<JsonObject, JsonObject> Change);

/// <summary>Which event type has which wire name, and how retired names are read. Refuses contradictions when built.</summary>
public sealed class EventTypeRegistry
{
    private readonly FrozenDictionary<Type, EventType> byType;
    private readonly FrozenDictionary<string, EventType> byName;
    private readonly FrozenDictionary<string, Upcaster> upcasters;

    /// <summary>A registry of these event types.</summary>
    /// <exception cref="InvalidOperationException">A type without a name, a name given twice, an upcaster to nowhere.</exception>
    public EventTypeRegistry(IEnumerable<Type> eventTypes, IEnumerable<Upcaster>? upcasters = null)
    {
        var types = new Dictionary<string, EventType>(StringComparer.Ordinal);
        foreach (var type in eventTypes)
        {
            var described = EventType.Describe(type);
            if (!types.TryAdd(described.Name, described))
                throw new InvalidOperationException($"Two event types are named {described.Name}: {types[described.Name].Type} and {type}.");
        }
        byName = types.ToFrozenDictionary(StringComparer.Ordinal);
        byType = types.Values.ToFrozenDictionary(t => t.Type);
        this.upcasters = Check(upcasters ?? [], types);
    }

    /// <summary>All wire names of today.</summary>
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>All events with an <see cref="EventTypeAttribute"/> in these assemblies.</summary>
    public static EventTypeRegistry Scan(IEnumerable<Assembly> assemblies, IEnumerable<Upcaster>? upcasters = null) =>
        new(
            assemblies.SelectMany(a => a.GetTypes())
                .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IDomainEvent)) && t != typeof(UnreadableEvent)),
            upcasters);

    /// <summary>All events of the product, and how its retired ones are read.</summary>
    public static EventTypeRegistry OfProduct() => Scan([typeof(IDomainEvent).Assembly, typeof(IEventStore).Assembly], RetiredEvents.Upcasters);

    /// <summary>The wire name of an event type.</summary>
    /// <exception cref="InvalidOperationException">The type is not registered.</exception>
    public string NameOf(Type type) => Of(type).Name;

    internal EventType Of(Type type) => byType.TryGetValue(type, out var known)
        ? known
        : throw new InvalidOperationException($"{type} is not a registered event type. Give it [EventType(\"area.happened.v1\")].");

    /// <summary>Today's type for a stored name, and the JSON it is read from; null if the name is not known.</summary>
    internal (EventType Type, byte[] Json)? Resolve(string name, byte[] json)
    {
        if (byName.TryGetValue(name, out var type))
            return (type, json);
        if (!upcasters.ContainsKey(name))
            return null;
        var node = JsonNode.Parse(json)!.AsObject();
        while (upcasters.TryGetValue(name, out var upcaster))
        {
            node = upcaster.Change(node);
            name = upcaster.To;
        }
        return (byName[name], JsonSerializer.SerializeToUtf8Bytes(node, EventJson.Options));
    }

    private static FrozenDictionary<string, Upcaster> Check(IEnumerable<Upcaster> given, Dictionary<string, EventType> types)
    {
        var all = new Dictionary<string, Upcaster>(StringComparer.Ordinal);
        foreach (var upcaster in given)
        {
            if (types.ContainsKey(upcaster.From) || !all.TryAdd(upcaster.From, upcaster))
                throw new InvalidOperationException($"{upcaster.From} is in use or upcast twice.");
        }
        foreach (var from in all.Keys)
        {
            var name = from;
            for (var steps = 0; all.TryGetValue(name, out var next); steps++)
                name = steps > all.Count ? throw new InvalidOperationException($"The upcasters of {from} go in a circle.") : next.To;
            if (!types.ContainsKey(name))
                throw new InvalidOperationException($"{from} is upcast to {name}, which no event type has.");
        }
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>One event type: its wire name and how it is serialised.</summary>
internal sealed record EventType(Type Type, string Name, JsonTypeInfo Json, bool IsPersonal)
{
    public static EventType Describe(Type type)
    {
        var name = type.GetCustomAttribute<EventTypeAttribute>()?.Name
            ?? throw new InvalidOperationException($"{type} has no [EventType(\"area.happened.v1\")].");
        var json = EventJson.Options.GetTypeInfo(type);
        var isPersonal = type.IsAssignableTo(typeof(IPersonalDataEvent));
        if (isPersonal && !json.Properties.Any(p => p.Name == EventJson.ConsumerId))
            throw new InvalidOperationException($"{type} must have ConsumerId as a public property: its key is found by it.");
        return new EventType(type, name, json, isPersonal);
    }
}

/// <summary>The one way events are written as JSON.</summary>
internal static class EventJson
{
    public const string ConsumerId = "consumerId";

    /// <summary>Strict: what a constructor asks for must be there, and must not be null unless it may be.</summary>
    public static JsonSerializerOptions Options { get; } = Create(new PersonalTextConverter());

    /// <summary>For comparing two facts in memory; its output is never stored.</summary>
    public static JsonSerializerOptions ClearText { get; } = Create();

    private static JsonSerializerOptions Create(params JsonConverter[] converters)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        foreach (var converter in converters)
            options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }
}
