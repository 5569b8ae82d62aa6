using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Voicemails;

/// <summary>
/// What a queue's agents are told about voicemails. Stream <c>voicemailbox-{queue id}</c>: an adapter that follows its
/// agent's queues reads a few short streams instead of every voicemail. Written together with the voicemail's own facts.
/// </summary>
public abstract record VoicemailBoxEvent : IDomainEvent
{
    private protected VoicemailBoxEvent()
    {
    }
}

/// <summary>A message waits for the queue's agents.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="FromDeflection">Whether the caller was deflected outside the hours (AHD-4).</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="ReceivedAt">When.</param>
[EventType("voicemail_box.arrived.v1")]
public sealed record VoicemailReceived(Guid QueueId, Guid VoicemailId, bool FromDeflection, double Seconds, DateTimeOffset ReceivedAt) : VoicemailBoxEvent;

/// <summary>Somebody took care of it.</summary>
[EventType("voicemail_box.taken.v1")]
public sealed record VoicemailTaken(Guid QueueId, Guid VoicemailId, Guid TakenBy, DateTimeOffset TakenAt) : VoicemailBoxEvent;

/// <summary>What waits in one queue's box.</summary>
public sealed record VoicemailBox
{
    /// <summary>Before the first event.</summary>
    public static VoicemailBox Initial { get; } = new();

    /// <summary>Messages that nobody took care of yet.</summary>
    public ImmutableDictionary<Guid, VoicemailReceived> Waiting { get; init; } = ImmutableDictionary<Guid, VoicemailReceived>.Empty;

    /// <summary>The state after one more event.</summary>
    public VoicemailBox Apply(VoicemailBoxEvent happened) => happened switch
    {
        VoicemailReceived e => this with { Waiting = Waiting.SetItem(e.VoicemailId, e) },
        VoicemailTaken e => this with { Waiting = Waiting.Remove(e.VoicemailId) },
        _ => throw new UnreachableException($"VoicemailBox does not know {happened.GetType().Name}."),
    };

    /// <summary>What a voicemail's facts mean to the box of its queue.</summary>
    /// <param name="v">The voicemail after them.</param>
    /// <param name="facts">The facts.</param>
    public static IReadOnlyList<VoicemailBoxEvent> Of(Voicemail v, IReadOnlyList<VoicemailEvent> facts) =>
    [
        .. facts.Select(VoicemailBoxEvent? (fact) => fact switch
        {
            VoicemailAssigned e => new VoicemailReceived(e.QueueId, v.Id, v.FromDeflection, v.Seconds, e.AssignedAt),
            VoicemailRead e => new VoicemailTaken(v.QueueId, v.Id, e.ReadBy, e.ReadAt),
            _ => null,
        }).OfType<VoicemailBoxEvent>(),
    ];
}
