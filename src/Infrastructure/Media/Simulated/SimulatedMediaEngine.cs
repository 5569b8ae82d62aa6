using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// A media engine without a network that really makes audio: each party has a voice, spaces mix what is said in them,
/// prompts and music are tones, recordings and listeners get what would be heard. Nothing moves but by
/// <see cref="Tick(DateTimeOffset)"/>; <see cref="SimulatedMediaClock"/> calls it in step with time, tests as they like.
/// </summary>
public sealed class SimulatedMediaEngine : IMediaEngine, IProviderRecordings, IDisposable
{
    private const int LooksForBeginning = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private const int RememberedCalls = 10_000;
    private readonly IRecordingStorage _storage;
    private readonly IMediaFacts _facts;
    private readonly AskedEnds _ends;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Voices _voices;
    private readonly ConcurrentDictionary<Guid, SimulatedCall> _calls = new();
    private readonly RecentIds _released = new(RememberedCalls);
    private readonly Lock _ticking = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly StoringWait _storing;

    /// <summary>Makes an engine without calls.</summary>
    /// <param name="storage">Where segments go.</param>
    /// <param name="facts">Who is told what happens.</param>
    /// <param name="time">Paces retries only.</param>
    /// <param name="logger">Where trouble is told.</param>
    /// <param name="voicesFolder">Where WAV files for <see cref="PlaceLeg.Voice"/> are, if anywhere.</param>
    /// <param name="backlog">What is on its way to it; null if nothing ever is: whoever commands it does so at once.</param>
    public SimulatedMediaEngine(
        IRecordingStorage storage, IMediaFacts facts, TimeProvider time, ILogger<SimulatedMediaEngine> logger, string? voicesFolder = null, IMediaBacklog? backlog = null)
    {
        _storage = storage;
        _facts = facts;
        _ends = new AskedEnds(backlog, time);
        _time = time;
        _storing = new StoringWait(time);
        _logger = logger;
        _voices = new Voices(voicesFolder, logger);
    }

    /// <inheritdoc/>
    public string Name => "simulated";

    /// <inheritdoc/>
    public Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case PlaceLeg place:
                Place(place);
                return Task.CompletedTask;
            case StopSegment stop:
                _calls.GetValueOrDefault(stop.SessionId)?.TryStop(stop.RecordingId, stop.Segment, stop.At, out _);
                return Task.CompletedTask;
            case StoreSegment store:
                return StoreAsync(store, cancellationToken);
            case ReleaseCall release:
                return _storing.WaitAsync(ReleaseAsync(release.SessionId, release.At, CancellationToken.None), cancellationToken);
            case StartSegment start when !SimulatedSpace.CanRecord(start.Space):
                throw new ArgumentException($"A {start.Space} space is never recorded.", nameof(command));
            default:
                if (_calls.TryGetValue(command.SessionId, out var call))
                    call.Execute(command, voice: null);
                return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AudioFrame> ListenAsync(Guid sessionId, CancellationToken cancellationToken) =>
        ListenAsync(() => _calls.GetValueOrDefault(sessionId)?.Tap, cancellationToken);

    /// <inheritdoc/>
    public bool Knows(Guid sessionId) => _calls.ContainsKey(sessionId);

