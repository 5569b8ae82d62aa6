using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>The pages of the settings over REST (ADM-5, AHD-1, AHD-2, AHD-5, AHD-8).</summary>
public sealed class SettingsTests(TestApi api) : IClassFixture<TestApi>
{
    public static TheoryData<string, string, string> Pages => new()
    {
        { "support-center", """{"name":"Example","timeZone":"Europe/Berlin","languages":["en","de"],"defaultLanguage":"en","email":"help@example.test","phoneNumber":"+4930123456"}""", "name" },
        { "hours", """{"channels":[{"channel":"sms","hours":{"timeZone":"Europe/Berlin","open24Hours":true}}]}""", "channels" },
        { "calls", """{"enabled":false,"allowTransfers":true,"sdk":{"email":true},"ivr":{"option":"phone_number","phoneNumber":"+4930123456"}}""", "allowTransfers" },
        { "chats", """{"enabled":false,"allowTransfers":true}""", "allowTransfers" },
        { "recording", """{"enabled":false,"consent":"none","redactionSeconds":60,"pauseSeconds":600,"retention":{"policy":"crm","deleteAfterDays":null,"newRecordingsArePublic":false}}""", "redactionSeconds" },
        { "phone-numbers", """{"numbers":[{"number":"+4930123456","label":"Berlin","recording":{"enabled":false,"consent":"none"}}]}""", "numbers" },
    };

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_is_written_over_what_was_looked_at_and_has_a_history(string page, string body, string field)
    {
        var before = await api.Admin.LookAsync(page);
        var then = TimeProvider.System.GetUtcNow();
        var version = await api.Admin.VersionAsync(page);
        var json = JsonDocument.Parse(body).RootElement;
        await (await api.Admin.WriteAsync(page, json, ifMatch: null)).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");
        await (await api.Admin.WriteAsync(page, json, version + 7)).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed, "request.stale_version");

