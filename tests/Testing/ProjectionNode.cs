using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Leases;
using ContactCenter.Infrastructure.Projections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Testing;

/// <summary>One node with a log, its live tail, leases, and whatever projections it is told to run.</summary>
public sealed class ProjectionNode : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private LogPosition appended;

    private ProjectionNode(LogNode log)
    {
        Log = log;
        Tail = new LogTail(log.Store, log.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance);
        Leases = new PostgresLeases(log.DataSource, TimeProvider.System, NullLogger<PostgresLeases>.Instance);
        running.Add(Tail.RunAsync(stop.Token));
    }

    public static EventTypeRegistry Types { get; } = new(
        typeof(SessionEvent).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(Domain.Abstractions.IDomainEvent)))
            .Concat([typeof(SampleNoted), typeof(SampleWritten), typeof(Application.Pipeline.CommandWithoutEffect)]));

    public LogNode Log { get; }

    public LogTail Tail { get; }

    public PostgresLeases Leases { get; }

    public CancellationToken Stopping => stop.Token;

    public static async Task<ProjectionNode> StartAsync(string connectionString) =>
        new(await LogNode.StartAsync(connectionString, Types));

    /// <summary>Runs a projection on this node, whenever it holds the lease.</summary>
    public IReadModel<TView> Run<TView>(Projection<TView> projection, ProjectionOptions? options = null)
        where TView : class
    {
        var runner = new ProjectionRunner<TView>(
            projection, Leases, Log.DataSource, Log.Store, Tail, TimeProvider.System, options ?? new ProjectionOptions(), NullLogger<ProjectionRunner<TView>>.Instance);
        running.Add(runner.RunAsync(stop.Token));
        return Reader(projection);
    }

    public IReadModel<TView> Reader<TView>(Projection<TView> projection)
        where TView : class =>
        new PostgresReadModel<TView>(projection, Log.DataSource);

    public async Task<AppendResult> AppendAsync(StreamId stream, long expectedVersion, params NewEvent[] events)
    {
        var result = await Log.Store.AppendAsync(Sample.Append(stream, expectedVersion, events), CancellationToken.None);
        lock (running)
            appended = result is Appended done && done.Position > appended ? done.Position : appended;
        return result;
    }

    /// <summary>
    /// Waits until a read model has folded everything that is in the log now, and what this node has appended: while
    /// any transaction of the cluster is open, the log does not show that yet.
    /// </summary>
    public async Task CatchUpAsync<TView>(IReadModel<TView> rows)
        where TView : class
    {
        var end = await Log.Store.ReadEndAsync(CancellationToken.None);
        lock (running)
            end = appended > end ? appended : end;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return await rows.PositionAsync(CancellationToken.None) >= end;
                }
                catch (EventStoreUnavailableException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
            return;
        await stop.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default);
        await Leases.DisposeAsync();
        await Log.DisposeAsync();
    }
}
