using System.Diagnostics;
using ContactCenter.Rpc.Tests.Protos;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace ContactCenter.Rpc.Tests;

/// <summary>Statuses, deadlines, cancellation and the server's end.</summary>
public sealed class EndingTests : IAsyncLifetime
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private RpcServer _server = null!;
    private Echo.EchoClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await RpcServer.StartAsync(options => options.StreamShutdownGrace = TimeSpan.FromMilliseconds(50));
        _client = _server.Client();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task A_status_arrives_with_its_text_trailers_and_details(StatusCode code)
    {
        var request = new EchoRequest { Then = Then.Fail, Status = (int)code, Text = "nicht gültig: 100 % größer\n✓" };
        var e = await Should.ThrowAsync<RpcException>(async () => await _client.SayAsync(request));
        e.Status.ShouldBe(new Status(code, request.Text));
        e.Trailers.GetValue("x-trailer").ShouldBe("set before");
        var details = e.GetRpcStatus().ShouldNotBeNull();
        details.Code.ShouldBe((int)code);
        details.GetDetail<ErrorInfo>()!.Reason.ShouldBe("TEST");
        details.GetDetail<BadRequest>()!.FieldViolations.Single().Field.ShouldBe("text");
        details.GetDetail<RetryInfo>().ShouldBeNull();
    }

    [Fact]
    public async Task A_status_after_messages_ends_the_stream()
    {
        using var call = _client.Repeat(new EchoRequest { Count = 2, Then = Then.Fail, Status = (int)StatusCode.DataLoss, Text = "lost" });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var e = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        e.Status.ShouldBe(new Status(StatusCode.DataLoss, "lost"));
        call.GetStatus().StatusCode.ShouldBe(StatusCode.DataLoss);
        call.GetTrailers().GetValue("x-trailer").ShouldBe("set before");
    }

    [Fact]
    public async Task What_a_handler_throws_stays_on_the_server()
    {
        var e = await Should.ThrowAsync<RpcException>(async () => await _client.SayAsync(new EchoRequest { Then = Then.Throw }));
        e.Status.ShouldBe(new Status(StatusCode.Unknown, "Exception was thrown by handler."));
    }

    [Fact]
    public async Task A_server_that_refuses_early_is_heard_while_requests_are_written()
    {
        using var call = _client.Collect(new Metadata { { "x-then", "fail-early" } });
        var write = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (true)
                await call.RequestStream.WriteAsync(new EchoRequest { Text = "more" });
        });
        write.Status.ShouldBe(new Status(StatusCode.PermissionDenied, "not you"));
        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task The_server_answers_at_the_deadline_even_if_the_handler_does_not_look()
    {
        var body = RawCall.Frame(new EchoRequest { Then = Then.Ignore });
        var call = await RawCall.SendAsync(_server, "/rpc.test.v1.Echo/Say", body, request => request.Headers.Add("grpc-timeout", "2S"));
        call.Status.ShouldBe(StatusCode.DeadlineExceeded);
        _server.Log.LetGo.Release();
        await _server.Log.Happened("let go");
    }

    [Fact]
    public async Task The_server_ends_a_stream_at_the_deadline_after_what_was_sent()
    {
        var body = RawCall.Frame(new EchoRequest { Count = 3, Size = 100, Then = Then.Ignore });
        var call = await RawCall.SendAsync(_server, "/rpc.test.v1.Echo/Repeat", body, request => request.Headers.Add("grpc-timeout", "2S"));
        call.Status.ShouldBe(StatusCode.DeadlineExceeded);
        call.StatusInHeaders.ShouldBeFalse();
        call.Body.Length.ShouldBeGreaterThan(300);
        _server.Log.LetGo.Release();
    }

    [Fact]
    public async Task A_stream_written_without_pause_ends_at_the_deadline()
    {
        var body = RawCall.Frame(new EchoRequest { Count = int.MaxValue, Text = "x" });
        var call = await RawCall.SendAsync(_server, "/rpc.test.v1.Echo/Repeat", body, request => request.Headers.Add("grpc-timeout", "2S"));
        call.Status.ShouldBe(StatusCode.DeadlineExceeded);
        await _server.Log.Happened("repeat cancelled");
    }

    [Fact]
    public async Task Deadlines_that_meet_writes_end_their_own_call_and_nothing_else()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), async (i, stop) =>
        {
            using var call = _client.Repeat(new EchoRequest { Count = int.MaxValue, Text = "x", Size = i * 10 }, deadline: Soon(5 + i % 40), cancellationToken: stop);
            var e = await Should.ThrowAsync<RpcException>(async () =>
            {
                while (await call.ResponseStream.MoveNext(stop))
                    call.ResponseStream.Current.Text.ShouldBe("x");
            });
            e.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        });
        (await _client.SayAsync(new EchoRequest { Text = "well" })).Text.ShouldBe("well");
    }

    [Fact]
    public async Task The_deadline_cancels_the_handler()
    {
        using var call = _client.Repeat(new EchoRequest { Then = Then.Wait }, deadline: Soon(2_000));
        var e = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        e.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await _server.Log.Happened("repeat cancelled");
    }

    [Fact]
    public async Task A_deadline_that_passed_already_is_exceeded_at_once()
    {
        var time = Stopwatch.StartNew();
        var e = await Should.ThrowAsync<RpcException>(async () => await _client.SayAsync(new EchoRequest { Then = Then.Wait }, deadline: Soon(-1000)));
        e.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        time.Elapsed.ShouldBeLessThan(Generous);
    }

    [Fact]
    public async Task A_call_within_its_deadline_is_not_disturbed()
    {
        (await _client.SayAsync(new EchoRequest { Text = "in time" }, deadline: Soon(30_000))).Text.ShouldBe("in time");
    }

    [Fact]
    public async Task Cancelling_reaches_the_handler()
    {
        using var stop = new CancellationTokenSource();
        using var call = _client.Repeat(new EchoRequest { Count = 1, Then = Then.Wait }, cancellationToken: stop.Token);
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        await _server.Log.Happened("waiting");
        await stop.CancelAsync();
        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Cancelled);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await _server.Log.Happened("repeat cancelled");
    }

    [Fact]
    public async Task Disposing_a_call_nobody_reads_reaches_the_handler()
    {
        using (var call = _client.Chat())
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Then = Then.Wait });
            await _server.Log.Happened("waiting");
        }
        await _server.Log.Happened("chat cancelled");
    }

    [Fact]
    public async Task Cancelling_a_read_cancels_the_call()
    {
        using var stop = new CancellationTokenSource();
        using var call = _client.Chat();
        var read = call.ResponseStream.MoveNext(stop.Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Then = Then.Wait });
        await _server.Log.Happened("waiting");
        await stop.CancelAsync();
        (await Should.ThrowAsync<RpcException>(() => read)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await _server.Log.Happened("chat cancelled");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var address = _server.Address;
        await _server.App.StopAsync();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(address);
        var e = await Should.ThrowAsync<RpcException>(async () => await new Echo.EchoClient(channel).SayAsync(new EchoRequest()));
        e.StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_stopping_server_answers_the_calls_it_has()
    {
        var call = _client.SayAsync(new EchoRequest { Text = "bye", Then = Then.Ignore });
        await _server.Log.Happened("ignoring");
        var stopped = _server.App.StopAsync();
        stopped.IsCompleted.ShouldBeFalse();
        _server.Log.LetGo.Release();
        (await call).Text.ShouldBe("bye");
        await stopped.WaitAsync(Generous);
    }

    [Fact]
    public async Task A_stopping_server_tells_open_streams_to_go_elsewhere()
    {
        using var call = _client.Repeat(new EchoRequest { Then = Then.Wait });
        await _server.Log.Happened("waiting");
        var stopped = _server.App.StopAsync();
        var e = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        e.Status.ShouldBe(new Status(StatusCode.Unavailable, "The server is stopping."));
        await stopped.WaitAsync(Generous);
    }

    private static DateTime Soon(int milliseconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(milliseconds);
}
