using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Queues;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Api.Tests.ScheduledCalls;

/// <summary>What an SDK and a screen do with booked calls; and time, which tests do not wait for.</summary>
internal static class BookingClient
{
    public const string Number = "+4930987654321";

    /// <summary>A queue with slots around the clock.</summary>
    public static async Task<Guid> BookableQueueAsync(this TestApi api, int places = 1, string channel = "web", Guid[]? members = null, Guid[]? teamIds = null)
    {
        var queue = await api.QueueAsync(channel, members, teamIds);
        var rules = new { enabled = true, slotMinutes = 15, callsPerSlot = places, daysAhead = 7, leadMinutes = 5 };
        await api.EditAsync(queue, "scheduled-calls", rules);
        return queue;
    }

    /// <summary>The beginnings of free slots, as the service writes them.</summary>
    public static async Task<string[]> SlotsAsync(this HttpClient client, Guid queue)
    {
        using var answer = await client.GetAsync($"/v1/queues/{queue}/slots");
        return [.. (await answer.JsonAsync()).GetProperty("slots").EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()!)];
    }

    public static object Wish(Guid queueId, string startsAt, string? visitor = null, string phoneNumber = Number, string? voice = null) => new
    {
        queueId,
        startsAt,
        phoneNumber,
        consumer = new { kind = "visitor", identity = visitor ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
        data = new { order = "17", reserved_verified_customer = true },
        voice,
    };

    public static string AnyNumber() => $"+49{Random.Shared.NextInt64(100_000_000, 999_999_999)}";

    public static async Task<(Guid Id, Guid SessionId, HttpClient Consumer)> BookAsync(this TestApi api, Guid queue, string startsAt, string? voice = null, string? number = null)
    {
        using var answer = await api.Admin.PostAsJsonAsync("/v1/scheduled-calls", Wish(queue, startsAt, voice: voice, phoneNumber: number ?? AnyNumber()));
        var made = await answer.JsonAsync(HttpStatusCode.Created);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("sessionId").GetGuid(), api.Client(made.GetProperty("sessionToken").GetString()));
    }

    public static async Task<JsonElement> CallAsync(this HttpClient client, Guid id)
    {
        using var answer = await client.GetAsync($"/v1/scheduled-calls/{id}");
        return await answer.JsonAsync();
    }

    /// <summary>Lets a booking's time be another than a slot's: a fact in its stream, with the timer that follows from it.</summary>
    public static async Task ComesAsync(this TestApi api, Guid id, TimeSpan ago)
    {
        var now = TimeProvider.System.GetUtcNow();
        var stream = Aggregates.ScheduledCall.Stream(id);
        var booking = await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.ScheduledCall, id, CancellationToken.None);
        var moved = new NewEvent(Guid.CreateVersion7(now), new ScheduledCallMoved(id, booking.State.StartsAt, now - ago, 15, now));
        var append = new Append(
            [new StreamWrite(stream, booking.Version, [moved])], new EventMetadata(Guid.CreateVersion7(now), "tests", Actor.System("tests"), Source: null))
        {
            Outbox = [.. api.Get<IEnumerable<IEffects>>().SelectMany(e => e.Of(moved, now))],
        };
        (await api.Get<IEventStore>().AppendAsync(append, CancellationToken.None)).ShouldBeOfType<Appended>();
    }
}
