using System.Text.Json;
using System.Text.Json.Serialization;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Infrastructure.PersonalData;

/// <summary>
/// Writes <see cref="PersonalText"/> encrypted and reads it back, with the key of the event being (de)serialised.
/// Without such a key it refuses: personal data in an event that names no consumer could never be forgotten. What an
/// upcaster took over from before it was encrypted stands as <c>{"clear": …}</c>, and is only ever read.
/// </summary>
internal sealed class PersonalTextConverter : JsonConverter<PersonalText>
{
    // Serialising one event is synchronous, so the key can travel beside the serializer's fixed signatures.
    [ThreadStatic]
    private static PersonalDataKey? current;

    public override bool HandleNull => true;

    public static TResult With<TArgument, TResult>(PersonalDataKey? key, TArgument argument, Func<TArgument, TResult> run)
    {
        current = key;
        try
        {
            return run(argument);
        }
        finally
        {
            current = null;
        }
    }

    public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => PersonalText.Forgotten,
            JsonTokenType.StartObject => Clear(ref reader),
            _ => Key().Reveal(reader.GetString()),
        };

    public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.IsForgotten ? null : Key().Protect(value));

    /// <summary>Where the consumer is known and forgotten, even what was never encrypted is not shown.</summary>
    private static PersonalText Clear(ref Utf8JsonReader reader)
    {
        string? text = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.TokenType == JsonTokenType.String)
                text = reader.GetString();
        }

        return current is { IsForgotten: true } ? PersonalText.Forgotten : new PersonalText(text);
    }

    private static PersonalDataKey Key() => current
        ?? throw new NotSupportedException("PersonalText is allowed only in an event that implements IPersonalDataEvent.");
}
