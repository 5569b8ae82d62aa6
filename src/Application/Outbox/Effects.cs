using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Outbox;

/// <summary>Makes the outbox messages of events.</summary>
internal static class Effects
{
    /// <summary>A message to do at once; its id follows from the event and the purpose.</summary>
    public static OutboxMessage Now<TPayload>(NewEvent cause, string kind, Guid key, TPayload payload, DateTimeOffset now) =>
        At(cause, kind, key, payload, now);

    /// <summary>A message to do at an instant.</summary>
    public static OutboxMessage At<TPayload>(NewEvent cause, string kind, Guid key, TPayload payload, DateTimeOffset due) =>
        new(DerivedId.Of(cause.Id, kind), kind, key.ToString(), OutboxJson.Write(payload), due);
}
