namespace ContactCenter.Application.Media;

/// <summary>The outbox kinds of the media engine's commands. The payload is the command as JSON.</summary>
public static class MediaKinds
{
    /// <summary>All of them begin so.</summary>
    public const string Prefix = "media.";

    /// <summary><see cref="Media.PlaceLeg"/>.</summary>
    public const string PlaceLeg = "media.place_leg";

    /// <summary><see cref="Media.MoveLeg"/>.</summary>
    public const string MoveLeg = "media.move_leg";

    /// <summary><see cref="PlayPrompt"/>.</summary>
    public const string Play = "media.play";

    /// <summary><see cref="Media.StartSegment"/>.</summary>
    public const string StartSegment = "media.start_segment";

    /// <summary><see cref="Media.StopSegment"/>.</summary>
    public const string StopSegment = "media.stop_segment";

    /// <summary><see cref="Media.StoreSegment"/>.</summary>
    public const string StoreSegment = "media.store_segment";

    /// <summary><see cref="Media.TransferOut"/>.</summary>
    public const string TransferOut = "media.transfer_out";

    /// <summary><see cref="HangUpLeg"/>.</summary>
    public const string HangUp = "media.hang_up";

    /// <summary><see cref="ReleaseCall"/>.</summary>
    public const string Release = "media.release";

    /// <summary><see cref="Media.CollectDigits"/>.</summary>
    public const string CollectDigits = "media.collect_digits";

    /// <summary><see cref="Media.StopCollecting"/>.</summary>
    public const string StopCollecting = "media.stop_collecting";

    /// <summary>The kind of a command.</summary>
    public static string Of(MediaCommand command) => command switch
    {
        Media.PlaceLeg => PlaceLeg,
        Media.MoveLeg => MoveLeg,
        PlayPrompt => Play,
        Media.StartSegment => StartSegment,
        Media.StopSegment => StopSegment,
        Media.StoreSegment => StoreSegment,
        Media.TransferOut => TransferOut,
        Media.CollectDigits => CollectDigits,
        Media.StopCollecting => StopCollecting,
        HangUpLeg => HangUp,
        ReleaseCall => Release,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "No kind for this command."),
    };

    /// <summary>
    /// What a command takes its turn by: its call; one that waits for a disk its recording, so that no audio waits with it.
    /// </summary>
    public static string KeyOf(MediaCommand command) => (command is Media.StoreSegment store ? store.RecordingId : command.SessionId).ToString("D");
}
