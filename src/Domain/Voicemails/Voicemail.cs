using System.Collections.Immutable;
using System.Diagnostics;

namespace ContactCenter.Domain.Voicemails;

/// <summary>Where a voicemail stands.</summary>
public enum VoicemailStatus
{
    /// <summary>No such voicemail.</summary>
    None,

    /// <summary>The caller is asked for a number.</summary>
    AskingNumber,

    /// <summary>The caller hears the greeting.</summary>
    Greeting,

    /// <summary>What the caller says is recorded, or was and is being stored.</summary>
    Recording,

    /// <summary>Left, and for the CRM alone.</summary>
    Left,

    /// <summary>Waits for an agent of its queue.</summary>
    Unread,

    /// <summary>Somebody took care of it.</summary>
    Read,

    /// <summary>There is no message.</summary>
    Discarded,
}

/// <summary>The state of one voicemail: the fold of its events.</summary>
public sealed record Voicemail
{
    /// <summary>A message is at most this long; then it ends as if the caller had hung up.</summary>
    public static readonly TimeSpan MaxLength = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long greeting, tone, or a question for a number may take. Far longer than they are: what is not over by then was
    /// never reported.
    /// </summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(15);

    /// <summary>Before the first event.</summary>
    public static Voicemail Initial { get; } = new();

    /// <summary>The voicemail's id, which is its session's.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    public VoicemailStatus Status { get; init; }

    /// <summary>Who called.</summary>
    public Guid ConsumerId { get; init; }

    /// <summary>The queue whose agents get it.</summary>
    public Guid QueueId { get; init; }

    /// <summary>That queue's menu path at the time.</summary>
    public ImmutableArray<string> QueuePath { get; init; } = [];

    /// <summary>Whether the call was deflected outside the hours.</summary>
    public bool FromDeflection { get; init; }

    /// <summary>Whether it is in the CRM and nowhere else.</summary>
    public bool CrmOnly { get; init; }

    /// <summary>What the caller hears.</summary>
    public VoicemailWords Words { get; init; } = new(Greeting: null, NumberBlocked: null, AskNumber: null, NumberEntered: null);

    /// <summary>Since when the caller hears the greeting, or is asked; then how it stood at last.</summary>
    public DateTimeOffset StepAt { get; init; }

    /// <summary>How often the caller was asked for a number.</summary>
    public int Attempt { get; init; }

    /// <summary>How often keys came in answer to the last question that did not end it. The keys themselves are read from the log.</summary>
    public int KeyPresses { get; init; }

    /// <summary>When each listener was last told of.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> PlayedAt { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>Whether a number to call back is known. It is read from the log each time: once the consumer is forgotten nobody has it.</summary>
    public bool HasNumber { get; init; }

    /// <summary>When the message ends at the latest; null before the tone.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How long the message is.</summary>
    public double Seconds { get; init; }

    /// <summary>When the caller began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was left, or null.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Who took care of it, or null.</summary>
    public Guid? ReadBy { get; init; }

    /// <summary>When, or null.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Whether somebody wrote down what was said; read from the log as the number is.</summary>
    public bool HasTranscript { get; init; }

    /// <summary>True once there is a message.</summary>
    public bool IsLeft => Status is VoicemailStatus.Left or VoicemailStatus.Unread or VoicemailStatus.Read;

    /// <summary>The state after one more event.</summary>
    public Voicemail Apply(VoicemailEvent happened) => happened switch
    {
        VoicemailStarted e => this with
        {
            Id = e.VoicemailId,
            Status = VoicemailStatus.Greeting,
            ConsumerId = e.ConsumerId,
            QueueId = e.QueueId,
            QueuePath = [.. e.QueuePath],
            FromDeflection = e.FromDeflection,
            CrmOnly = e.CrmOnly,
            Words = e.Words,
            StartedAt = e.StartedAt,
        },
        VoicemailNumberAsked e => this with { Status = VoicemailStatus.AskingNumber, Attempt = e.Attempt, KeyPresses = 0, StepAt = e.AskedAt },
        VoicemailKeysPressed e => this with { KeyPresses = e.Number },
        VoicemailNumberGiven => this with { HasNumber = true },
        VoicemailGreeted e => this with { Status = VoicemailStatus.Greeting, StepAt = e.GreetedAt },
        VoicemailRecordingBegun e => this with { Status = VoicemailStatus.Recording, Until = e.Until },
        VoicemailLeft e => this with { Status = VoicemailStatus.Left, Seconds = e.Seconds, LeftAt = e.LeftAt },
        VoicemailDiscarded => this with { Status = VoicemailStatus.Discarded },
        VoicemailAssigned => this with { Status = VoicemailStatus.Unread },
        VoicemailRead e => this with { Status = VoicemailStatus.Read, ReadBy = e.ReadBy, ReadAt = e.ReadAt },
        VoicemailTranscribed => this with { HasTranscript = true },
        VoicemailPlayed e => this with { PlayedAt = PlayedAt.SetItem(e.PlayedBy, e.PlayedAt) },
        _ => throw new UnreachableException($"Voicemail does not know {happened.GetType().Name}."),
    };
}
