using ContactCenter.Application.Outbox;

namespace ContactCenter.Application.Recordings;

/// <summary>Which recording belongs to a call: one each, so its id follows from the call's.</summary>
public static class RecordingId
{
    /// <summary>The id of a call's recording, whether it exists or not.</summary>
    public static Guid Of(Guid sessionId) => DerivedId.Of(sessionId, "recording");
}
