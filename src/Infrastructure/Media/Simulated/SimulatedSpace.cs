using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>One party's audio: what it says, and for whoever asks, what it hears.</summary>
internal sealed class SimulatedLeg(Guid id, Party party, Sound voice)
{
    private readonly Playback _voice = new(voice);

    public Guid Id { get; } = id;

    public Party Party { get; } = party;

    public short[] Said { get; } = new short[PhoneAudio.FrameSamples];

    public AudioTap Ear { get; } = new();

    public void Speak() => _voice.Read(Said);
}

/// <summary>
/// A room of a call. Its <see cref="SpaceKind"/> alone decides who hears whom, what plays and whether it records:
/// waiting spaces play music and carry no voices, so nothing said there can reach a recording or another party.
/// </summary>
internal sealed class SimulatedSpace(SpaceKind kind)
{
    private readonly Queue<(Guid Id, Playback Sound)> _prompts = [];
    private readonly Playback? _music = Sound.Music(kind) is { } music ? new Playback(music) : null;
    private readonly short[] _frame = new short[PhoneAudio.FrameSamples];
    private readonly int[] _played = new int[PhoneAudio.FrameSamples];
    private readonly int[] _room = new int[PhoneAudio.FrameSamples];
    private readonly List<SimulatedLeg> _legs = [];

    public static bool CanRecord(SpaceKind kind) => kind is SpaceKind.Conversation or SpaceKind.Voicemail;

    public List<SegmentRecorder> Recorders { get; } = [];

    /// <summary>True while something is played to those who are here.</summary>
    public bool IsPrompting => _prompts.Count > 0;

    /// <summary>What is played to those who are here, and what was to follow, is not wanted any more.</summary>
    public void StopPrompts() => _prompts.Clear();

    private bool HearEachOther => kind is SpaceKind.Conversation or SpaceKind.Consultation;

    public void Enter(SimulatedLeg leg) => _legs.Add(leg);

    public void Leave(SimulatedLeg leg)
    {
        // Whoever comes next is not to hear what was meant for those who were here.
        if (_legs.Remove(leg) && _legs.Count == 0)
            _prompts.Clear();
    }

    public void Play(Guid id, Prompt prompt)
    {
        var (sound, frames) = Sound.Of(prompt);
        _prompts.Enqueue((id, new Playback(sound, frames)));
    }

    /// <summary>Lets 20 ms pass; the id of a prompt that has just been heard to its end, if one has.</summary>
    /// <param name="sequence">Which frame of the call.</param>
    /// <param name="ends">When it ends.</param>
    /// <param name="listeners">Who hears the room without being in it, after all who are in one; or null.</param>
    /// <param name="coaching">Who hears the room and is heard by its agents alone, or null.</param>
    public Guid? Tick(long sequence, DateTimeOffset ends, AudioTap? listeners = null, SimulatedSpace? coaching = null)
    {
        var coaches = coaching is { _legs.Count: > 0 } ? coaching : null;
        if (_legs.Count == 0 && _prompts.Count == 0 && Recorders.Count == 0 && listeners is not { HasListeners: true } && coaches is null)
            return null;
        var finished = PlayNext();
        foreach (var leg in _legs)
            leg.Speak();
        MixRoom();
        if (listeners is { HasListeners: true })
            listeners.Keep(sequence, Clamped(_room));
        Record(ends);
        // After the recording and the listeners: neither hears what is said to the agents alone.
        coaches?.MixSpoken();
        foreach (var leg in _legs)
        {
            if (leg.Ear.HasListeners)
                leg.Ear.Publish(sequence, HeardBy(leg, leg.Party == Party.Agent ? coaches : null));
        }

        coaches?.Hear(sequence, this);
        return finished;
    }

    private void Hear(long sequence, SimulatedSpace conversation)
    {
        foreach (var coach in _legs)
        {
            if (coach.Ear.HasListeners)
                coach.Ear.Publish(sequence, conversation.HeardBy(coach, this));
        }
    }

    private void MixSpoken()
    {
        foreach (var leg in _legs)
            leg.Speak();
        MixVoices();
    }

    private Guid? PlayNext()
    {
        Array.Clear(_played);
        if (_music is not null)
            AddPlayed(_music);
        if (!_prompts.TryPeek(out var prompt))
            return null;
        AddPlayed(prompt.Sound);
        return prompt.Sound.Ended ? _prompts.Dequeue().Id : null;
    }

    private void AddPlayed(Playback sound)
    {
        sound.Read(_frame);
        Add(_frame, _played);
    }

    private void MixRoom()
    {
        _played.CopyTo(_room, 0);
        foreach (var leg in _legs)
            Add(leg.Said, _room);
    }

    private void MixVoices()
    {
        Array.Clear(_room);
        foreach (var leg in _legs)
            Add(leg.Said, _room);
    }

    private void Record(DateTimeOffset ends)
    {
        // On hold or not yet there: what an agent says meanwhile is not part of the conversation (REC-1).
        if (Recorders.Count == 0 || !_legs.Exists(leg => leg.Party == Party.Consumer))
            return;
        // A message is what its caller says: whatever is played to them meanwhile is not in it (AHD-10).
        if (kind == SpaceKind.Voicemail)
            MixVoices();
        var frame = Clamped(_room);
        foreach (var recorder in Recorders)
            recorder.Write(frame, ends);
    }

    private ReadOnlySpan<short> HeardBy(SimulatedLeg leg, SimulatedSpace? coaches)
    {
        if (!HearEachOther)
            return Clamped(_played);
        for (var i = 0; i < _frame.Length; i++)
            _frame[i] = Clamp(_room[i] + (coaches?._room[i] ?? 0) - leg.Said[i]);
        return _frame;
    }

    private ReadOnlySpan<short> Clamped(int[] mix)
    {
        for (var i = 0; i < _frame.Length; i++)
            _frame[i] = Clamp(mix[i]);
        return _frame;
    }

    private static short Clamp(int sample) => (short)Math.Clamp(sample, short.MinValue, short.MaxValue);

    private static void Add(short[] frame, int[] mix)
    {
        for (var i = 0; i < frame.Length; i++)
            mix[i] += frame[i];
    }
}
