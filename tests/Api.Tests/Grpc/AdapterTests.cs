using System.Net;
using System.Net.Http.Json;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Command = ContactCenter.V1.AdapterCommand.CommandOneofCase;

namespace ContactCenter.Api.Tests.Grpc;

[Collection(ApiTests.Name)]
public sealed class AdapterTests(TestApi api)
{
    [Fact]
    public async Task A_chat_is_offered_accepted_written_in_from_both_sides_and_wrapped_up()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, consumer) = await api.SessionAsync(queue);
        (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = "Is anybody there?" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        var offer = await adapter.AcceptAsync(chat);
        offer.Kind.ShouldBe(SessionKind.Chat);
        offer.QueueId.ShouldBe(queue.ToString());
        offer.ConsumerName.ShouldStartWith("Web User - ");
        var connected = await adapter.StatusAsync(chat, SessionStatus.Connected);
        connected.SessionUpdate.Transcript.Single().Text.ShouldBe("Is anybody there?");

        var mine = Id();
        await adapter.DoAsync(new() { SendMessage = new() { SessionId = chat.ToString(), MessageId = mine.ToString(), Text = "I am." } });
        await adapter.DoAsync(new() { SendMessage = new() { SessionId = chat.ToString(), MessageId = mine.ToString(), Text = "I am." } });
        (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = "Good." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await adapter.ToldAsync(c => c.Message?.Message_.Text == "Good.");
        adapter.Updates.Where(c => c.Message is not null).Select(c => c.Message.Message_.Number).ShouldBe([2, 3]);

        await adapter.DoAsync(new() { End = new() { SessionId = chat.ToString() } });
        (await adapter.StatusAsync(chat, SessionStatus.Ended)).SessionUpdate.EndReason.ShouldNotBeEmpty();
        await adapter.ToldAsync(c => c.WrapUpStarted?.SessionId == chat.ToString());
        await adapter.DoAsync(new() { WrapUp = new() { SessionId = chat.ToString(), Disposition = "solved" } });
        await adapter.ToldAsync(c => c.WrapUpEnded?.SessionId == chat.ToString());

        await adapter.DoAsync(new() { SignOut = new() });
        (await adapter.EndAsync()).ShouldBe(StatusCode.OK);
        adapter.Told[^1].PresenceUpdate?.Presence.ShouldBe("offline");
        adapter.Told.ShouldContain(c => c.PresenceUpdate != null && c.PresenceUpdate.Presence == "offline");
    }

    [Fact]
    public async Task A_call_is_prepared_held_paused_transferred_and_the_first_agent_hears_no_more_of_it()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var (benId, ben) = await api.UserAsync([BuiltInRoles.Agent]);
        var first = await api.QueueAsync(members: [annId]);
        var second = await api.QueueAsync(members: [benId]);
        await using var anns = await AdapterClient.SignInAsync(api, ann);
        await using var bens = await AdapterClient.SignInAsync(api, ben);
        var (call, _) = await api.SessionAsync(first, "call");

        var offer = await anns.AcceptAsync(call);
        offer.Preparation.WhisperText.ShouldBe("Web call from Billing");
        await anns.StatusAsync(call, SessionStatus.Preparing);
        await anns.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await anns.StatusAsync(call, SessionStatus.Connected);
        await anns.ToldAsync(c => c.RecordingUpdate?.State == "recording");
        await anns.DoAsync(new() { PauseRecording = new() { SessionId = call.ToString() } });
        await anns.ToldAsync(c => c.RecordingUpdate?.State == "paused");
        await anns.DoAsync(new() { ResumeRecording = new() { SessionId = call.ToString() } });
        await anns.DoAsync(new() { Hold = new() { SessionId = call.ToString() } });
        await anns.StatusAsync(call, SessionStatus.Held);
        await anns.DoAsync(new() { ResumeFromHold = new() { SessionId = call.ToString() } });
        await anns.DoAsync(new() { Transfer = new() { SessionId = call.ToString(), QueueId = second.ToString() } });
        await anns.ToldAsync(c => c.WrapUpStarted is not null);

        var again = await bens.AcceptAsync(call);
        await bens.DoAsync(new() { PreparationPlayed = new() { SessionId = again.SessionId, OfferId = again.OfferId } });
        await bens.StatusAsync(call, SessionStatus.Connected);
        await bens.DoAsync(new() { End = new() { SessionId = call.ToString() } });
        await bens.StatusAsync(call, SessionStatus.Ended);
        await anns.DoAsync(new() { WrapUp = new() { SessionId = call.ToString() } });
        await anns.ToldAsync(c => c.WrapUpEnded is not null);

        var left = anns.Updates.TakeWhile(c => c.WrapUpStarted is null).Count();
        anns.Updates.Skip(left).ShouldAllBe(c => c.WrapUpStarted != null || c.WrapUpEnded != null || (c.SessionUpdate != null && c.SessionUpdate.TicketUrl != ""));
        var replayed = await AdapterClient.ResumeAsync(api, ann, 0);
        await using (replayed)
        {
            await replayed.ToldAsync(c => c.WrapUpEnded is not null);
            replayed.Updates.ShouldBe(anns.Updates);
        }

        await anns.GoesOnFromEachAsync(api, annId);
        await bens.GoesOnFromEachAsync(api, benId);
    }

    [Fact]
    public async Task A_declined_and_a_timed_out_offer_close_and_the_session_is_offered_again()
    {
        var (annId, ann) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [annId]);
        await HandleAsync(queue, new HandlingRules(OfferTimeoutSeconds: 5, WrapUpSeconds: 0));
        await using var anns = await AdapterClient.SignInAsync(api, ann);
        var (chat, _) = await api.SessionAsync(queue);

        var first = await anns.OfferAsync(chat);
        await anns.DoAsync(new() { DeclineOffer = new() { SessionId = first.SessionId, OfferId = first.OfferId, Reason = "busy" } });
        (await anns.ToldAsync(c => c.OfferClosed?.OfferId == first.OfferId)).OfferClosed.Outcome.ShouldBe("declined");
        await ComeBackAsync(anns);

        var second = (await anns.ToldAsync(c => c.Offer is { } o && o.OfferId != first.OfferId)).Offer;
        (await anns.ToldAsync(c => c.OfferClosed?.OfferId == second.OfferId)).OfferClosed.Outcome.ShouldBe("expired");
        await HandleAsync(queue, new HandlingRules(OfferTimeoutSeconds: 60, WrapUpSeconds: 0));
        await ComeBackAsync(anns);
        var third = (await anns.ToldAsync(c => c.Offer is { } o && o.OfferId != first.OfferId && o.OfferId != second.OfferId)).Offer;
        third.SessionId.ShouldBe(chat.ToString());
        third.WaitingSince.ShouldBe(first.WaitingSince);

        var late = await anns.AskAsync(new() { AcceptOffer = new() { SessionId = second.SessionId, OfferId = second.OfferId } });
        (late.Accepted, late.Code).ShouldBe((false, "offer.not_open"));
        await anns.DoAsync(new() { AcceptOffer = new() { SessionId = third.SessionId, OfferId = third.OfferId } });
        await anns.StatusAsync(chat, SessionStatus.Connected);
    }

    [Fact]
    public async Task Nothing_is_offered_to_an_agent_whose_stream_broke_until_it_is_back()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        // Whoever is asked after this one shows that routing has seen it and gone on.
        var (otherId, other) = await api.UserAsync([BuiltInRoles.Agent]);
        var otherQueue = await api.QueueAsync(members: [otherId]);
        await using var others = await AdapterClient.SignInAsync(api, other);
        await using (await AdapterClient.SignInAsync(api, agent))
        {
        }

        await Eventually.TrueAsync(async () => (await StateAsync(agentId)).IsAdapterLost);
        var (chat, _) = await api.SessionAsync(queue);
        await others.OfferAsync((await api.SessionAsync(otherQueue)).Id);
        var gone = await StateAsync(agentId);
        (gone.Presence, gone.Work.Length).ShouldBe((Domain.Agents.Presence.Available, 0));

        await using var back = await AdapterClient.ResumeAsync(api, agent, 0);
        await back.OfferAsync(chat);
    }

    [Fact]
    public async Task An_offer_in_the_log_comes_before_the_reservation_that_tells_the_adapter_of_it()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, _) = await api.SessionAsync(queue);
        var offer = await adapter.ToldAsync(c => c.Offer is not null);

        var store = api.Get<Application.EventSourcing.IEventStore>();
        var session = await store.ReadStreamAsync(Application.EventSourcing.Aggregates.Session.Stream(chat), 0, 100, CancellationToken.None);
        var told = await store.ReadStreamAsync(Application.EventSourcing.Aggregates.Agent.Stream(agentId), new Application.Agents.Adapter.AdapterSequence(offer.Sequence).AgentVersion - 1, 1, CancellationToken.None);
        told.Single().Data.ShouldBeOfType<Domain.Agents.AgentReserved>();
        session.Single(e => e.Data is Domain.Sessions.SessionOffered).Position.ShouldBeLessThan(told.Single().Position);
        offer.Offer.ExpiresAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_signs_in_anew_is_told_of_the_offer_that_is_open_as_of_any()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var before = await AdapterClient.SignInAsync(api, agent);
        var (chat, _) = await api.SessionAsync(queue);
        var offer = await before.OfferAsync(chat);

        await using var after = await AdapterClient.SignInAsync(api, agent);
        (await after.OfferAsync(chat)).ShouldBe(offer);
        after.Told.Single(c => c.Welcome is not null).Welcome.Sessions.ShouldBeEmpty();
        await after.AcceptAsync(chat);
        await after.StatusAsync(chat, SessionStatus.Connected);
    }

    [Fact]
    public async Task A_paused_agent_is_told_so_and_a_chat_partner_who_types_is_shown()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, consumer) = await api.SessionAsync(queue);
        (await adapter.AskAsync(new() { Typing = new() { SessionId = chat.ToString() } })).Accepted.ShouldBeFalse();
        await adapter.AcceptAsync(chat);
        using (var live = new StreamReader(await consumer.GetStreamAsync($"/v1/sessions/{chat}/stream")))
        {
            while (await live.ReadLineAsync() != "event: snapshot")
            {
            }

            await adapter.DoAsync(new() { Typing = new() { SessionId = chat.ToString() } });
            while (await live.ReadLineAsync() is { } line && line != "event: typing")
                await adapter.DoAsync(new() { Typing = new() { SessionId = chat.ToString() } });
        }

        (await consumer.PostAsync($"/v1/sessions/{chat}/typing", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await adapter.ToldAsync(c => c.ConsumerTyping?.SessionId == chat.ToString() && c.Sequence == 0);

        await adapter.DoAsync(new() { SetStatus = new() { Reason = "meal" } });
        (await adapter.ToldAsync(c => c.PresenceUpdate?.Presence == "paused")).PresenceUpdate.Reason.ShouldBe("meal");
        await adapter.DoAsync(new() { SetStatus = new() { Available = true } });
        await adapter.ToldAsync(c => c.PresenceUpdate?.Presence == "available");
    }

    [Fact]
    public async Task Events_of_one_adapter_are_carried_out_in_order()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, _) = await api.SessionAsync(queue);
        await adapter.AcceptAsync(chat);
        for (var i = 1; i <= 100; i++)
            await adapter.SendAsync(new() { RequestId = $"m{i}", SendMessage = new() { SessionId = chat.ToString(), MessageId = Id().ToString(), Text = $"{i}" } });
        await adapter.ToldAsync(c => c.Ack?.RequestId == "m100");
        await adapter.ToldAsync(c => c.Message?.Message_.Text == "100");
        adapter.Told.Where(c => c.Ack?.RequestId.StartsWith('m') == true).Select(c => c.Ack.RequestId).ShouldBe(Enumerable.Range(1, 100).Select(i => $"m{i}"));
        adapter.Updates.Where(c => c.CommandCase == Command.Message).Select(c => c.Message.Message_.Text).ShouldBe(Enumerable.Range(1, 100).Select(i => $"{i}"));
    }

    private static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>Who goes and comes back has no pause from the session they let go.</summary>
    private static async Task ComeBackAsync(AdapterClient adapter)
    {
        await adapter.DoAsync(new() { SetStatus = new() { Available = false, Reason = "break" } });
        await adapter.DoAsync(new() { SetStatus = new() { Available = true } });
    }

    private async Task<Domain.Agents.Agent> StateAsync(Guid agentId) =>
        (await api.Get<Application.EventSourcing.AggregateReader>()
            .LoadFreshAsync(Application.EventSourcing.Aggregates.Agent, agentId, CancellationToken.None)).State;

    private async Task HandleAsync(Guid queue, HandlingRules rules)
    {
        var now = TimeProvider.System.GetUtcNow();
        var version = (await api.Get<Application.EventSourcing.AggregateReader>().LoadFreshAsync(Application.EventSourcing.Aggregates.Queue, queue, CancellationToken.None)).Version;
        var context = new CallContext(Caller.System("tests")) { CommandId = Id(), Now = now, IfMatch = version };
        var answer = await api.Get<Dispatcher>().SendAsync(new ConfigureQueueHandling(queue, rules), context, CancellationToken.None);
        answer.IsOk.ShouldBeTrue(answer.Error?.ToString());
    }
}
