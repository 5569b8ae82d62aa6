using System.Net;
using System.Net.Http.Json;
using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Command = ContactCenter.V1.AdapterCommand.CommandOneofCase;

namespace ContactCenter.Api.Tests.Grpc;

[Collection(ApiTests.Name)]
public sealed class AdapterResumeTests(TestApi api)
{
    private const int Disconnects = 100;

    [Fact]
    public async Task An_adapter_cut_off_a_hundred_times_misses_nothing_and_is_told_nothing_twice()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using (await AdapterClient.SignInAsync(api, agent, chats: 4))
        {
        }

        using var stop = new CancellationTokenSource();
        List<AdapterUpdate> uninterrupted = [];
        using var watching = await AdapterConnection.OpenAsync(
            api.Get<AdapterHub>(), api.Get<IEventStore>(), api.Get<AggregateReader>(), api.Get<ICenterConfiguration>(), agentId, AdapterSequence.Start, CancellationToken.None);
        var watcher = Task.Run(async () =>
        {
            await foreach (var update in watching.UpdatesAsync(stop.Token))
            {
                lock (uninterrupted)
                    uninterrupted.Add(update);
            }
        });
        using var enough = new CancellationTokenSource();
        var work = WorkAsync(agentId, queue, enough.Token);

        var last = watching.From.Value;
        List<AdapterCommand> interrupted = [];
        for (var cut = 0; cut < Disconnects; cut++)
            last = await ReadSomeAsync(agent, last, Random.Shared.Next(6), interrupted);
        await enough.CancelAsync();
        // The last chat may still want an offer, and nothing is offered to an agent whose adapter is gone.
        while (!work.IsCompleted)
            last = await ReadSomeAsync(agent, last, 5, interrupted);
        await work;
        await Eventually.TrueAsync(async () =>
        {
            last = await ReadSomeAsync(agent, last, 50, interrupted);
            lock (uninterrupted)
                return uninterrupted.Count > 0 && uninterrupted[^1].Sequence.Value == last;
        }, TimeSpan.FromMinutes(2));

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watcher);
        uninterrupted.Count.ShouldBeGreaterThan(Disconnects / 2);
        interrupted.Select(c => c.Sequence).ShouldBe(uninterrupted.Select(u => u.Sequence.Value));
        await using var replay = await AdapterClient.ResumeAsync(api, agent, 0);
        await replay.ToldAsync(c => c.Sequence == last);
        replay.Updates.ShouldBe(interrupted);
        await replay.GoesOnFromEachAsync(api, agentId);
    }

    [Fact]
    public async Task A_newer_connection_takes_the_place_of_the_older()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var older = await AdapterClient.SignInAsync(api, agent);
        await using var newer = await AdapterClient.SignInAsync(api, agent);
        (await older.EndAsync()).ShouldBe(StatusCode.Aborted);
        older.Failure!.ReasonOf().ShouldBe("adapter.superseded");
        await newer.DoAsync(new() { SetStatus = new() { Available = false, Reason = "break" } });
        newer.HasEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task An_adapter_that_does_not_read_delays_no_other()
    {
        var (slowId, slow) = await api.UserAsync([BuiltInRoles.Agent]);
        var (quickId, quick) = await api.UserAsync([BuiltInRoles.Agent]);
        var slowQueue = await api.QueueAsync(members: [slowId]);
        var quickQueue = await api.QueueAsync(members: [quickId]);
        await using var silent = await AdapterClient.SignInAsync(api, slow, reads: false);
        var (slowChat, slowConsumer) = await api.SessionAsync(slowQueue);
        await Eventually.TrueAsync(async () => await OfferOfAsync(slowChat) is not null);
        await api.AsAgentAsync(slowId, new AcceptOffer(slowId, slowChat, (await OfferOfAsync(slowChat))!.Value));

        await using var adapter = await AdapterClient.SignInAsync(api, quick);
        var (chat, consumer) = await api.SessionAsync(quickQueue);
        await adapter.AcceptAsync(chat);
        var text = new string('x', 4_000);
        for (var i = 0; i < 150; i++)
            await api.AsAgentAsync(slowId, new SendAgentMessage(slowId, slowChat, Id(), text));
        (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = "still quick" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await adapter.ToldAsync(c => c.Message?.Message_.Text == "still quick");
        silent.HasEnded.ShouldBeFalse();
        slowConsumer.ShouldNotBeNull();
    }

    [Fact]
    public async Task Resuming_starts_with_what_was_in_hand_then_and_refuses_what_cannot_be()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using (var never = await AdapterClient.ResumeAsync(api, agent, 0))
        {
            (await never.EndAsync()).ShouldBe(StatusCode.FailedPrecondition);
            never.Failure!.ReasonOf().ShouldBe("agent.signed_out");
        }

        var queue = await api.QueueAsync(members: [agentId]);
        var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, consumer) = await api.SessionAsync(queue);
        await adapter.AcceptAsync(chat);
        var connected = await adapter.StatusAsync(chat, SessionStatus.Connected);
        await adapter.DisposeAsync();

        await using var resumed = await AdapterClient.ResumeAsync(api, agent, connected.Sequence);
        var welcome = (await resumed.ToldAsync(c => c.CommandCase == Command.Welcome)).Welcome;
        welcome.Sequence.ShouldBe(connected.Sequence);
        welcome.Sessions.Single().SessionId.ShouldBe(chat.ToString());
        welcome.GraceSeconds.ShouldBe(15);

        var position = (await api.Get<IEventStore>().ReadStreamAsync(Aggregates.Session.Stream(chat), 0, 1, CancellationToken.None))[0].Position.Value;
        // As they were before: of a young log, and of one that is years old.
        foreach (var earlier in new[] { position, 1L << 51 })
        {
            await using var former = await AdapterClient.ResumeAsync(api, agent, earlier);
            var anew = (await former.ToldAsync(c => c.CommandCase == Command.Welcome)).Welcome;
            anew.Sequence.ShouldBeGreaterThan(connected.Sequence);
            anew.Sessions.Single().OfferId.ShouldBe(welcome.Sessions.Single().OfferId);
            (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = $"Are you back from {earlier}?" })).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await former.ToldAsync(c => c.Message is not null)).Sequence.ShouldBeGreaterThan(anew.Sequence);
        }

        await using var ahead = await AdapterClient.ResumeAsync(api, agent, long.MaxValue);
        (await ahead.EndAsync()).ShouldBe(StatusCode.InvalidArgument);
        await using var negative = await AdapterClient.ResumeAsync(api, agent, -1);
        (await negative.EndAsync()).ShouldBe(StatusCode.InvalidArgument);
    }

    private static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>Reads a few updates and hangs up in the middle of whatever comes next.</summary>
    private async Task<long> ReadSomeAsync(HttpClient agent, long last, int count, List<AdapterCommand> into)
    {
        await using var adapter = await AdapterClient.ResumeAsync(api, agent, last);
        await adapter.ToldAsync(c => c.CommandCase == Command.Welcome);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (adapter.Updates.Count < count && waited.ElapsedMilliseconds < 150)
            await Task.Delay(1);
        await adapter.DisposeAsync();
        into.AddRange(adapter.Updates);
        return adapter.Updates.Count == 0 ? last : adapter.Updates[^1].Sequence;
    }

    private async Task<Guid?> OfferOfAsync(Guid sessionId)
    {
        var session = (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Session, sessionId, CancellationToken.None)).State;
        return session.Status == Domain.Sessions.SessionStatus.Offered ? session.OfferId : null;
    }

    /// <summary>Chats come, are accepted, written in by both sides, ended and wrapped up.</summary>
    private async Task WorkAsync(Guid agentId, Guid queue, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var (chat, consumer) = await api.SessionAsync(queue);
            Guid? offer = null;
            await Eventually.TrueAsync(async () => (offer = await OfferOfAsync(chat)) is not null);
            await api.AsAgentAsync(agentId, new AcceptOffer(agentId, chat, offer!.Value));
            for (var i = 0; i < 5; i++)
            {
                await api.AsAgentAsync(agentId, new SendAgentMessage(agentId, chat, Id(), $"question {i}"));
                (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = $"answer {i}" }, CancellationToken.None)).StatusCode.ShouldBe(HttpStatusCode.OK);
            }

            await api.AsAgentAsync(agentId, new EndOwnSession(agentId, chat));
            await api.AsAgentAsync(agentId, new FinishWrapUp(agentId, chat, "done"));
        }
    }
}
