using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// What is personal in a voicemail, read from the log each time and kept nowhere: once its consumer is forgotten nobody has it.
/// </summary>
/// <param name="Number">The number to call back; null if none is known.</param>
/// <param name="Transcript">What was said; null if nobody wrote it down.</param>
/// <param name="Keys">The keys that came so far in answer to the last question for a number.</param>
public sealed record VoicemailText(PersonalText? Number, PersonalText? Transcript, string Keys)
{
    /// <summary>Reads it.</summary>
    public static async Task<VoicemailText> ReadAsync(IEventStore log, Guid voicemailId, CancellationToken cancellationToken)
    {
        var text = new VoicemailText(Number: null, Transcript: null, Keys: string.Empty);
        await foreach (var stored in log.ReadAllAsync(Aggregates.Voicemail.Stream(voicemailId), cancellationToken))
        {
            text = stored.Data switch
            {
                VoicemailNumberAsked => text with { Keys = string.Empty },
                VoicemailKeysPressed pressed => text with { Keys = text.Keys + pressed.Keys.Value },
                VoicemailNumberGiven given => text with { Number = given.Number },
                VoicemailTranscribed written => text with { Transcript = written.Text },
                _ => text,
            };
        }

        return text;
    }

    /// <summary>Never what is personal.</summary>
    public override string ToString() => nameof(VoicemailText);
}
