using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ContactCenter.Api.Conventions;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Api.Live;

/// <summary>One event of the log, as integrators and auditors see it.</summary>
/// <param name="Position">Its place in the log; resume after it.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">Its literal name: <c>session.connected.v1</c>.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="Command">Through which command.</param>
/// <param name="CommandId">Shared by all events of that command.</param>
/// <param name="Data">The fact; null where this node cannot read it.</param>
public sealed record EventView(
    LogPosition Position, Guid Id, StreamId Stream, long Version, string Type, DateTimeOffset RecordedAt, Actor Actor, string Command, Guid CommandId, JsonNode? Data);

/// <summary>
/// Makes <see cref="EventView"/>s. Who sees the text in them is the use case's to decide (<see cref="SessionReaders"/>);
/// for everybody else it is null (ADM-4). Password and key hashes never show.
/// </summary>
public sealed class EventViews
{
    private static readonly string[] Secrets = ["passwordHash", "secretHash"];
    private readonly JsonSerializerOptions clear = Options(new ApiJson.PersonalTextConverter());
    private readonly JsonSerializerOptions masked = Options(new MaskedConverter());

    /// <summary>One event, with the text in it or masked.</summary>
    public EventView Of(StoredEvent e, bool withText) => new(
        e.Position, e.Id, e.Stream, e.Version, e.Type, e.RecordedAt, e.Metadata.Actor, e.Metadata.Command, e.Metadata.CommandId, DataOf(e, withText));

    /// <summary>What happened, with the text in it or masked; null where this node cannot read it.</summary>
    public JsonNode? DataOf(StoredEvent e, bool withText)
    {
        if (e.Data is UnreadableEvent)
            return null;
        var data = JsonSerializer.SerializeToNode(e.Data, e.Data.GetType(), withText ? clear : masked)!;
        foreach (var secret in Secrets)
            data.AsObject().Remove(secret);
        return data;
    }

    private static JsonSerializerOptions Options(JsonConverter<PersonalText> personal)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        options.Converters.Add(personal);
        ApiJson.Configure(options);
        return options;
    }

    private sealed class MaskedConverter : JsonConverter<PersonalText>
    {
        public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
