using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>One call's legs, spaces and segments. Commands and the clock take turns.</summary>
internal sealed class SimulatedCall(
    Guid sessionId, IRecordingStorage storage, CallFacts facts, AskedEnds ends, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private const int RememberedCommands = 1000;

    private readonly Lock _gate = new();
    private readonly RecentIds _commands = new(RememberedCommands);
    private readonly SimulatedSpace[] _spaces = [.. Enum.GetValues<SpaceKind>().Select(kind => new SimulatedSpace(kind))];
    private readonly Dictionary<Guid, (SimulatedLeg Leg, SpaceKind Space)> _legs = [];
    private readonly Dictionary<(Guid Recording, int Segment), OpenSegment> _segments = [];
    private readonly AudioTap _tap = new();
    private KeyCollector? _collecting;
    private long _frames;
    private Task? _released;

    /// <summary>What the conversation sounds like.</summary>
    public AudioTap Tap => _tap;

    /// <summary>Lets 20 ms pass, which end then.</summary>
    public void Tick(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_released is not null)
                return;
            for (var kind = 0; kind < _spaces.Length; kind++)
            {
                if (Tick((SpaceKind)kind, at) is { } prompt)
                    _ = facts.ReportAsync(new PromptFinished(FactIds.Of("prompt finished", prompt), sessionId, prompt));
            }

            if (_collecting is { } keys && keys.Wait(_spaces[(int)keys.Asked.Space].IsPrompting))
                Collected(keys, isComplete: false);
            _frames++;
        }
    }

    // Coaches take part in the conversation's tick: what they say is heard there.
    private Guid? Tick(SpaceKind kind, DateTimeOffset at) => kind switch
    {
        SpaceKind.Coaching => null,
        SpaceKind.Conversation => _spaces[(int)kind].Tick(_frames, at, _tap, _spaces[(int)SpaceKind.Coaching]),
        _ => _spaces[(int)kind].Tick(_frames, at),
    };

    /// <summary>Carries out a command; a repeat, or anything about a leg that is gone, does nothing.</summary>
    public void Execute(MediaCommand command, Sound? voice)
    {
        lock (_gate)
        {
            if (_released is not null || !_commands.Add(command.Id))
                return;
            switch (command)
            {
                case PlaceLeg place: Place(place, voice); break;
                case MoveLeg move: Move(move); break;
                case TransferOut away: HandOver(away); break;
                case HangUpLeg hangUp: Remove(hangUp.LegId); break;
                case PlayPrompt play: _spaces[(int)play.Space].Play(play.Id, play.Prompt); break;
                case CollectDigits collect: _collecting = _legs.ContainsKey(collect.LegId) ? new KeyCollector(collect) : null; break;
                case StopCollecting: _collecting = null; break;
                case StartSegment start: Start(start); break;
                default: throw new ArgumentException($"{command.GetType().Name} is not a command to a call.", nameof(command));
            }
        }
    }

    /// <summary>
    /// Ends a segment; false if it was never begun here. The task ends when it is whole in storage and reported.
    /// </summary>
    /// <param name="recordingId">The recording.</param>
    /// <param name="segment">Which of it.</param>
    /// <param name="at">Where it is cut, or null: nowhere.</param>
    /// <param name="stopped">Ends when it is stored and reported.</param>
    public bool TryStop(Guid recordingId, int segment, DateTimeOffset? at, out Task stopped)
    {
        lock (_gate)
        {
            var known = _segments.TryGetValue((recordingId, segment), out var open);
            stopped = known ? Stop(open!, at) : Task.CompletedTask;
            return known;
        }
    }

    /// <summary>Ends every segment of a recording; the task ends when they are stored and reported.</summary>
    public Task StopAll(Guid recordingId)
    {
        lock (_gate)
            return Task.WhenAll(_segments.Where(s => s.Key.Recording == recordingId).Select(s => Stop(s.Value, at: null)).ToList());
    }

    /// <summary>True while a segment of the recording is written.</summary>
    public bool Writes(Guid recordingId)
    {
        lock (_gate)
            return _segments.Any(s => s.Key.Recording == recordingId && s.Value.Stopped is not { IsCompleted: true });
    }

    /// <summary>Ends everything, what is recorded as of an instant, or null: of now; the task ends when every segment is whole in storage and reported.</summary>
    public Task ReleaseAsync(DateTimeOffset? at = null)
    {
        lock (_gate)
        {
            if (_released is not null)
                return _released;
            foreach (var leg in _legs.Keys.ToList())
                Remove(leg);
            _released = Task.WhenAll(_segments.Values.Select(open => Stop(open, at)).ToList());
            _tap.Close();
            return _released;
        }
    }

    /// <summary>A party hangs up by itself; false if it has no leg.</summary>
    public bool HangUp(Party party) => HangUp(placed => placed.Party == party);

    /// <summary>Whoever has this leg hangs up by themselves; false if it is gone.</summary>
    public bool HangUp(Guid legId) => HangUp(placed => placed.Id == legId);

    private bool HangUp(Predicate<SimulatedLeg> whose)
    {
        lock (_gate)
        {
            var gone = _legs.Values.Where(placed => whose(placed.Leg)).Select(placed => placed.Leg.Id).ToList();
            foreach (var leg in gone)
            {
                Remove(leg);
                _ = facts.ReportAsync(new LegEnded(FactIds.Of("leg ended", leg), sessionId, leg, "hung_up"));
            }

            return gone.Count > 0;
        }
    }

    /// <summary>A party presses keys; false if nobody waits for them.</summary>
    public bool Press(Party party, string keys)
    {
        lock (_gate)
        {
            if (_collecting is not { } collecting || !_legs.TryGetValue(collecting.Asked.LegId, out var placed) || placed.Leg.Party != party)
                return false;
            foreach (var key in keys)
            {
                if (!collecting.Press(key))
                    continue;
                Collected(collecting, isComplete: true);
                break;
            }

            return true;
        }
    }

    /// <summary>Reports that the call is lost, after everything else of it; the task ends when that is taken.</summary>
    public Task ReportLostAsync() => facts.ReportAsync(new MediaLost(FactIds.Of("media lost", sessionId), sessionId));

    /// <summary>What a leg hears, or null if there is no such leg.</summary>
    public AudioTap? Ear(Guid legId)
    {
        lock (_gate)
            return _legs.TryGetValue(legId, out var placed) ? placed.Leg.Ear : null;
    }

    private void Place(PlaceLeg place, Sound? voice)
    {
        if (_legs.ContainsKey(place.LegId))
            return;
        if (voice is null)
        {
            _ = facts.ReportAsync(new LegEnded(FactIds.Of("leg ended", place.LegId), sessionId, place.LegId, Unanswered(place)));
            return;
        }

        var leg = new SimulatedLeg(place.LegId, place.Party, voice);
        _legs.Add(leg.Id, (leg, place.Space));
        _spaces[(int)place.Space].Enter(leg);
        _ = facts.ReportAsync(new LegAnswered(FactIds.Of("leg answered", leg.Id), sessionId, leg.Id));
    }

    /// <summary>Why a party who is called does not answer: what their voice says, for nobody is really called.</summary>
    private static string Unanswered(PlaceLeg place) => (place.PhoneNumber, place.Voice) switch
    {
        (not null, "line:busy") => "busy",
        (not null, "line:no_answer") => "no_answer",
        _ => "failed",
    };

    private void Move(MoveLeg move)
    {
        if (!_legs.TryGetValue(move.LegId, out var placed) || placed.Space == move.Space)
            return;
        _spaces[(int)placed.Space].Leave(placed.Leg);
        _spaces[(int)move.Space].Enter(placed.Leg);
        _legs[move.LegId] = (placed.Leg, move.Space);
    }

    private void HandOver(TransferOut away)
    {
        if (!_legs.ContainsKey(away.LegId))
            return;
        Remove(away.LegId);
        logger.LogInformation("simulated: call {SessionId} is handed on to a number outside", sessionId);
        _ = facts.ReportAsync(new LegHandedOver(FactIds.Of("leg handed over", away.LegId), sessionId, away.LegId, "simulated"));
    }

    private void Collected(KeyCollector keys, bool isComplete)
    {
        _collecting = null;
        // Who answers need not hear the question out.
        _spaces[(int)keys.Asked.Space].StopPrompts();
        _ = facts.ReportAsync(new DigitsCollected(FactIds.Of("digits collected", keys.Asked.Id), sessionId, keys.Asked.Id, keys.Keys, isComplete));
    }

    private void Remove(Guid legId)
    {
        if (!_legs.Remove(legId, out var placed))
            return;
        _spaces[(int)placed.Space].Leave(placed.Leg);
        placed.Leg.Ear.Close();
    }

    private void Start(StartSegment start)
    {
        if (_segments.ContainsKey((start.RecordingId, start.Segment)))
            return;
        var recorder = new SegmentRecorder(storage, start, ends, time, logger, stopping);
        _segments.Add((start.RecordingId, start.Segment), new OpenSegment(recorder, start.Space));
        _spaces[(int)start.Space].Recorders.Add(recorder);
    }

    private Task Stop(OpenSegment open, DateTimeOffset? at)
    {
        if (open.Stopped is null)
        {
            _spaces[(int)open.Space].Recorders.Remove(open.Recorder);
            open.Recorder.Complete(at);
            open.Stopped = ReportAsync(open.Recorder);
        }

        return open.Stopped;
    }

    private async Task ReportAsync(SegmentRecorder recorder)
    {
        var stored = await recorder.Stored.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await facts.ReportAsync(Closed(sessionId, recorder.RecordingId, recorder.Segment, stored));
    }

    /// <summary>The fact that a segment is closed.</summary>
    public static SegmentClosed Closed(Guid sessionId, Guid recordingId, int segment, StoredSegment stored) => new(
        FactIds.Of("segment closed", recordingId, segment), sessionId, recordingId, segment, stored.Samples, stored.Sha256);

    private sealed class OpenSegment(SegmentRecorder recorder, SpaceKind space)
    {
        public SegmentRecorder Recorder => recorder;

        public SpaceKind Space => space;

        public Task? Stopped { get; set; }
    }
}
