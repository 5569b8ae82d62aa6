using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Outbox;

/// <summary>What jobs work off: uploads that take long, and a database that dies meanwhile.</summary>
public sealed class DueMessagesTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly OutboxOptions Patient = new() { Lease = TimeSpan.FromMinutes(10), IdlePoll = TimeSpan.FromMilliseconds(20) };
    private readonly RecordingFolder folder = new();
    private readonly Told told = new();

    public void Dispose()
    {
        folder.Dispose();
        told.Dispose();
    }

    [Fact]
    public async Task What_is_in_flight_when_the_database_dies_is_taken_again_and_done_without_a_restart()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var node = await StartAsync(new OutboxOptions { Lease = TimeSpan.FromSeconds(9) }, cluster.ConnectionString());
        var (crm, call) = (node.Get<SlowCrm>(), await RecordedCall.WriteAsync(node, folder, 16_000));
        crm.HoldUp(call);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(() => crm.Held == 1, Soon);

        await cluster.KillServerAsync();
        crm.GoOn();
        await Eventually.TrueAsync(() => told.Words.Contains("could not be given back", StringComparison.Ordinal), Soon);
        await cluster.StartServerAsync();

        await Eventually.TrueAsync(() => IsConfirmedAsync(node, call), Soon);
        await node.StopJobsAsync();
    }

    [Fact]
    public async Task One_that_takes_long_holds_up_none_that_are_due_with_it_or_after_it()
    {
        const int Parallel = 2;
        await using var node = await StartAsync(Patient);
        var crm = node.Get<SlowCrm>();
        var slow = await RecordedCall.WriteAsync(node, folder, 16_000);
        var with = await WriteAsync(node, Parallel + 1);
        crm.HoldUp(slow);
        var working = UploadAsync(node, Parallel, default);
        await ShouldBeConfirmedAsync(node, with);
        await ShouldBeConfirmedAsync(node, await WriteAsync(node, Parallel + 1));
        (crm.Held, working.IsCompleted).ShouldBe((1, false));

        crm.GoOn();
        await working.WaitAsync(Soon);
        (await IsConfirmedAsync(node, slow)).ShouldBeTrue();
    }

    [Fact]
    public async Task Everything_that_is_due_is_worked_off_however_much_it_is()
    {
        await using var node = await StartAsync(Patient);
        var calls = await WriteAsync(node, 27);
        await UploadAsync(node, parallel: 1, default);
        foreach (var call in calls)
            (await IsConfirmedAsync(node, call)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_stops_gives_back_what_it_began_and_what_it_did_not()
    {
        await using var node = await StartAsync(Patient);
        var calls = await WriteAsync(node, 3);
        foreach (var call in calls)
            node.Get<SlowCrm>().HoldUp(call);
        using var stop = new CancellationTokenSource();
        var working = UploadAsync(node, parallel: 1, stop.Token);
        await Eventually.TrueAsync(() => node.Get<SlowCrm>().Held == 1, Soon);
        await stop.CancelAsync();
        await working.WaitAsync(Soon);

        var given = await node.Get<OutboxStore>().ClaimDueAsync(OutboxKinds.RecordingUpload, 10, default);
        given.Select(g => OutboxJson.Read<RecordingDue>(g.Message.Payload).RecordingId).ShouldBe(calls.Select(c => c.RecordingId), ignoreOrder: true);
        given.ShouldAllBe(g => g.Attempts == 0);
    }

    private Task<AppNode> StartAsync(OutboxOptions options, string? elsewhere = null) => AppNode.StartAsync(elsewhere ?? database.ConnectionString, folder.Storage, change: services => services
        .AddSingleton(options)
        .AddSingleton(all => new SlowCrm(all.GetRequiredService<BuiltInCrm>()))
        .AddSingleton<ICrm>(all => all.GetRequiredService<SlowCrm>())
        .AddSingleton<ILoggerFactory>(_ => LoggerFactory.Create(logging => logging.AddProvider(told))));

    private async Task<RecordedCall[]> WriteAsync(AppNode node, int count)
    {
        List<RecordedCall> calls = [];
        while (calls.Count < count)
            calls.Add(await RecordedCall.WriteAsync(node, folder, 1_600));
        return [.. calls];
    }

    private static Task UploadAsync(AppNode node, int parallel, CancellationToken cancellationToken) => node.Get<DueMessages>().SendAsync(
        OutboxKinds.RecordingUpload, parallel, m => new UploadRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), cancellationToken);

    private static async Task ShouldBeConfirmedAsync(AppNode node, IEnumerable<RecordedCall> calls)
    {
        foreach (var call in calls)
            await Eventually.TrueAsync(() => IsConfirmedAsync(node, call), Soon);
    }

    private static async Task<bool> IsConfirmedAsync(AppNode node, RecordedCall call)
    {
        try
        {
            return (await node.EventsAsync(Aggregates.Recording, call.RecordingId))[^1] is RecordingPurged { Reason: PurgeReason.Confirmed };
        }
        catch (EventStoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>A CRM that holds up some calls' recordings until it is told to go on.</summary>
    private sealed class SlowCrm(ICrm inner) : ICrm
    {
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> slow = [];
        private int held;

        public string Name => inner.Name;

        public int Held => Volatile.Read(ref held);

        public void HoldUp(RecordedCall call) => slow.Add(call.SessionId.ToString());

        public void GoOn() => goOn.SetResult();

        public Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken) => inner.OpenTicketAsync(ticket, cancellationToken);

        public Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken) =>
            inner.AddCommentAsync(ticketId, commentId, body, cancellationToken);

        public Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) =>
            inner.FindAttachmentAsync(ticketId, externalId, cancellationToken);

        public async Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken)
        {
            if (slow.Any(s => file.FileName.Contains(s, StringComparison.Ordinal)))
            {
                Interlocked.Increment(ref held);
                await goOn.Task.WaitAsync(cancellationToken);
            }

            return await inner.AttachAsync(ticketId, file, cancellationToken);
        }
    }

    /// <summary>What a node's log says.</summary>
    private sealed class Told : ILoggerProvider, ILogger
    {
        private readonly Lock gate = new();
        private string words = "";

        public string Words
        {
            get
            {
                lock (gate)
                    return words;
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (gate)
                words += formatter(state, exception) + "\n";
        }

        public void Dispose()
        {
            // Nothing is kept but words.
        }
    }
}
