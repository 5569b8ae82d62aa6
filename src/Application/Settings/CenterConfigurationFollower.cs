using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>
/// Keeps <see cref="CenterConfiguration"/> in step with the log: reads the streams it consists of, then follows the live
/// feed. Readers get an immutable value without a lock or a round trip.
/// </summary>
public sealed class CenterConfigurationFollower(IEventStore store, ILiveFeed feed, IQueueIds queues, TimeProvider clock) : ICenterConfiguration
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile Known known = new(Configuration: null);

    /// <inheritdoc/>
    public ValueTask<CenterConfiguration> AtLeastAsync(long revision, CancellationToken cancellationToken) =>
        known.Configuration is { } current && current.Revision >= revision ? new(current) : new(WaitAsync(revision, cancellationToken));

    /// <summary>Follows until cancelled; run again, it begins anew and what was known stays until then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = await BeginAsync(cancellationToken);
        var configuration = start.Configuration;
        if (start.CompleteAt <= start.Position)
            Publish(configuration);
        await foreach (var stored in feed.SubscribeAsync(start.Position, static e => CenterConfiguration.Matters(e.Data), cancellationToken))
        {
            if (!start.ReadAhead.TryGetValue(stored.Stream, out var version) || stored.Version > version)
                configuration = configuration.Apply(stored.Data);
            if (stored.Position >= start.CompleteAt)
                Publish(configuration);
        }
    }

    private async Task<Start> BeginAsync(CancellationToken cancellationToken)
    {
        var (position, ids) = await queues.ReadAsync(cancellationToken);
        var configuration = CenterConfiguration.Initial;
        var readAhead = new Dictionary<StreamId, long>();
        var completeAt = LogPosition.Start;
        // The revision is read first: what it counts is then in the streams that are read after it, or still to come.
        StreamId[] streams =
        [
            Aggregates.Configuration.Stream(ConfigurationRevised.StreamId),
            .. SettingsPages.All.Select(Aggregates.Settings.Stream),
            .. ids.Select(Aggregates.Queue.Stream),
        ];
        foreach (var stream in streams)
        {
            await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
            {
                configuration = configuration.Apply(stored.Data);
                readAhead[stream] = stored.Version;
                if (stored.Position > completeAt)
                    completeAt = stored.Position;
            }
        }

        return new Start(position, configuration, readAhead, completeAt);
    }

    private void Publish(CenterConfiguration configuration)
    {
        var before = known;
        known = new Known(configuration);
        before.Superseded.TrySetResult();
    }

    private async Task<CenterConfiguration> WaitAsync(long revision, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        while (true)
        {
            var latest = known;
            if (latest.Configuration is { } current && current.Revision >= revision)
                return current;
            try
            {
                await latest.Superseded.Task.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EventStoreUnavailableException("The configuration on this node is behind the log.");
            }
        }
    }

    private sealed record Start(
        LogPosition Position, CenterConfiguration Configuration, IReadOnlyDictionary<StreamId, long> ReadAhead, LogPosition CompleteAt);

    private sealed record Known(CenterConfiguration? Configuration)
    {
        public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
