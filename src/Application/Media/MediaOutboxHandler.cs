using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;

namespace ContactCenter.Application.Media;

/// <summary>Hands committed commands to the media engine, in order per call; the engine does each once.</summary>
public sealed class MediaOutboxHandler(IMediaEngine engine) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [MediaKinds.Prefix];

    /// <inheritdoc/>
    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var type = TypeOf(message.Kind);
        var command = (MediaCommand?)JsonSerializer.Deserialize(message.Payload, type, OutboxJson.Options);
        return engine.ExecuteAsync(command ?? throw new JsonException("A media command is null."), cancellationToken);
    }

    private static Type TypeOf(string kind) => kind switch
    {
        MediaKinds.PlaceLeg => typeof(PlaceLeg),
        MediaKinds.MoveLeg => typeof(MoveLeg),
        MediaKinds.Play => typeof(PlayPrompt),
        MediaKinds.StartSegment => typeof(StartSegment),
        MediaKinds.StopSegment => typeof(StopSegment),
        MediaKinds.TransferOut => typeof(TransferOut),
        MediaKinds.CollectDigits => typeof(CollectDigits),
        MediaKinds.HangUp => typeof(HangUpLeg),
        MediaKinds.Release => typeof(ReleaseCall),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No media command of this kind."),
    };
}
