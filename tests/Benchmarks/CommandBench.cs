using System.Net.Http.Json;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace ContactCenter.Benchmarks;

/// <summary>
/// Commands end to end: 32 callers, each with a connected chat, send messages through the whole pipeline into the log.
/// Service and clients share this process and the machine.
/// </summary>
internal sealed class CommandBench : IBenchGroup
{
    private const int Callers = 32;
    private const int Events = 2_000_000;

    public string Name => "commands";

    public async Task RunAsync(BenchContext context)
    {
        await using (var center = await CommandCenter.StartAsync(await context.CreateDatabaseAsync()))
        {
            var chats = await center.ConnectAsync(Callers);
            await CostAsync(context, center, chats);
            await RestAsync(context, center, chats);
            // Last: an agent whose adapter is gone for a while loses its chat.
            await GrpcAsync(context, center, chats);
        }

        await LargeLogAsync(context);
    }

    private static async Task GrpcAsync(BenchContext context, CommandCenter center, IReadOnlyList<ConnectedChat> chats)
    {
        var adapters = await Task.WhenAll(chats.Select(chat => MessagingAdapter.OpenAsync(center, chat)));
        await Load.WarmAsync(Callers, context.WarmLimit, caller => adapters[caller].SendAsync);
        Record(context, "grpc_commands_c32", await Load.RunAsync(Callers, context.Duration, caller => adapters[caller].SendAsync));
        foreach (var adapter in adapters)
            await adapter.DisposeAsync();
    }

    private static async Task RestAsync(BenchContext context, CommandCenter center, IReadOnlyList<ConnectedChat> chats)
    {
        await Load.WarmAsync(Callers, context.WarmLimit, Sender);
        Record(context, "rest_commands_c32", await Load.RunAsync(Callers, context.Duration, Sender));

        Func<Task> Sender(int caller)
        {
            var client = center.ConsumerOf(chats[caller].SessionId);
            return async () =>
            {
                using var answer = await client.PostAsJsonAsync($"/v1/sessions/{chats[caller].SessionId}/messages", new { text = "Where is my parcel? It should have been here yesterday." });
                answer.EnsureSuccessStatusCode();
            };
        }
    }

    /// <summary>The path from the dispatcher to the log, without any wire; with the projections and live feed it wakes.</summary>
    private static async Task CostAsync(BenchContext context, CommandCenter center, IReadOnlyList<ConnectedChat> chats)
    {
        await Load.WarmAsync(Callers, context.WarmLimit, Sender);
        var warm = (await Load.RunAsync(Callers, context.Duration / 4, Sender)).PerSecond;
        var (used, allocated) = (await ProcessorTime.NowAsync(context.Cluster), GC.GetTotalAllocatedBytes(precise: true));
        var sent = 0;
        await Load.RunAsync(Callers, context.Duration, caller => async () =>
        {
            await center.SendMessageAsync(chats[caller]);
            Interlocked.Increment(ref sent);
        });
        var (service, database) = await ProcessorTime.SinceAsync(used, context.Cluster, sent);
        context.Record("dispatched_commands_c32_per_s", warm);
        context.Record("command_alloc_bytes", (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / sent);
        context.Record("command_cpu_us", service);
        context.Record("command_database_cpu_us", database);

        Func<Task> Sender(int caller) => () => center.SendMessageAsync(chats[caller]);
    }

    /// <summary>The time of a command with two million events in the log, by that without; below 1.1 history costs nothing.</summary>
    private static async Task LargeLogAsync(BenchContext context)
    {
        var (emptyDatabase, largeDatabase) = (await context.CreateDatabaseAsync(), await context.CreateDatabaseAsync());
        var (fresh, aged) = (await PrepareAsync(emptyDatabase), await PrepareAsync(largeDatabase));
        await using (var source = NpgsqlDataSource.Create(largeDatabase))
            await LargeLogBench.FillAsync(source, Events);
        await using var empty = await CommandCenter.WithoutWorkersAsync(emptyDatabase);
        await using var large = await CommandCenter.WithoutWorkersAsync(largeDatabase);
        var ratios = new List<double>();
        // In turns, so that what else the machine does meets both.
        for (var turn = 0; turn < 3; turn++)
        {
            var without = await Load.RunAsync(Callers, context.Duration / 2, caller => () => empty.SendMessageAsync(fresh[caller]));
            var with = await Load.RunAsync(Callers, context.Duration / 2, caller => () => large.SendMessageAsync(aged[caller]));
            ratios.Add(without.PerSecond / with.PerSecond);
        }

        context.Record("command_2m_over_0", ratios.Order().ElementAt(1));
    }

    private static async Task<IReadOnlyList<ConnectedChat>> PrepareAsync(string database)
    {
        await using var center = await CommandCenter.StartAsync(database);
        return await center.ConnectAsync(Callers);
    }

    private static void Record(BenchContext context, string name, Reached reached)
    {
        context.Record($"{name}_per_s", reached.PerSecond);
        context.Record($"{name}_p50_ms", reached.P50);
        context.Record($"{name}_p99_ms", reached.P99);
    }

    /// <summary>An adapter that sends messages in its one chat and waits for each ack.</summary>
    private sealed class MessagingAdapter : IAsyncDisposable
    {
        private readonly GrpcChannel channel;
        private readonly AsyncDuplexStreamingCall<AdapterEvent, AdapterCommand> call;
        private readonly string sessionId;
        private int requests;

        private MessagingAdapter(CommandCenter center, ConnectedChat chat)
        {
            channel = GrpcChannel.ForAddress(center.Grpc);
            sessionId = chat.SessionId.ToString();
            call = new AgentAdapter.AgentAdapterClient(channel).Connect(new Metadata { { "authorization", $"Bearer {center.TokenOf(chat.AgentId)}" } });
        }

        public static async Task<MessagingAdapter> OpenAsync(CommandCenter center, ConnectedChat chat)
        {
            var adapter = new MessagingAdapter(center, chat);
            await adapter.AskAsync(new AdapterEvent { SignIn = new() { Chats = 1, Channels = { Channel.Web } } });
            return adapter;
        }

        public Task SendAsync() => AskAsync(new AdapterEvent
        {
            SendMessage = new()
            {
                SessionId = sessionId,
                MessageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString(),
                Text = "The parcel left our house this morning and should be with you by tomorrow.",
            },
        });

        public ValueTask DisposeAsync()
        {
            call.Dispose();
            channel.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task AskAsync(AdapterEvent sent)
        {
            sent.RequestId = $"{++requests}";
            await call.RequestStream.WriteAsync(sent);
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (call.ResponseStream.Current.Ack is { } ack && ack.RequestId == sent.RequestId)
                {
                    if (!ack.Accepted)
                        throw new InvalidOperationException($"{ack.Code}: {ack.Message}");
                    return;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }
}
