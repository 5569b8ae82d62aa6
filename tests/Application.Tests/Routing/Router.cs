using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Routing;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Tests.Routing;

/// <summary>A routing worker of one node, with its own tail of the log, that believes to lead.</summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly RefusalCount refusals = new();
    private readonly Task running;

    /// <param name="host">The node.</param>
    /// <param name="clock">Its clock, if it is another.</param>
    /// <param name="followsFrom">From where the log is followed, if the rows it begins with are ahead of it.</param>
    public Router(TestHost host, TimeProvider? clock = null, LogPosition? followsFrom = null)
    {
        var tail = host.Get<LogTail>();
        var worker = new RoutingWorker(
            new AlwaysLeading(), new SnapshotOfLog(host.Log, followsFrom), host.Store, host.Get<AggregateReader>(), tail, host.Get<Dispatcher>(), clock ?? host.Clock, refusals);
        running = Task.WhenAll(Task.Run(() => tail.RunAsync(stop.Token)), Task.Run(() => worker.RunAsync(stop.Token)));
    }

    /// <summary>Offers made in vain so far. They leave no event, as routing is nobody who asked for something; it tells them.</summary>
    public int Refused => refusals.Count;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private sealed class AlwaysLeading : ILeases
    {
        public Task RunWhileLeaderAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken) => work(cancellationToken);
    }

    private sealed class SnapshotOfLog(InMemoryEventStore log, LogPosition? after) : IRoutingSnapshot
    {
        public Task<RoutingStart> ReadAsync(CancellationToken cancellationToken)
        {
            var events = log.Events;
            Guid[] Ids(string category) => [.. events.Where(e => e.Stream.Category == category).Select(e => e.Stream.Id).Distinct()];
            var projection = new AgentsProjection();
            IEnumerable<AgentCard> cards = events.Where(e => projection.KeyOf(e) is not null).GroupBy(projection.KeyOf)
                .Select(ofOne => ofOne.Aggregate((AgentCard?)null, projection.Evolve)!).Where(card => card.Version > 0);
            return Task.FromResult(new RoutingStart(after ?? (events.Count > 0 ? events[^1].Position : LogPosition.Start), Ids("session"), [.. cards], Ids("queue")));
        }
    }

    private sealed class RefusalCount : ILogger<RoutingWorker>
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).StartsWith("Offer of", StringComparison.Ordinal))
                Interlocked.Increment(ref count);
        }
    }
}
