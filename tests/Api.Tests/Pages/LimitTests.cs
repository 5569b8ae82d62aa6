using System.Text.Json;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>Lines of a live page show limits and names of now, though nothing happens to their sessions (MON-6, END-4).</summary>
[Collection(WatchingTests.Name)]
public sealed class LimitTests(TestApi api)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Rows_are_told_again_when_the_limits_or_the_name_of_their_queue_change()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var queue = await api.QueueAsync();
        var (chat, _) = await api.SessionAsync(queue);
        await Testing.Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync($"/v1/monitoring/chats/queued?queueId={queue}")).Count == 1);
        using var page = await EventStream.OpenAsync(api.Admin, $"/v1/monitoring/chats/queued?queueId={queue}");
        var (seen, _, snapshot) = (await page.NextAsync(patience.Token))!.Value;
        var row = snapshot.GetProperty("items").EnumerateArray().Single();
        (row.IdOf(), Limit(row)).ShouldBe((chat, 5 * Hour));

        await EditAsync($"/v1/queues/{queue}", "handling", new { offerTimeoutSeconds = 30, wrapUpSeconds = 30, stuckAfterMinutes = 120 });
        Limit(await RowAsync(page, r => Limit(r) != 5 * Hour, patience.Token)).ShouldBe(2 * Hour);
        await EditAsync($"/v1/queues/{queue}", "handling", new { offerTimeoutSeconds = 30, wrapUpSeconds = 30 });
        Limit(await RowAsync(page, r => Limit(r) != 2 * Hour, patience.Token)).ShouldBe(5 * Hour);
        try
        {
            await EditAsync("/v1/settings/monitoring", null, new { stuckAfterMinutes = 180, endStuck = false, serviceLevelSeconds = 20 });
            Limit(await RowAsync(page, r => Limit(r) != 5 * Hour, patience.Token)).ShouldBe(3 * Hour);
        }
        finally
        {
            await EditAsync("/v1/settings/monitoring", null, new { stuckAfterMinutes = 300, endStuck = false, serviceLevelSeconds = 20 });
        }

        await EditAsync($"/v1/queues/{queue}", "name", new { name = "Renamed" });
        (await RowAsync(page, r => Limit(r) == 5 * Hour && Name(r) != Name(row), patience.Token)).GetProperty("queueName").GetString().ShouldBe("Renamed");

        // Who was away all the time is told as well.
        using var again = await EventStream.OpenAsync(api.Admin, $"/v1/monitoring/chats/queued?queueId={queue}", seen);
        (await RowAsync(again, _ => true, patience.Token)).GetProperty("queueName").GetString().ShouldBe("Renamed");
    }

    private static TimeSpan Limit(JsonElement row) =>
        row.GetProperty("stuckAt").GetDateTimeOffset() - row.GetProperty("session").GetProperty("stageSince").GetDateTimeOffset();

    private static string? Name(JsonElement row) => row.GetProperty("queueName").GetString();

    private static async Task<JsonElement> RowAsync(EventStream page, Func<JsonElement, bool> isIt, CancellationToken cancellationToken)
    {
        while (await page.NextAsync(cancellationToken) is { } told)
        {
            told.Name.ShouldBe("changed");
            if (isIt(told.Data.GetProperty("item")))
                return told.Data.GetProperty("item");
        }

        throw new InvalidOperationException("The page ended.");
    }

    private async Task EditAsync(string resource, string? part, object body)
    {
        using var looked = await api.Admin.GetAsync(resource);
        using var set = await api.Admin.PutTaggedAsync(part is null ? resource : $"{resource}/{part}", looked.Headers.ETag!.Tag, body);
        await set.JsonAsync();
    }
}