        using var written = await api.Admin.WriteAsync(page, json, version);
        (await written.JsonAsync()).GetProperty("version").GetInt64().ShouldBe(version + 1);
        written.Headers.ETag!.Tag.ShouldBe($"\"{version + 1}\"");
        await (await api.Admin.WriteAsync(page, json, version)).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed, "request.stale_version");
        using var repeated = await api.Admin.WriteAsync(page, json, version + 1);
        (await repeated.JsonAsync()).GetProperty("version").GetInt64().ShouldBe(version + 1);

        var after = await api.Admin.LookAsync(page);
        after.GetProperty(field).ToString().ShouldNotBe(before.GetProperty(field).ToString());
        // What is read can be written as it is.
        using var same = await api.Admin.WriteAsync(page, after, version + 1);
        (await same.JsonAsync()).GetProperty("position").GetString().ShouldBe("0");

        using var past = await api.Admin.GetAsync($"/v1/settings/{page}?asOf={then:O}".Replace("+", "%2B", StringComparison.Ordinal));
        (await past.JsonAsync()).ToString().ShouldBe(before.ToString());
        past.Headers.ETag!.Tag.ShouldBe($"\"{version}\"");
    }

    [Theory]
    [InlineData("support-center", """{"name":"A","timeZone":"Nowhere","languages":["en"],"defaultLanguage":"en"}""", "timeZone")]
    [InlineData("support-center", """{"name":"A","timeZone":"Etc/UTC","languages":["en"],"defaultLanguage":"en","color":"red"}""", "color")]
    [InlineData("support-center", """{"name":"A","timeZone":"Etc/UTC","languages":[null],"defaultLanguage":"en"}""", "languages[0]")]
    [InlineData("hours", """{"global":{"timeZone":"Etc/UTC","weekly":{"monday":[{"opens":"9","closes":"17:00"}]}}}""", "global.weekly.monday[0].opens")]
    [InlineData("hours", """{"global":{"timeZone":"Etc/UTC","open":true}}""", "global.open")]
    [InlineData("hours", """{"channels":[{"channel":"fax","hours":{"timeZone":"Etc/UTC"}}]}""", "channels[0].channel")]
    [InlineData("hours", """{"channels":[null]}""", "channels[0]")]
    [InlineData("calls", """{"enabled":true,"ivr":{"option":"web"}}""", "ivr.option")]
    [InlineData("calls", """{"enabled":true,"ivr":{"option":"voicemail","greeting":[null]}}""", "ivr.greeting[0].language")]
    [InlineData("calls", """{"enabled":true,"sdk":{"phoneNumber":"110"}}""", "sdk.phoneNumber")]
    [InlineData("chats", """{"enabled":"yes"}""", "enabled")]
    [InlineData("recording", """{"enabled":true,"consent":"perhaps","redactionSeconds":60,"pauseSeconds":600,"retention":{"policy":"crm","deleteAfterDays":null,"newRecordingsArePublic":false}}""", "consent")]
    [InlineData("recording", """{"enabled":true,"consent":"none","redactionSeconds":0,"pauseSeconds":600,"retention":{"policy":"crm","deleteAfterDays":null,"newRecordingsArePublic":false}}""", "redactionSeconds")]
    [InlineData("phone-numbers", """{"numbers":[{"number":"110","label":"Berlin"}]}""", "numbers[0].number")]
    public async Task A_page_of_the_wrong_shape_is_refused_by_field(string page, string body, string field)
    {
        var version = await api.Admin.VersionAsync(page);
        using var answer = await api.Admin.WriteAsync(page, JsonDocument.Parse(body).RootElement, version);
        (await answer.ShouldRefuseAsync(HttpStatusCode.BadRequest)).Places().ShouldContain(field);
        (await api.Admin.VersionAsync(page)).ShouldBe(version);
    }

    [Fact]
    public async Task A_message_is_set_and_removed_and_its_page_has_a_history()
    {
        var before = await api.Admin.LookAsync("messages");
        var then = TimeProvider.System.GetUtcNow();
        await (await api.Admin.WriteAsync("messages/after_hours/fr", new { text = "Fermé." }, ifMatch: null)).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired);
        await (await api.Admin.TrySayAsync("after_hours", "fr", new { })).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        await (await api.Admin.TrySayAsync("good_morning", "fr", new { text = "Bonjour." })).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        await api.Admin.SayAsync("after_hours", "FR", new { text = "Fermé." });

        var said = (await api.Admin.LookAsync("messages")).GetProperty("items").EnumerateArray()
            .Single(m => m.GetProperty("key").GetString() == "after_hours" && m.GetProperty("language").GetString() == "fr");
        said.GetProperty("message").GetProperty("text").GetString().ShouldBe("Fermé.");
        await api.Admin.SayAsync("after_hours", "fr", body: null);
        (await api.Admin.LookAsync("messages")).ToString().ShouldBe(before.ToString());
        (await api.Admin.LookAsync($"messages?asOf={then:yyyy-MM-ddTHH:mm:ss.fffffffZ}")).ToString().ShouldBe(before.ToString());
    }

    [Fact]
    public async Task A_year_of_hours_can_be_checked()
    {
        var queue = await api.QueueAsync("ivr");
        object hours = new
        {
            global = new
            {
                timeZone = "Europe/Berlin",
                weekly = new { friday = new[] { new { opens = "09:00", closes = "17:00" } } },
                exceptions = new object[]
                {
                    new { name = "Christmas", from = "2026-12-25", to = "2026-12-26", yearly = true, closed = true },
                    new { name = "Inventory", from = "2027-07-02", to = "2027-07-02", intervals = new[] { new { opens = "06:00", closes = "08:00" } } },
                },
            },
            channels = new[] { new { channel = "sms", hours = new { timeZone = "Etc/UTC", open24Hours = true } } },
            languages = new[] { new { language = "de", hours = SettingsClient.Office } },
        };
        await api.Admin.SetAsync("hours", hours);

        var year = await api.Admin.LookAsync($"hours/preview?from=2026-11-27T00:00:00Z&to=2027-11-27T00:00:00Z&queueId={queue}");
        year.GetProperty("appliedHours").GetString().ShouldBe("global_hours");
        year.GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        year.GetProperty("zoneData").GetString().ShouldNotBeNullOrEmpty();
        var open = year.GetProperty("intervals").EnumerateArray().ToList();
        open.Count.ShouldBe(52); // 53 Fridays, one of them Christmas.
        open[0].GetProperty("opens").GetString().ShouldBe("2026-11-27T09:00:00+01:00");
        open[0].GetProperty("kind").GetString().ShouldBe("weekly");
        var inventory = open.Single(o => o.GetProperty("name").GetString() == "Inventory");
        inventory.GetProperty("opens").GetString().ShouldBe("2027-07-02T06:00:00+02:00");
        inventory.GetProperty("kind").GetString().ShouldBe("exception");
        year.GetProperty("exceptions").EnumerateArray().Select(e => e.GetProperty("date").GetString()).ShouldBe(["2026-12-25", "2026-12-26", "2027-07-02"]);

        const string day = "hours/preview?from=2026-11-27T00:00:00Z&to=2026-11-28T00:00:00Z";
        (await api.Admin.LookAsync(day + "&channel=sms")).GetProperty("appliedHours").GetString().ShouldBe("channel_hours");
        (await api.Admin.LookAsync(day + "&language=de-AT")).GetProperty("appliedHours").GetString().ShouldBe("language_hours");
        await (await api.Admin.GetAsync($"/v1/settings/{day}&queueId={Guid.Empty}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "queue.not_found");
        (await (await api.Admin.GetAsync("/v1/settings/hours/preview?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z"))
            .ShouldRefuseAsync(HttpStatusCode.BadRequest)).Places().ShouldBe(["to"]);

        await api.Admin.SetAsync("hours", new { });
        (await api.Admin.LookAsync(day)).GetProperty("appliedHours").GetString().ShouldBe("no_hours");
    }

    [Fact]
    public async Task What_an_option_needs_cannot_be_taken_away_from_it()
    {
        await using var own = new TestApi();
        await own.InitializeAsync();
        var admin = own.Admin;
        object calls = new { enabled = true, ivr = new { option = "message_only" } };
        var problem = await (await admin.TryAsync("calls", calls)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing");
        problem.Places().ShouldBe(["calls.ivr"]);
        problem.ToString().ShouldContain("after_hours is missing in en");
        await admin.SayAsync("after_hours", "en", new { text = "We are closed." });
        await admin.SetAsync("calls", calls);

        var removed = await (await admin.TrySayAsync("after_hours", "en", body: null)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing");
        removed.Places().ShouldBe(["calls.ivr"]);
        var enabled = await (await admin.TryAsync("support-center", SettingsClient.Center(["en", "de", "fr"])))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing");
        enabled.GetProperty("errors").GetProperty("calls.ivr").EnumerateArray().Select(e => e.GetString())
            .ShouldBe(["The message after_hours is missing in de.", "The message after_hours is missing in fr."]);

        await admin.SayAsync("after_hours", "de", new { text = "Wir haben geschlossen." });
        await admin.SetAsync("support-center", SettingsClient.Center(["en", "de"], email: "help@example.com"));

        // Chats do with the address; but nobody whose language there is a message in gets another's once it is gone.
        await admin.SetAsync("chats", new { enabled = true });
        await admin.SetAsync("calls", new { enabled = false });
        foreach (var language in new[] { "en", "de" })
        {
            (await (await admin.TrySayAsync("after_hours", language, body: null)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing"))
                .GetProperty("errors").GetProperty("chats")[0].GetString().ShouldBe($"The message after_hours is missing in {language}.");
        }

        await admin.SetAsync("calls", calls);
        (await (await admin.TrySayAsync("after_hours", "de", body: null)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing"))
            .Places().ShouldBe(["chats", "calls.ivr"], ignoreOrder: true);
        await admin.SayAsync("after_hours", "it", new { text = "Chiuso." });
        await admin.SayAsync("after_hours", "it", body: null);
        await admin.SetAsync("calls", new { enabled = false });
        await admin.SetAsync("chats", new { enabled = false });
        await admin.SayAsync("after_hours", "de", body: null);
    }

    [Fact]
    public async Task Who_names_no_language_has_the_centers_default_in_menu_slots_session_and_booking_alike()
    {
        await using var own = new TestApi();
        await own.InitializeAsync();
        var queue = await own.BookableQueueAsync(channel: "ivr");
        await own.Admin.SetAsync("support-center", SettingsClient.Center(["de", "en"]));
        await own.Admin.SetAsync("hours", new { languages = new object[] { new { language = "de", hours = SettingsClient.Hours("09:00", "09:30") }, new { language = "en", hours = new { timeZone = "Etc/UTC" } } } });

        (await own.Admin.GetFromJsonAsync<JsonElement>("/v1/entry/menus?channel=ivr")).GetProperty("language").GetString().ShouldBe("de");
        var slots = await own.Admin.SlotsAsync(queue);
        slots.ShouldNotBeEmpty();
        var (booked, _, _) = await own.BookAsync(queue, slots[0]);
        (await own.Admin.CallAsync(booked)).GetProperty("language").GetString().ShouldBe("de");

        await own.Admin.SetAsync("hours", new { });
        var wish = new { kind = "call", channel = "ivr", queueId = queue, consumer = new { kind = "phone", identity = BookingClient.AnyNumber() } };
        using var started = await own.Admin.PostAsJsonAsync("/v1/sessions", wish);
        var id = (await started.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (await own.Admin.GetFromJsonAsync<JsonElement>($"/v1/sessions/{id}")).GetProperty("language").GetString().ShouldBe("de");
        (await own.Admin.GetFromJsonAsync<JsonElement>($"/v1/streams/session-{id}")).ToString().ShouldContain("\"language\":\"de\"");
        foreach (var path in new[] { "/v1/entry/menus?channel=ivr&language=_", $"/v1/queues/{queue}/slots?language=_", "/v1/settings/hours/preview?language=_" })
            await (await own.Admin.GetAsync(path)).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Anonymous_consumers_are_named_by_the_support_centers_clock()
    {
        await using var far = new TestApi("--CONTACTCENTER_TIME_ZONE=Pacific/Kiritimati");
        await far.InitializeAsync();
        (await far.Admin.LookAsync("support-center")).GetProperty("timeZone").GetString().ShouldBe("Pacific/Kiritimati");
        await NameShouldReadAsync(TimeSpan.FromHours(14));
        await far.Admin.SetAsync("support-center", SettingsClient.Center(["en"], timeZone: "Pacific/Pago_Pago"));
        await NameShouldReadAsync(TimeSpan.FromHours(-11));

        // It only seeds a fresh database.
        await using var again = await far.AnotherNodeAsync();
        (await again.Admin.LookAsync("support-center")).GetProperty("timeZone").GetString().ShouldBe("Pacific/Pago_Pago");

        async Task NameShouldReadAsync(TimeSpan offset)
        {
            var before = TimeProvider.System.GetUtcNow().ToOffset(offset);
            var (id, _) = await far.SessionAsync(await far.QueueAsync());
            var after = TimeProvider.System.GetUtcNow().ToOffset(offset);
            JsonElement details = default;
            await Eventually.TrueAsync(async () => (details = await (await far.Admin.GetAsync($"/v1/sessions/{id}/details")).JsonAsync()).ToString().Contains("Web User", StringComparison.Ordinal));
            new[] { before, after }.Select(t => $"Web User - {t:MM/dd HH:mm}").ShouldContain(name => details.ToString().Contains(name, StringComparison.Ordinal));
        }
    }
}
