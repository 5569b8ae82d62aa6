using System.Text.Json;
using System.Text.Json.Serialization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Api.Conventions;

/// <summary>JSON as it is on the REST wire: camelCase, strict in what it takes, enums as their camelCase names.</summary>
public static class ApiJson
{
    /// <summary>Sets the options up.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.ReadCommentHandling = JsonCommentHandling.Disallow;
        options.MaxDepth = 32;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new PositionConverter());
        options.Converters.Add(new PersonalTextConverter());
        options.Converters.Add(new StreamIdConverter());
        options.Converters.Add(new EventConverter());
    }

    /// <summary>With its zone, or refused.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Instant.TryRead(reader.GetString(), out var at) ? at : throw new WireException(Instant.Shape);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <summary>A string: positions exceed 2^53 in time.</summary>
    private sealed class PositionConverter : JsonConverter<LogPosition>
    {
        public override LogPosition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            LogPosition.TryParse(reader.GetString(), out var position) ? position : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, LogPosition value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>The clear text, or null once forgotten. Who may see it is the use case's to decide, before it gets here.</summary>
    internal sealed class PersonalTextConverter : JsonConverter<PersonalText>
    {
        public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString());

        public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class StreamIdConverter : JsonConverter<StreamId>
    {
        public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    /// <summary>An event by what it is, not by the interface it is held as.</summary>
    private sealed class EventConverter : JsonConverter<IDomainEvent>
    {
        public override IDomainEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IDomainEvent value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}

/// <summary>JSON that is refused in words of ours.</summary>
/// <param name="message">What to say; nothing of what was sent.</param>
internal sealed class WireException(string message) : JsonException(message);
