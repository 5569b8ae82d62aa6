using System.Net;
using System.Text;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Crm;
using ContactCenter.Domain.Access;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Testing;
using ContactCenter.V1;
using Npgsql;

namespace ContactCenter.Api.Tests.ScheduledCalls;

/// <summary>Booked calls at their time, through timer, outbox, media engine and routing (AHD-11).</summary>
[Collection(ApiTests.Name)]
public sealed class PlacingTests(TestApi api)
{
    [Fact]
    public async Task Who_booked_is_called_waits_and_is_offered_as_a_scheduled_call()
    {
        var (agent, client) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.BookableQueueAsync(members: [agent]);
        var (id, sessionId, consumer) = await api.BookAsync(queue, (await api.Admin.SlotsAsync(queue))[3]);
        await using var adapter = await AdapterClient.SignInAsync(api, client);
        await api.ComesAsync(id, ago: TimeSpan.Zero);

        var offer = (await adapter.ToldAsync(c => c.CommandCase == AdapterCommand.CommandOneofCase.Offer)).Offer;
        (offer.SessionId, offer.ScheduledCallId).ShouldBe((sessionId.ToString(), id.ToString()));
        offer.Preparation.WhisperText.ShouldStartWith("Scheduled call from");
        offer.Flags.VerifiedCustomer.ShouldBeTrue();
        (await consumer.CallAsync(id)).GetProperty("status").GetString().ShouldBe("reached");
        using (var session = await api.Admin.GetAsync($"/v1/sessions/{sessionId}"))
            (await session.JsonAsync()).GetProperty("scheduledCallId").GetGuid().ShouldBe(id);
        using var left = await consumer.PostAsync($"/v1/sessions/{sessionId}/leave", content: null);
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_busy_line_ends_it_and_booking_session_and_ticket_say_so()
    {
        var queue = await api.BookableQueueAsync();
        var (id, sessionId, consumer) = await api.BookAsync(queue, (await api.Admin.SlotsAsync(queue))[3], voice: "line:busy");
        await api.ComesAsync(id, ago: TimeSpan.Zero);
        await Eventually.TrueAsync(async () => (await consumer.CallAsync(id)).GetProperty("status").GetString() == "not_reached");
        (await consumer.CallAsync(id)).GetProperty("reason").GetString().ShouldBe("busy");
        using (var session = await api.Admin.GetAsync($"/v1/sessions/{sessionId}"))
            (await session.JsonAsync()).GetProperty("endReason").GetString().ShouldBe("busy");
        await Eventually.TrueAsync(async () =>
        {
            using var ticket = await api.Admin.GetAsync($"/v1/sessions/{sessionId}/ticket");
            return ticket.StatusCode == HttpStatusCode.OK && (await ticket.Content.ReadAsStringAsync()).Contains("nobody was reached", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_missed_window_calls_nobody_and_opens_a_ticket_for_the_queues_people()
    {
        using var made = await api.Admin.PostAsync("/v1/teams", System.Net.Http.Json.JsonContent.Create(new { name = $"Team {Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}" }));
        var team = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, manager) = await api.UserAsync([BuiltInRoles.Manager], [team]);
        var (_, stranger) = await api.UserAsync([BuiltInRoles.Manager]);
        var queue = await api.BookableQueueAsync(teamIds: [team]);
        var (id, sessionId, _) = await api.BookAsync(queue, (await api.Admin.SlotsAsync(queue))[3], number: "+4930555000111");
        await api.ComesAsync(id, ago: TimeSpan.FromMinutes(16));

        await Eventually.TrueAsync(async () => (await api.Admin.CallAsync(id)).GetProperty("status").GetString() == "missed");
        (await api.Admin.CallAsync(id)).GetProperty("reason").GetString().ShouldBe("too_late");
        Guid? ticketId = null;
        await Eventually.TrueAsync(async () =>
            (ticketId = (await api.Get<ITickets>().FindBySubjectAsync(id, default))?.Id) is { } found
            && (await api.Get<ITickets>().CommentsAsync(found, default)).Count == 1);
        using (var ticket = await manager.GetAsync($"/v1/tickets/{ticketId}"))
            (await ticket.JsonAsync()).ToString().ShouldSatisfyAllConditions(t => t.ShouldContain("was not placed (too_late)"), t => t.ShouldContain("Call +4930555000111."));
        using (var hidden = await stranger.GetAsync($"/v1/tickets/{ticketId}"))
            await hidden.ShouldRefuseAsync(HttpStatusCode.NotFound);
        using var session = await api.Admin.GetAsync($"/v1/sessions/{sessionId}");
        session.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_number_is_nowhere_in_the_database_in_clear_and_a_forgotten_consumer_is_not_called()
    {
        const string number = "+4930555777999";
        var queue = await api.BookableQueueAsync();
        var slots = await api.Admin.SlotsAsync(queue);
        var (placed, _, _) = await api.BookAsync(queue, slots[3], number: number);
        var (forgotten, _, _) = await api.BookAsync(queue, slots[4], number: number);
        await api.ComesAsync(placed, ago: TimeSpan.Zero);
        await Eventually.TrueAsync(async () => (await StatusAsync(placed)).GetString() == "reached");
        (await PlacesOfAsync(number[3..])).ShouldBeEmpty();

        await Eventually.TrueAsync(async () => await ListedAsync(forgotten) == "…99");
        var consumer = (await api.Admin.CallAsync(forgotten)).GetProperty("consumerId").GetGuid();
        await api.Get<IPersonalDataProtector>().ForgetAsync(consumer, CancellationToken.None);
        await api.ComesAsync(forgotten, ago: TimeSpan.Zero);
        await Eventually.TrueAsync(async () => (await StatusAsync(forgotten)).GetString() == "missed");
        (await api.Admin.CallAsync(forgotten)).ShouldSatisfyAllConditions(
            c => c.GetProperty("reason").GetString().ShouldBe("consumer_forgotten"),
            c => c.GetProperty("phoneNumber").ValueKind.ShouldBe(JsonValueKind.Null));
        (await ListedAsync(forgotten)).ShouldBeNull();
        (await ListedAsync(placed)).ShouldBe("…99");
        await Eventually.TrueAsync(async () => await WaitingAsync(forgotten) == 0);
        (await api.Get<ITickets>().FindBySubjectAsync(forgotten, default)).ShouldBeNull();

        async Task<string?> ListedAsync(Guid id)
        {
            using var answer = await api.Admin.GetAsync($"/v1/scheduled-calls?queueId={queue}");
            return (await answer.JsonAsync()).GetProperty("items").EnumerateArray().Where(c => c.GetProperty("scheduledCallId").GetGuid() == id)
                .Select(c => c.GetProperty("phoneNumber").GetString()).SingleOrDefault();
        }

        async Task<long> WaitingAsync(Guid id)
        {
            await using var waiting = api.Get<NpgsqlDataSource>().CreateCommand("select count(*) from outbox where kind = 'crm.missed_call' and payload::text like $1");
            waiting.Parameters.Add(new() { Value = $"%{id}%" });
            return (long)(await waiting.ExecuteScalarAsync())!;
        }

        async Task<JsonElement> StatusAsync(Guid id) => (await api.Admin.CallAsync(id)).GetProperty("status");
    }

    /// <summary>The tables with a row that holds this text.</summary>
    private async Task<List<string>> PlacesOfAsync(string text)
    {
        var database = api.Get<NpgsqlDataSource>();
        List<string> tables = [], found = [];
        await using (var all = database.CreateCommand(
            "select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'"))
        await using (var reader = await all.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        tables.Count.ShouldBeGreaterThan(10);
        foreach (var table in tables)
        {
            // Bytes read as hexadecimal digits.
            await using var look = database.CreateCommand(
                $"select count(*) from {table} t where t::text like '%{text}%' or t::text like '%{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}%'");
            if ((long)(await look.ExecuteScalarAsync())! > 0)
                found.Add(table);
        }

        return found;
    }
}
