using System.Text.Json;
using System.Text.Json.Serialization;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Outbox;

/// <summary>How payloads of outbox messages are written and read: camelCase, enums as words.</summary>
public static class OutboxJson
{
    /// <summary>The options for both directions.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A payload's text.</summary>
    public static string Write<T>(T payload) => JsonSerializer.Serialize(payload, Options);

    /// <summary>A message's payload.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static T Read<T>(OutboxMessage message) =>
        JsonSerializer.Deserialize<T>(message.Payload, Options)
        ?? throw new JsonException($"Outbox message {message.Id} ({message.Kind}) has no payload.");
}

/// <summary>Thrown by a handler that was told when to come again.</summary>
/// <param name="message">Why; goes into the message's row, so no personal data.</param>
/// <param name="retryAfter">Not before, or null for the usual backoff.</param>
/// <param name="innerException">The cause.</param>
public sealed class RetryLaterException(string message, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Not before, or null for the usual backoff.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
