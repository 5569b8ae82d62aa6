using ContactCenter.Application;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Leases;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>The application, its jobs and its adapters as one node of the product has them, without its edge.</summary>
internal sealed class AppNode : IAsyncDisposable
{
    private static readonly EventTypeRegistry Types = EventTypeRegistry.OfProduct();
    private readonly LogNode log;
    private readonly IHost host;
    private readonly CancellationTokenSource gone = new();
    private Task following = Task.CompletedTask;

    private AppNode(LogNode log, IHost host)
    {
        this.log = log;
        this.host = host;
    }

    public IEventStore Store => host.Services.GetRequiredService<IEventStore>();

    public ITickets Tickets => host.Services.GetRequiredService<ITickets>();

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <param name="connectionString">The database.</param>
    /// <param name="storage">The recordings.</param>
    /// <param name="clock">The time.</param>
    /// <param name="change">Puts something between the node and its adapters.</param>
    public static async Task<AppNode> StartAsync(
        string connectionString, IRecordingStorage storage, TimeProvider? clock = null, Action<IServiceCollection>? change = null)
    {
        var node = await LogNode.StartAsync(connectionString, Types);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var all = builder.Services;
        all.AddSingleton(clock ?? TimeProvider.System);
        all.AddSingleton(node.DataSource);
        all.AddSingleton<IPersonalDataProtector>(node.Keys);
        all.AddSingleton(node.Store);
        all.AddSingleton<IEventStore>(node.Store);
        all.AddSingleton(new LogMaintenance(node.DataSource));
        all.AddSingleton(node.Store.Committed);
        all.AddSingleton<LogTail>();
        all.AddSingleton<ILiveFeed>(s => s.GetRequiredService<LogTail>());
        all.AddHostedService<Readers>();
        all.AddSingleton<IQueueIds, QueueIds>();
        all.AddSingleton<LostRecordings>();
        all.AddSingleton<ILeases, PostgresLeases>();
        all.AddSingleton(storage);
        if (storage is IRecordingKeyRotation rotation)
            all.AddSingleton(rotation);
        all.AddSingleton<IMediaEngine, SilentEngine>();
        all.AddSingleton<IProviderRecordings, NoProvider>();
        all.AddSingleton<IRecordingHome>(new RegionPlace(node.DataSource, RecordingRegion.Eea));
        all.AddReadModel<MonitoredSession, SessionsProjection>();
        all.AddReadModel<AgentCard, AgentsProjection>();
        all.AddReadModel<QueueCard, QueuesProjection>();
        all.AddReadModel<RecordingCard, RecordingsProjection>();
        all.AddSingleton(new ProjectionOptions());
        all.AddApplication();
        all.AddJobs(connectionString);
        change?.Invoke(all);
        return new AppNode(node, builder.Build());
    }

    /// <summary>Starts what works in the background: outbox, scheduler, presence.</summary>
    public Task StartJobsAsync() => host.StartAsync();

    public Task StopJobsAsync() => host.StopAsync();

    /// <summary>Reads the configuration on and does nothing else, until the node is gone: it takes commands, and dies before their effects.</summary>
    public async Task KnowConfigurationAsync()
    {
        following = Task.WhenAll(Get<LogTail>().RunAsync(gone.Token), Get<CenterConfigurationFollower>().RunAsync(gone.Token));
        await Get<ICenterConfiguration>().AtLeastAsync(0, default);
    }

    public Task<Result<TAnswer>> SendAsync<TAnswer>(MediatR.IRequest<Result<TAnswer>> request) =>
        Get<Dispatcher>().SendAsSystemAsync("tests", request, default);

    /// <summary>Appends events as they are, with the effects that they have, after whatever the jobs write meanwhile.</summary>
    public async Task AppendAsync<TState>(AggregateType<TState> type, Guid id, params IDomainEvent[] events)
        where TState : class
    {
        var now = Get<TimeProvider>().GetUtcNow();
        var stream = type.Stream(id);
        var written = events.Select(e => new NewEvent(Sample.NewId(), e)).ToArray();
        var outbox = written.SelectMany(e => Get<IEnumerable<IEffects>>().SelectMany(effects => effects.Of(e, now))).ToList();
        AppendResult answer;
        do
        {
            var version = (await log.Store.ReadStreamAsync(stream, 0, 1000, default)).Count;
            answer = await log.Store.AppendAsync(Sample.Append(stream, version, written) with { Outbox = outbox }, default);
        }
        while (answer is VersionConflict);
        answer.ShouldBeOfType<Appended>();
    }

    public async Task<IReadOnlyList<IDomainEvent>> EventsAsync<TState>(AggregateType<TState> type, Guid id)
        where TState : class => [.. (await log.Store.ReadStreamAsync(type.Stream(id), 0, 1000, default)).Select(e => e.Data)];

    /// <summary>An engine has carried out all that it was asked for a call.</summary>
    public async Task CarriedOutAsync(Guid sessionId)
    {
        await using var command = log.DataSource.CreateCommand("delete from outbox where lane = 'media' and (key = $1 or payload like '%' || $1 || '%')");
        command.Parameters.Add(new() { Value = sessionId.ToString() });
        (await command.ExecuteNonQueryAsync()).ShouldBePositive();
    }

    public async Task<long> OutboxAsync(string kind)
    {
        await using var command = log.DataSource.CreateCommand("select count(*) from outbox where kind = $1");
        command.Parameters.Add(new() { Value = kind });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await following.ContinueWith(_ => { }, TaskScheduler.Default);
        gone.Dispose();
        host.Dispose();
        await log.DisposeAsync();
    }

    /// <summary>A voice provider that keeps nothing.</summary>
    private sealed class NoProvider : IProviderRecordings
    {
        public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    /// <summary>What jobs look things up in: read models, and the configuration.</summary>
    private sealed class Readers(
        IEnumerable<IProjectionRunner> runners, LogTail tail, CenterConfigurationFollower configuration, IReadModel<MonitoredSession> sessions, IReadModel<AgentCard> agents)
        : BackgroundService
    {
        /// <summary>Jobs begin with read models that are there, as they are on any day but a database's first.</summary>
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await base.StartAsync(cancellationToken);
            await Eventually.TrueAsync(async () =>
            {
                try
                {
                    await sessions.PositionAsync(cancellationToken);
                    await agents.PositionAsync(cancellationToken);
                    await configuration.AtLeastAsync(0, cancellationToken);
                    return true;
                }
                catch (EventStoreUnavailableException)
                {
                    return false;
                }
            });
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.WhenAll([.. runners.Select(r => r.RunAsync(stoppingToken)), tail.RunAsync(stoppingToken), FollowAsync(stoppingToken)]);

        private async Task FollowAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await configuration.RunAsync(stoppingToken);
                }
                catch (EventStoreUnavailableException)
                {
                    // The read models are being built.
                    await Task.Delay(50, CancellationToken.None);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>An engine that no call is on; only its name matters to these tests.</summary>
    private sealed class SilentEngine : IMediaEngine
    {
        public string Name => "silent";

        public bool Knows(Guid sessionId) => false;

        public Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken) => Task.CompletedTask;

        public async IAsyncEnumerable<AudioFrame> ListenAsync(
            Guid sessionId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }
    }
}
