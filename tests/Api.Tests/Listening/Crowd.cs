using ContactCenter.Api.Tests.Grpc;
using ContactCenter.V1;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>So many monitorings of each session, in every way but barging in: they come, hear or read something, and go.</summary>
internal sealed class Crowd(int size)
{
    private const int AtOnce = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How many began.</summary>
    public int Began { get; private set; }

    /// <summary>How many of them were given something to hear or read.</summary>
    public int Heard { get; private set; }

    public async Task ComeAndGoAsync(Stage stage)
    {
        using var channel = GrpcChannel.ForAddress(stage.Api.Grpc);
        var client = new V1.Monitoring.MonitoringClient(channel);
        // Of who stays to the end, however long the others take.
        using var end = new CancellationTokenSource();
        List<IDisposable> staying = [];
        foreach (var group in Enumerable.Range(0, Share(stage.Step)).Chunk(AtOnce))
        {
            using var patience = new CancellationTokenSource(Patience);
            List<(IDisposable Stream, Task<bool> First)> come = [];
            foreach (var number in group)
                come.Add(await BeginAsync(client, stage, number, patience.Token, end.Token));
            await stage.Tick();
            foreach (var (stream, first) in come)
            {
                Heard += await first.WaitAsync(patience.Token) ? 1 : 0;
                // One of them stays to the end.
                if (stream == come[0].Stream)
                    staying.Add(stream);
                else
                    stream.Dispose();
            }
        }

        foreach (var one in staying)
            one.Dispose();
    }

    private int Share(int step) => step switch
    {
        0 => size / 2,
        1 => size / 4,
        _ => size - (size / 2) - (size / 4),
    };

    private async Task<(IDisposable Stream, Task<bool> First)> BeginAsync(V1.Monitoring.MonitoringClient client, Stage stage, int number, CancellationToken patience, CancellationToken end)
    {
        var auth = AdapterClient.Auth(AdapterClient.TokenOf(stage.Supervisor));
        Began++;
        if (stage.IsCall)
        {
            var mode = number % AtOnce == AtOnce - 1 ? MonitorMode.Coach : MonitorMode.Silent;
            var listening = client.Listen(new ListenRequest { SessionId = stage.SessionId.ToString(), Mode = mode }, auth, cancellationToken: end);
            await listening.ResponseHeadersAsync.WaitAsync(patience);
            return (listening, listening.ResponseStream.MoveNext(end));
        }

        if (number % 2 == 0)
        {
            var viewing = client.ViewChat(new ViewChatRequest { SessionId = stage.SessionId.ToString() }, auth, cancellationToken: end);
            return (viewing, viewing.ResponseStream.MoveNext(end));
        }

        var view = await EventStream.OpenAsync(stage.Supervisor, $"/v1/sessions/{stage.SessionId}/live");
        return (view, SnapshotAsync(view));
    }

    private static async Task<bool> SnapshotAsync(EventStream view) => await view.NextAsync() is { Name: "snapshot" };
}
