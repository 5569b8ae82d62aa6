using System.Text.Json.Nodes;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>How events of retired versions are read.</summary>
public static class RetiredEvents
{
    /// <summary>One per retired wire name.</summary>
    public static IReadOnlyList<Upcaster> Upcasters { get; } =
    [
        new("recording.started.v1", "recording.started.v2", InAConversation),
    ];

    /// <summary>Before messages could be left, only conversations were recorded.</summary>
    private static JsonObject InAConversation(JsonObject e)
    {
        e["space"] = "conversation";
        return e;
    }
}
