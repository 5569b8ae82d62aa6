using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Crm.Zendesk;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Crm.Zendesk;

/// <summary>The whole way of a recording into Zendesk, with Zendesk failing at each of its calls in each way.</summary>
public sealed class ZendeskUploadTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly ZendeskFault[] NoAnswer = [ZendeskFault.Slow, ZendeskFault.Silent];

    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private ZendeskServer server = null!;
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        server = await ZendeskServer.StartAsync(clock);
    }

    /// <summary>Only a server that does not answer is to be given up on: else a busy machine would be taken for one.</summary>
    private async Task StartAsync(TimeSpan patience) =>
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock, services =>
        {
            services.AddZendesk(server.Options with { Patience = patience, UploadPatience = patience });
            services.AddSingleton(all => ActivatorUtilities.CreateInstance<RecordingParts>(all, 20_000L));
        });

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Whatever_Zendesk_answers_at_any_call_each_part_is_there_once_in_order_and_nothing_is_left_here()
    {
        await StartAsync(TimeSpan.FromMinutes(1));
        await AtAnyCallAsync([.. Enum.GetValues<ZendeskFault>().Except([ZendeskFault.None, .. NoAnswer])]);
    }

    [Fact]
    public async Task Wherever_Zendesk_does_not_answer_each_part_is_there_once_in_order_and_nothing_is_left_here()
    {
        await StartAsync(TimeSpan.FromSeconds(2));
        await AtAnyCallAsync(NoAnswer);
    }

    private async Task AtAnyCallAsync(ZendeskFault[] faults)
    {
        await ArriveAsync(ZendeskFault.None, at: 0);
        var calls = server.Calls.Count;
        calls.ShouldBeGreaterThan(12);
        foreach (var fault in faults)
        {
            for (var at = 1; at <= calls; at++)
                await ArriveAsync(fault, at);
        }
    }

    private async Task ArriveAsync(ZendeskFault fault, int at)
    {
        var what = $"{fault} at call {at}";
        var call = await RecordedCall.WriteAsync(node, folder, 16_000, 14_000);
        var called = 0;
        string? failed = null;
        server.Fault = method =>
        {
            if (Interlocked.Increment(ref called) != at)
                return ZendeskFault.None;
            failed = method;
            return fault;
        };
        for (var attempt = 0; await node.EventsAsync(Aggregates.Recording, call.RecordingId) is not [.., RecordingPurged]; attempt++)
        {
            attempt.ShouldBeLessThan(5, what);
            (await node.SendAsync(new UploadRecording(call.RecordingId))).Error.ShouldBeNull(what);
            clock.Skip(TimeSpan.FromMinutes(10));
        }

        var events = await node.EventsAsync(Aggregates.Recording, call.RecordingId);
        // A change that met another is made again at once; all else is told, with its reason, and tried again later.
        var isTold = fault != ZendeskFault.None && !(fault == ZendeskFault.Conflict && failed!.StartsWith("PUT", StringComparison.Ordinal));
        events.OfType<RecordingUploadFailed>().Select(f => f.Reason).ShouldBe(isTold ? [ReasonOf(fault)] : [], what);
        // Of an upload whose answer is lost nobody here knows the token: Zendesk deletes it within the hour.
        if (fault is ZendeskFault.AnswerLost or ZendeskFault.Slow && failed == "POST /api/v2/uploads.json")
            clock.Skip(server.Store.TokenLife);
        server.Store.Uploads.ShouldBe(0, what);
        events[^1].ShouldBeOfType<RecordingPurged>().Reason.ShouldBe(PurgeReason.Confirmed, what);
        (await folder.Storage.ExistsAsync(call.RecordingId, default)).ShouldBeFalse(what);
        var files = server.Store.FilesOf(server.Store.TicketOf(call.SessionId));
        files.Select(f => f.Name).ShouldBe([$"Call recording {call.SessionId} part 1 of 2.wav", $"Call recording {call.SessionId} part 2 of 2.wav"], what);
        var samples = files.SelectMany(f => WavReader.Read(new MemoryStream(f.Bytes)).Samples).SelectMany(BitConverter.GetBytes);
        samples.SequenceEqual(call.Audio).ShouldBeTrue(what);
    }

    private static UploadFailure ReasonOf(ZendeskFault fault) => fault switch
    {
        ZendeskFault.Limited => UploadFailure.ApiLimit,
        ZendeskFault.TooLarge => UploadFailure.TooLarge,
        _ => UploadFailure.NotConfirmed,
    };
}
