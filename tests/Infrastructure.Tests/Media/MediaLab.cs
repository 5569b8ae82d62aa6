using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Tests.Recordings;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>An engine with one call to try things on. An adapter's lab says how to start it, hear with a leg's ears,
/// and let time pass.</summary>
internal abstract class MediaLab : IAsyncDisposable
{
    private readonly List<Ear> _ears = [];

    public abstract IMediaEngine Engine { get; }

    /// <summary>What the engine's provider keeps.</summary>
    public abstract IProviderRecordings Provider { get; }

    public RecordingFolder Folder { get; } = new();

    public FactSink Facts { get; } = new();

    public Guid Session { get; } = Guid.CreateVersion7();

    public Guid Recording { get; } = Guid.CreateVersion7();

    /// <summary>Lets time pass until those who listen have heard it.</summary>
    public abstract Task PassAsync(int frames);

    /// <summary>Ends the engine as a crash would, and starts another on the same storage.</summary>
    public abstract Task CrashAsync();

    /// <summary>The party ends its leg by itself.</summary>
    public abstract void HangUpByItself(Party party);

    protected abstract IAsyncEnumerable<AudioFrame> HearAsync(Guid leg, CancellationToken cancellationToken);

    protected IEnumerable<Ear> Ears => _ears;

    public Ear Listen() => Add(new Ear(token => Engine.ListenAsync(Session, token)));

    public Ear EarOf(Guid leg) => Add(new Ear(token => HearAsync(leg, token)));

    public Task DoAsync(MediaCommand command) => Engine.ExecuteAsync(command, default);

    public async Task<Guid> PlaceAsync(Party party, SpaceKind space, string? voice = null)
    {
        var leg = Guid.CreateVersion7();
        await DoAsync(new PlaceLeg(Guid.CreateVersion7(), Session, leg, party, space, voice));
        return leg;
    }

    public Task MoveAsync(Guid leg, SpaceKind space) => DoAsync(new MoveLeg(Guid.CreateVersion7(), Session, leg, space));

    public async Task<Guid> PlayAsync(SpaceKind space, PromptKind kind, string? text = null, double speed = 1)
    {
        var prompt = Guid.CreateVersion7();
        await DoAsync(new PlayPrompt(prompt, Session, space, new Prompt(kind, text, speed)));
        return prompt;
    }

    public Task RecordAsync(int segment, SpaceKind space = SpaceKind.Conversation) =>
        DoAsync(new StartSegment(Guid.CreateVersion7(), Session, Recording, segment, space));

    public async Task<SegmentClosed> StopAsync(int segment)
    {
        await DoAsync(new StopSegment(Guid.CreateVersion7(), Session, Recording, segment));
        await DoAsync(new StoreSegment(Guid.CreateVersion7(), Session, Recording, segment));
        return Facts.Facts.OfType<SegmentClosed>().First(fact => fact.RecordingId == Recording && fact.Segment == segment);
    }

    public async Task<short[]> StoredAsync(params int[] segments)
    {
        var streams = new List<Stream>();
        foreach (var segment in segments)
            streams.Add(await Folder.Storage.OpenAsync(Recording, RecordingObjects.Segment(segment), default));
        var part = RecordingAssembler.Plan("call", [.. streams.Select(stream => stream.Length)], comment: Engine.Name).ShouldHaveSingleItem();
        await using var wav = RecordingAssembler.Open(part, streams);
        var audio = WavReader.Read(wav);
        audio.Comment.ShouldBe(Engine.Name);
        return audio.Samples;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var ear in _ears)
            await ear.DisposeAsync();
        Folder.Dispose();
    }

    private Ear Add(Ear ear)
    {
        _ears.Add(ear);
        return ear;
    }
}
