namespace ContactCenter.Application.Recordings;

/// <summary>The bytes of a recording that somebody asks for, as HTTP's Range says it.</summary>
/// <param name="First">The first, or null: those at the end.</param>
/// <param name="Last">The last; how many at the end, where <paramref name="First"/> is null; or null: up to the end.</param>
/// <param name="MayBeAll">Whether all of it may be given instead.</param>
public sealed record AudioRange(long? First, long? Last = null, bool MayBeAll = false)
{
    /// <summary>All of it.</summary>
    public static AudioRange All { get; } = new(0);

    /// <summary>Whether the beginning is asked for, and not a later piece alone.</summary>
    public bool FromStart => First == 0;

    /// <summary>Reads these bytes of a stream to nowhere, and goes back: whatever does not verify is found before any is given.</summary>
    public async Task VerifyAsync(Stream content, CancellationToken cancellationToken)
    {
        var (from, until) = In(content.Length);
        var buffer = new byte[PhoneAudio.BytesPerSecond];
        content.Position = from;
        for (var left = until - from; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (read == 0)
                throw new RecordingCorruptException("The recording ends too early.");
            left -= read;
        }

        content.Position = 0;
    }

    private (long From, long Until) In(long length) => this switch
    {
        { MayBeAll: true } => (0, length),
        { First: { } first } => (Math.Min(first, length), Math.Min(Last ?? long.MaxValue - 1, length - 1) + 1),
        _ => (Math.Max(0, length - (Last ?? length)), length),
    };
}
