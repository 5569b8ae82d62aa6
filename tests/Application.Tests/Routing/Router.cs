using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Routing;
using ContactCenter.Domain.Agents;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Application.Tests.Routing;

/// <summary>A routing worker of one node, with its own tail of the log, that believes to lead.</summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TestHost host;
    private readonly Task running;

    public Router(TestHost host, TimeProvider? clock = null)
    {
        this.host = host;
        var tail = host.Get<LogTail>();
        var worker = new RoutingWorker(
            new AlwaysLeading(), new SnapshotOfLog(host.Log), host.Store, tail, host.Get<Dispatcher>(), clock ?? host.Clock, NullLogger<RoutingWorker>.Instance);
        running = Task.WhenAll(Task.Run(() => tail.RunAsync(stop.Token)), Task.Run(() => worker.RunAsync(stop.Token)));
    }

    /// <summary>Offers made in vain so far: attempts of routing that left no event.</summary>
    public int Refused => host.Log.Events.Count(e => e.Metadata.Actor.Id == "routing" && e.Data is Application.Pipeline.CommandWithoutEffect);

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

    private sealed class SnapshotOfLog(InMemoryEventStore log) : IRoutingSnapshot
    {
        public Task<RoutingIds> ReadAsync(CancellationToken cancellationToken)
        {
            var events = log.Events;
            Guid[] Ids(string category) => [.. events.Where(e => e.Stream.Category == category).Select(e => e.Stream.Id).Distinct()];
            Guid[] signedIn = [.. Ids("agent").Where(id => events.Last(e => e.Stream.Id == id && e.Data is AgentSignedIn or AgentSignedOut).Data is AgentSignedIn)];
            return Task.FromResult(new RoutingIds(events.Count > 0 ? events[^1].Position : LogPosition.Start, Ids("session"), signedIn, Ids("queue")));
        }
    }
}
