using System.Globalization;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Voicemails;

/// <summary>What a ticket says about a voicemail; kept there under the consumer's own key.</summary>
internal static class VoicemailNotes
{
    public static string Left(Voicemail v, VoicemailText text) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Voicemail{(v.FromDeflection ? ", after-hours deflection" : string.Empty)}
        Queue: {string.Join(" > ", v.QueuePath)}
        Number: {(text.Number is { } number ? number.Value ?? "(forgotten)" : "not known")}
        Length: {v.Seconds:0} s
        For: {(v.CrmOnly ? "the CRM alone; the queue has no agents" : "the agents of the queue")}
        """);

    public static string Said(VoicemailText text) => $"Transcript of the voicemail\n{text.Transcript?.Value ?? "(forgotten)"}";
}
