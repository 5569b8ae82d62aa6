using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.EventStore;

namespace ContactCenter.Infrastructure.Tests.EventStore;

/// <summary>
/// What each event type looks like in the log, forever: one file each, personal text in clear. A changed file is a
/// changed past: give the event a new version and an upcaster instead. A new event's file is written by running these
/// tests with CONTACTCENTER_WRITE_GOLDEN=1.
/// </summary>
public sealed class GoldenEventTests
{
    private static readonly Assembly[] Assemblies = [typeof(IDomainEvent).Assembly, typeof(CommandWithoutEffect).Assembly];

    public static TheoryData<string> WireNames => [.. Types().Keys.Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(WireNames))]
    public void An_event_is_written_as_it_ever_was_and_read_back_whole(string wireName)
    {
        var type = Types()[wireName];
        var written = JsonSerializer.Serialize(Sample(type), type, EventJson.ClearText);
        var file = Path.Combine(Folder(), wireName + ".json");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("CONTACTCENTER_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, written + "\n");
        File.Exists(file).ShouldBeTrue($"{wireName} has no golden file.");

        var golden = File.ReadAllText(file).TrimEnd();
        written.ShouldBe(golden);
        var back = JsonSerializer.Deserialize(golden, type, EventJson.ClearText);
        JsonSerializer.Serialize(back, type, EventJson.ClearText).ShouldBe(golden);
    }

    [Fact]
    public void Every_event_ever_written_is_still_known()
    {
        var registry = EventTypeRegistry.OfProduct();
        foreach (var file in Directory.GetFiles(Folder(), "*.json"))
            registry.Resolve(Path.GetFileNameWithoutExtension(file), File.ReadAllBytes(file)).ShouldNotBeNull(Path.GetFileName(file));
    }

    private static Dictionary<string, Type> Types() => Assemblies
        .SelectMany(a => a.GetTypes())
        .Where(t => t.GetCustomAttribute<EventTypeAttribute>() is not null)
        .ToDictionary(t => t.GetCustomAttribute<EventTypeAttribute>()!.Name, StringComparer.Ordinal);

    private static object Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Sample(underlying);
        if (type == typeof(string))
            return "word";
        if (type == typeof(PersonalText))
            return new PersonalText("Grace");
        if (type == typeof(Guid))
            return new Guid("0192f3a0-0000-7000-8000-000000000001");
        if (type == typeof(DateOnly))
            return new DateOnly(2026, 12, 25);
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 11, 20, 10, 15, 30, 125, TimeSpan.Zero);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0)!;
        if (type.IsPrimitive)
            return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        return type.IsGenericType && type.GetGenericArguments() is { Length: > 0 } arguments ? Collection(arguments) : Record(type);
    }

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Sample(p.ParameterType))]);
    }

    private static object Collection(Type[] arguments)
    {
        if (arguments.Length == 2)
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "value" };
        var one = Array.CreateInstance(arguments[0], 1);
        one.SetValue(Sample(arguments[0]), 0);
        return one;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
