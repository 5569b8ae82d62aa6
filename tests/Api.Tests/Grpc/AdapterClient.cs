using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Settings;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Ack = ContactCenter.V1.AdapterCommand.Types.Ack;
using Command = ContactCenter.V1.AdapterCommand.CommandOneofCase;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>An agent's adapter as an outside program is one: keeps what it is told, waits for what it is to be told.</summary>
internal sealed class AdapterClient : IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly AsyncDuplexStreamingCall<AdapterEvent, AdapterCommand> call;
    private readonly List<AdapterCommand> told = [];
    private readonly Task reading;
    private int requests;

    private AdapterClient(TestApi api, string? token, bool reads, bool lasts)
    {
        channel = GrpcChannel.ForAddress(api.Grpc);
        call = new AgentAdapter.AgentAdapterClient(lasts ? channel.CreateCallInvoker() : PatientCalls.Of(channel)).Connect(Auth(token));
        reading = reads ? ReadAsync() : Task.CompletedTask;
    }

    /// <summary>How the stream ended; null while it is open.</summary>
    public RpcException? Failure { get; private set; }

    public bool HasEnded { get; private set; }

    public IReadOnlyList<AdapterCommand> Told
    {
        get
        {
            lock (told)
                return [.. told];
        }
    }

    /// <summary>What belongs to the history, in the order it came.</summary>
    public IReadOnlyList<AdapterCommand> Updates => [.. Told.Where(c => c.Sequence > 0 && c.CommandCase != Command.Welcome)];

    public static Metadata Auth(string? token) => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };

    public static string TokenOf(HttpClient client) => client.DefaultRequestHeaders.Authorization!.Parameter!;

    /// <summary>Connects and sends the first event. Nothing ends one that lasts, however long the tests that share it take.</summary>
    public static async Task<AdapterClient> ConnectAsync(TestApi api, string? token, AdapterEvent first, bool reads = true, bool lasts = false)
    {
        var client = new AdapterClient(api, token, reads, lasts);
        try
        {
            await client.call.RequestStream.WriteAsync(first);
        }
        catch (RpcException)
        {
            // Refused before it was read; the status is the stream's.
        }

        return client;
    }

    public static async Task<AdapterClient> SignInAsync(TestApi api, HttpClient agent, int calls = 1, int chats = 3, bool reads = true, bool lasts = false)
    {
        var client = await ConnectAsync(api, TokenOf(agent), new() { SignIn = new() { Calls = calls, Chats = chats } }, reads, lasts);
        if (reads)
            await client.ToldAsync(c => c.CommandCase == Command.Welcome);
        return client;
    }

    public static Task<AdapterClient> ResumeAsync(TestApi api, HttpClient agent, long last) =>
        ConnectAsync(api, TokenOf(agent), new() { Resume = new() { LastSequence = last } });

    /// <summary>Sends one event and waits for its ack.</summary>
    public async Task<Ack> AskAsync(AdapterEvent sent)
    {
        sent.RequestId = $"r{Interlocked.Increment(ref requests)}";
        await call.RequestStream.WriteAsync(sent);
        return (await ToldAsync(c => c.Ack?.RequestId == sent.RequestId)).Ack;
    }

    /// <summary>Sends one event that must be accepted.</summary>
    public async Task DoAsync(AdapterEvent sent)
    {
        var ack = await AskAsync(sent);
        ack.Accepted.ShouldBeTrue($"{ack.Code}: {ack.Message}");
    }

    public Task CompleteAsync() => call.RequestStream.CompleteAsync();

    public Task SendAsync(AdapterEvent sent) => call.RequestStream.WriteAsync(sent);

    /// <summary>The first command told that is so.</summary>
    public async Task<AdapterCommand> ToldAsync(Func<AdapterCommand, bool> isSo, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        AdapterCommand? found = null;
        await Eventually.TrueAsync(() => (found = Told.FirstOrDefault(isSo)) is not null || HasEnded, TimeSpan.FromSeconds(60), what);
        return found ?? throw new InvalidOperationException($"The stream ended before it told {what}: {Failure}");
    }

    public async Task<AdapterCommand.Types.Offer> OfferAsync(Guid sessionId) =>
        (await ToldAsync(c => c.Offer?.SessionId == sessionId.ToString())).Offer;

    public async Task<AdapterCommand.Types.Offer> AcceptAsync(Guid sessionId)
    {
        var offer = await OfferAsync(sessionId);
        await DoAsync(new() { AcceptOffer = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        return offer;
    }

    public Task<AdapterCommand> StatusAsync(Guid sessionId, SessionStatus status) =>
        ToldAsync(c => c.SessionUpdate is { } u && u.SessionId == sessionId.ToString() && u.Status == status);

    /// <summary>From each number that it was told, it would be told the rest of the same: on any node, since only the log is asked.</summary>
    public async Task GoesOnFromEachAsync(TestApi api, Guid agentId)
    {
        var numbers = Updates.Select(c => c.Sequence).ToList();
        numbers.ShouldBe(numbers.Order().Distinct());
        for (var seen = 0; seen < numbers.Count; seen++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var connection = await AdapterConnection.OpenAsync(
                api.Get<AdapterHub>(), api.Get<IEventStore>(), api.Get<AggregateReader>(), api.Get<ICenterConfiguration>(), agentId, new(numbers[seen]), patience.Token);
            connection.From.Value.ShouldBe(numbers[seen], $"{seen} of {numbers.Count}");
            var rest = await connection.UpdatesAsync(patience.Token).Take(numbers.Count - seen - 1).Select(u => u.Sequence.Value).ToListAsync(patience.Token);
            rest.ShouldBe(numbers.Skip(seen + 1));
        }
    }

    /// <summary>How the stream ends.</summary>
    public async Task<StatusCode> EndAsync()
    {
        await Eventually.TrueAsync(() => HasEnded, TimeSpan.FromSeconds(60));
        return Failure?.StatusCode ?? StatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        call.Dispose();
        await reading;
        channel.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var command in call.ResponseStream.ReadAllAsync())
            {
                lock (told)
                    told.Add(command);
            }
        }
        catch (RpcException e)
        {
            Failure = e;
        }
        finally
        {
            HasEnded = true;
        }
    }
}
