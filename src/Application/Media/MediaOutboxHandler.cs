using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Settings;

namespace ContactCenter.Application.Media;

/// <summary>Hands committed commands to the media engine, in order per call; the engine does each once.</summary>
/// <param name="engine">The engine.</param>
/// <param name="numbers">Where to call who is called.</param>
/// <param name="audios">What uploaded prompts sound like.</param>
/// <param name="facts">Told that a party cannot be called.</param>
public sealed class MediaOutboxHandler(IMediaEngine engine, PartyNumbers numbers, PromptAudios audios, IMediaFacts facts) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [MediaKinds.Prefix];

    /// <inheritdoc/>
    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var type = TypeOf(message.Kind);
        var command = (MediaCommand?)JsonSerializer.Deserialize(message.Payload, type, OutboxJson.Options);
        return command switch
        {
            PlaceLeg leg => PlaceAsync(leg, cancellationToken),
            PlayPrompt { Prompt.AudioId: { } audioId } play => PlayAsync(play, audioId, cancellationToken),
            _ => engine.ExecuteAsync(command ?? throw new JsonException("A media command is null."), cancellationToken),
        };
    }

    private async Task PlayAsync(PlayPrompt play, Guid audioId, CancellationToken cancellationToken) => await engine.ExecuteAsync(
        play with { Prompt = play.Prompt with { Audio = await audios.FindAsync(audioId, cancellationToken) } }, cancellationToken);

    private async Task PlaceAsync(PlaceLeg leg, CancellationToken cancellationToken)
    {
        if (await numbers.FindAsync(leg, cancellationToken) is not { } line)
            await engine.ExecuteAsync(leg, cancellationToken);
        else if (line.Number.IsForgotten)
            await facts.ReportAsync(new LegEnded(DerivedId.Of(leg.Id, "forgotten"), leg.SessionId, leg.LegId, "failed"), cancellationToken);
        else
            await engine.ExecuteAsync(leg with { PhoneNumber = line.Number.Value, Voice = line.Voice }, cancellationToken);
    }

    private static Type TypeOf(string kind) => kind switch
    {
        MediaKinds.PlaceLeg => typeof(PlaceLeg),
        MediaKinds.MoveLeg => typeof(MoveLeg),
        MediaKinds.Play => typeof(PlayPrompt),
        MediaKinds.StartSegment => typeof(StartSegment),
        MediaKinds.StopSegment => typeof(StopSegment),
        MediaKinds.StoreSegment => typeof(StoreSegment),
        MediaKinds.TransferOut => typeof(TransferOut),
        MediaKinds.CollectDigits => typeof(CollectDigits),
        MediaKinds.StopCollecting => typeof(StopCollecting),
        MediaKinds.HangUp => typeof(HangUpLeg),
        MediaKinds.Release => typeof(ReleaseCall),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No media command of this kind."),
    };
}