    /// <inheritdoc/>
    /// <remarks>It keeps no copies; what it has is the segments it writes.</remarks>
    public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) =>
        Task.WhenAll(_calls.Values.Select(call => call.StopAll(recordingId))).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        Task.FromResult(_calls.Values.Any(call => call.Writes(recordingId)));

    /// <summary>What one leg hears, live, until it is gone; for tests and demonstrations.</summary>
    public IAsyncEnumerable<AudioFrame> HearAsync(Guid sessionId, Guid legId, CancellationToken cancellationToken) =>
        ListenAsync(() => _calls.GetValueOrDefault(sessionId)?.Ear(legId), cancellationToken);

    /// <summary>What one leg hears, handed on where it is made, as its own line takes it; null if there is no such leg.</summary>
    public IDisposable? HearInPlace(Guid sessionId, Guid legId, Action<AudioFrame> take) => _calls.GetValueOrDefault(sessionId)?.Ear(legId)?.HearInPlace(take);

    /// <summary>Makes a party hang up by itself, as a real one would; false if it has no leg in the call.</summary>
    public bool HangUpByParty(Guid sessionId, Party party) =>
        _calls.TryGetValue(sessionId, out var call) && call.HangUp(party);

    /// <summary>Makes whoever has a leg hang up by themselves; false if it is gone.</summary>
    public bool HangUpByLeg(Guid sessionId, Guid legId) =>
        _calls.TryGetValue(sessionId, out var call) && call.HangUp(legId);

    /// <summary>Makes a party press keys, as a real one would; false if nobody waits for them.</summary>
    public bool PressByParty(Guid sessionId, Party party, string keys) =>
        _calls.TryGetValue(sessionId, out var call) && call.Press(party, keys);

    /// <summary>Lets 20 ms pass in every call, which end now.</summary>
    public void Tick() => Tick(_time.GetUtcNow());

    /// <summary>Lets 20 ms pass in every call, which end at an instant: by it segments begin and end. A call that fails is lost, and reported so, without harm to the others.</summary>
    public void Tick(DateTimeOffset at)
    {
        lock (_ticking)
        {
            foreach (var (sessionId, call) in _calls)
            {
                try
                {
                    call.Tick(at);
                }
                catch (Exception e) when (Lost(sessionId, e))
                {
                    // Lost has seen to it.
                }
            }

            // A thousand who listen to one call come after the parties of every call, and not on their thread (MON-3).
            foreach (var (_, call) in _calls)
                call.Tap.PublishKept();
        }
    }

    /// <summary>Ends every call in good order: its segments are stored and reported, then its loss.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_calls.Keys.Select(sessionId => LoseAsync(sessionId, cancellationToken)));

    /// <summary>Stops as a crash would: what is not stored and reported is left for the next start.</summary>
    public void Dispose()
    {
        // A container that knows it under two names disposes it twice.
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        foreach (var call in _calls.Values)
            _ = call.ReleaseAsync();
        _stopping.Dispose();
    }

    private static async IAsyncEnumerable<AudioFrame> ListenAsync(
        Func<AudioTap?> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (find() is not { } tap)
            yield break;
        await foreach (var frame in tap.ListenAsync(cancellationToken))
            yield return frame;
    }

    private void Place(PlaceLeg place)
    {
        var voice = _voices.Find(place.Voice, place.Party);
        // Together, so that a repeat that comes late cannot bring a released call back.
        lock (_released)
        {
            if (_released.Contains(place.SessionId))
                return;
            _calls.GetOrAdd(place.SessionId, NewCall).Execute(place, voice);
        }
    }

    /// <summary>Its key is its own, so that it may come before the segment's beginning does, which is on its way then.</summary>
    private async Task<Task> StopOnceBegunAsync(SimulatedCall call, StoreSegment store, CancellationToken cancellationToken)
    {
        for (var look = 0; look < LooksForBeginning; look++)
        {
            if (call.TryStop(store.RecordingId, store.Segment, store.At, out var stopped))
                return stopped;
            await Task.Delay(BetweenLooks, _time, cancellationToken);
        }

        throw new RetryLaterException("The segment has yet to begin.");
    }

    private async Task StoreAsync(StoreSegment store, CancellationToken cancellationToken)
    {
        if (_calls.TryGetValue(store.SessionId, out var call))
        {
            await _storing.WaitAsync(await StopOnceBegunAsync(call, store, cancellationToken), cancellationToken);
            return;
        }

        var stored = await StoredSegment.ReadAsync(_storage, store.RecordingId, store.Segment, cancellationToken);
        var fact = SimulatedCall.Closed(store.SessionId, store.RecordingId, store.Segment, stored);
        await NewFacts().ReportAsync(fact).WaitAsync(cancellationToken);
    }

    private async Task ReleaseAsync(Guid sessionId, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        lock (_released)
            _released.Add(sessionId);
        if (!_calls.TryGetValue(sessionId, out var call))
            return;
        await call.ReleaseAsync(at).WaitAsync(cancellationToken);
        _calls.TryRemove(sessionId, out _);
    }

    private bool Lost(Guid sessionId, Exception e)
    {
        _logger.LogError(e, "The simulated call {SessionId} failed", sessionId);
        _ = LoseAsync(sessionId, _stopping.Token);
        return true;
    }

    private async Task LoseAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        if (!_calls.TryGetValue(sessionId, out var call))
            return;
        await ReleaseAsync(sessionId, at: null, cancellationToken);
        await call.ReportLostAsync().WaitAsync(cancellationToken);
    }

    private SimulatedCall NewCall(Guid sessionId) => new(sessionId, _storage, NewFacts(), _ends, _time, _logger, _stopping.Token);

    private CallFacts NewFacts() => new(_facts, _time, _logger, _stopping.Token);
}
