using System.Text.Json.Nodes;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// How events of retired versions are read. Those of before a text was encrypted (ADR 0026) hold it in clear: it is
/// handed on as such, so that from there on it is masked and forgotten like any other personal text.
/// </summary>
public static class RetiredEvents
{
    private const string Clear = "clear";

    /// <summary>One per retired wire name.</summary>
    public static IReadOnlyList<Upcaster> Upcasters { get; } =
    [
        new("agent.signed_out.v1", "agent.signed_out.v2", WithEncryptedWords),
        new("recording.resumed.v1", "recording.resumed.v2", InAConversation),
        new("recording.started.v1", "recording.started.v2", InAConversation),
        new("recording_keys.rewrapped.v1", "recording_keys.rewrapped.v2", WithoutFailures),
        new("session.requested.v1", "session.requested.v2", WithEncryptedData),
        new("session.ended.v1", "session.ended.v2", WithWords),
        new("session.wrapped_up.v1", "session.wrapped_up.v2", WithEncryptedDisposition),
    ];

    private static JsonObject WithEncryptedData(JsonObject e)
    {
        var data = new JsonObject();
        foreach (var (name, value) in e["data"]!.AsObject())
            data[name] = Text(value);
        e["data"] = data;
        return e;
    }

    /// <summary>A supervisor's words stood where the stable word is now.</summary>
    private static JsonObject WithWords(JsonObject e)
    {
        if ((string?)e["by"] != "supervisor")
            return e;
        e["words"] = Text(e["reason"]);
        e["reason"] = Domain.Sessions.SessionEnded.BySupervisor;
        return e;
    }

    private static JsonObject WithEncryptedWords(JsonObject e)
    {
        e["words"] = e["words"] is { } words ? Text(words) : null;
        e["consumerId"] = e["words"] is null ? Guid.Empty.ToString() : e["agentId"]!.DeepClone();
        return e;
    }

    private static JsonObject WithEncryptedDisposition(JsonObject e)
    {
        e["disposition"] = e["disposition"] is { } word ? Text(word) : null;
        return e;
    }

    private static JsonObject Text(JsonNode? clear) => new() { [Clear] = clear?.DeepClone() };

    /// <summary>Only conversations were recorded before messages could be left, and only they were gone on with.</summary>
    private static JsonObject InAConversation(JsonObject e)
    {
        e["space"] = "conversation";
        return e;
    }

    /// <summary>One that failed used to end it all, and nothing was written.</summary>
    private static JsonObject WithoutFailures(JsonObject e)
    {
        e["failed"] = 0;
        return e;
    }
}
