using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>Who hears a recording that waits for the CRM: with a signed request, a one-time code and one grant, and nobody else (REC-10).</summary>
[Collection(ApiTests.Name)]
public sealed class RecordingAccessTests(TestApi api)
{
    [Fact]
    public async Task A_signed_request_a_code_and_a_grant_open_it_once()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api);
        var request = await crm.RequestAsync(recording.Id);
        var url = await GrantAsync(crm, request, crm.Code());

        using var heard = await api.Anonymous.GetAsync(url);
        heard.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        heard.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var wav = WavReader.Read(new MemoryStream(await heard.Content.ReadAsByteArrayAsync()));
        wav.Samples.SelectMany(BitConverter.GetBytes).SequenceEqual(recording.Audio).ShouldBeTrue();
        await (await api.Anonymous.GetAsync(url)).ShouldRefuseAsync(HttpStatusCode.Conflict, "access_request.used");

        await TypesShouldBeAsync($"accessrequest-{request}", ["recording_access.requested.v1", "recording_access.granted.v1", "recording_access.used.v1"]);
        await TypesShouldBeAsync($"crmkey-{crm.KeyId}", ["crm_key.issued.v1", "crm_key.code_accepted.v1"]);
        (await api.Admin.GetStringAsync($"/v1/streams/accessrequest-{request}")).ShouldNotContain("secretHash");
    }

    [Fact]
    public async Task Of_ten_who_use_one_grant_at_once_one_hears_it()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api);
        var url = await GrantAsync(crm, await crm.RequestAsync(recording.Id), crm.Code());
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.Anonymous.GetAsync(url)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(9);
    }

    [Fact]
    public async Task Of_200_posts_of_one_code_at_once_one_succeeds()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api);
        var requests = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => crm.RequestAsync(recording.Id)));
        var code = crm.Code();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => crm.VerifyAsync(requests[i % requests.Length], code)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
            refused.StatusCode.ShouldBeOneOf([HttpStatusCode.Forbidden, HttpStatusCode.Conflict], await refused.Content.ReadAsStringAsync());
        // Who sends a right code twice guesses nothing.
        (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.CrmKey, crm.KeyId, default)).State.ShouldSatisfyAllConditions(k => k.Failures.ShouldBe(0), k => k.IsLocked.ShouldBeFalse());
    }

    [Fact]
    public async Task The_fifth_wrong_code_locks_the_key_for_every_request_also_when_they_come_at_once()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api);
        var request = await crm.RequestAsync(recording.Id);
        var wrong = crm.WrongCode();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => crm.VerifyAsync(request, wrong)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Forbidden);
        await (await crm.VerifyAsync(request, crm.Code())).ShouldRefuseAsync(HttpStatusCode.Forbidden, "crm_key.locked");
        await (await crm.SendAsync($"/v1/recordings/{recording.Id}/access-requests")).ShouldRefuseAsync(HttpStatusCode.Forbidden, "crm_key.locked");
        await TypesShouldBeAsync($"crmkey-{crm.KeyId}", ["crm_key.issued.v1", .. Enumerable.Repeat("crm_key.code_refused.v1", 5), "crm_key.locked.v1"]);
    }

    [Fact]
    public async Task The_previous_code_is_good_too_and_no_code_opens_anothers_request()
    {
        var (crm, other) = (await CrmClient.IssueAsync(api), await CrmClient.IssueAsync(api));
        var recording = await WaitingRecording.WriteAsync(api);
        var request = await crm.RequestAsync(recording.Id);
        await (await other.VerifyAsync(request, other.Code())).ShouldRefuseAsync(HttpStatusCode.NotFound, "access_request.not_found");
        // The code of the step before the one in which it is asked, not in which it was made.
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 30 < 20);
        await GrantAsync(crm, request, crm.Code(stepsBefore: 1));
        await (await crm.VerifyAsync(request, crm.Code())).ShouldRefuseAsync(HttpStatusCode.Conflict, "access_request.granted");
        await (await api.Anonymous.GetAsync($"/v1/access-requests/{request}/content?grant=guessed")).ShouldRefuseAsync(HttpStatusCode.NotFound, "access_request.not_found");
    }

    [Fact]
    public async Task A_request_that_is_altered_old_sent_twice_or_signed_with_a_void_key_is_nobodys()
    {
        var crm = await CrmClient.IssueAsync(api);
        var (recording, another) = (await WaitingRecording.WriteAsync(api), await WaitingRecording.WriteAsync(api));
        var path = $"/v1/recordings/{recording.Id}/access-requests";
        const string nonce = "0123456789abcdef";
        (await crm.SendAsync(path, nonce: nonce)).StatusCode.ShouldBe(HttpStatusCode.Created);
        HttpResponseMessage[] refused =
        [
            await crm.SendAsync(path, nonce: nonce),
            await crm.SendAsync(path, signedPath: $"/v1/recordings/{another.Id}/access-requests"),
            await crm.SendAsync(path, body: "{}", signedBody: ""),
            await crm.SendAsync(path, age: TimeSpan.FromMinutes(6)),
            await crm.SendAsync(path, age: TimeSpan.FromMinutes(-6)),
            await crm.SendAsync(path, nonce: "short"),
            await crm.SendAsync(path, key: Guid.Parse(PermissionTests.Unknown)),
            await crm.SendAsync(path, body: new string(' ', 20_000)),
        ];
        foreach (var answer in refused)
            await answer.ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
        (await api.Admin.DeleteAsync($"/v1/crm-keys/{crm.KeyId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await crm.SendAsync(path)).ShouldRefuseAsync(HttpStatusCode.Unauthorized, "auth.unauthenticated");
    }

    [Fact]
    public async Task Only_what_waits_and_is_whole_is_asked_for_and_what_is_gone_from_storage_is_not_heard()
    {
        var crm = await CrmClient.IssueAsync(api);
        var open = await WaitingRecording.WriteAsync(api, isWhole: false);
        await (await crm.SendAsync($"/v1/recordings/{open.Id}/access-requests")).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.not_waiting");
        await (await crm.SendAsync($"/v1/recordings/{PermissionTests.Unknown}/access-requests")).ShouldRefuseAsync(HttpStatusCode.NotFound, "recording.not_found");

        var recording = await WaitingRecording.WriteAsync(api);
        var url = await GrantAsync(crm, await crm.RequestAsync(recording.Id), crm.Code());
        await api.Get<IRecordingStorage>().PurgeAsync(recording.Id, default);
        await (await api.Anonymous.GetAsync(url)).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.corrupt");
    }

    [Fact]
    public async Task Trouble_of_the_storage_spends_no_grant()
    {
        var crm = await CrmClient.IssueAsync(api);
        var recording = await WaitingRecording.WriteAsync(api);
        var request = await crm.RequestAsync(recording.Id);
        var url = await GrantAsync(crm, request, crm.Code());
        await StoredRecording.ShouldBeToldAsync(api, api.Anonymous, url, recording.Id);
        await TypesShouldBeAsync($"accessrequest-{request}", ["recording_access.requested.v1", "recording_access.granted.v1"]);
        (await api.Anonymous.GetAsync(url)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_grant_does_not_outlive_its_key()
    {
        var recording = await WaitingRecording.WriteAsync(api);
        var revoked = await CrmClient.IssueAsync(api);
        var url = await GrantAsync(revoked, await revoked.RequestAsync(recording.Id), revoked.Code());
        (await api.Admin.DeleteAsync($"/v1/crm-keys/{revoked.KeyId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await api.Anonymous.GetAsync(url)).ShouldRefuseAsync(HttpStatusCode.NotFound, "crm_key.not_found");

        var locked = await CrmClient.IssueAsync(api);
        var (granted, another) = (await locked.RequestAsync(recording.Id), await locked.RequestAsync(recording.Id));
        url = await GrantAsync(locked, granted, locked.Code());
        for (var failure = 0; failure < 5; failure++)
            await locked.VerifyAsync(another, locked.WrongCode());
        await (await api.Anonymous.GetAsync(url)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "crm_key.locked");
        await TypesShouldBeAsync($"accessrequest-{granted}", ["recording_access.requested.v1", "recording_access.granted.v1"]);
    }

    [Fact]
    public async Task Keys_are_listed_with_what_became_of_them_and_without_their_secrets()
    {
        var recording = await WaitingRecording.WriteAsync(api);
        var (used, locked, revoked) = (await CrmClient.IssueAsync(api), await CrmClient.IssueAsync(api), await CrmClient.IssueAsync(api));
        await GrantAsync(used, await used.RequestAsync(recording.Id), used.Code());
        var request = await locked.RequestAsync(recording.Id);
        for (var failure = 0; failure < 5; failure++)
            await locked.VerifyAsync(request, locked.WrongCode());
        await api.Admin.DeleteAsync($"/v1/crm-keys/{revoked.KeyId}");

        var text = "";
        async Task<bool> IsShownAsync(CrmClient key, string instant)
        {
            text = await api.Admin.GetStringAsync("/v1/crm-keys?sort=-issuedAt&limit=200");
            using var page = JsonDocument.Parse(text);
            var card = page.RootElement.GetProperty("items").EnumerateArray().SingleOrDefault(k => k.GetProperty("crmKeyId").GetGuid() == key.KeyId);
            return card.ValueKind == JsonValueKind.Object && new[] { "lastUsedAt", "lockedAt", "revokedAt" }
                .All(name => (card.GetProperty(name).ValueKind == JsonValueKind.String) == (name == instant));
        }

        await Eventually.TrueAsync(() => IsShownAsync(used, "lastUsedAt"));
        await Eventually.TrueAsync(() => IsShownAsync(locked, "lockedAt"));
        await Eventually.TrueAsync(() => IsShownAsync(revoked, "revokedAt"));
        text.ShouldNotContain("ecret");
    }

    [Fact]
    public async Task Nobody_else_comes_to_its_bytes_by_any_route_whatever_their_role()
    {
        var recording = await WaitingRecording.WriteAsync(api);
        using var everything = await api.KeyAsync([.. Permissions.All]);
        foreach (var client in new[] { api.Admin, everything })
        {
            await (await client.PostAsync($"/v1/recordings/{recording.Id}/access-requests", content: null)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
            foreach (var path in PermissionTests.Rows.Keys.Where(r => r.StartsWith("GET ", StringComparison.Ordinal) && r.Contains("{id}", StringComparison.Ordinal)).Select(r => r[4..]))
            {
                foreach (var id in new[] { recording.Id, recording.SessionId })
                {
                    using var answer = await client.GetAsync(path.Replace("{id}", $"{id}", StringComparison.Ordinal).Replace("{attachmentId}", $"{id}", StringComparison.Ordinal));
                    (answer.Content.Headers.ContentType?.MediaType ?? "none").StartsWith("audio", StringComparison.Ordinal).ShouldBeFalse(path);
                    (await answer.Content.ReadAsStringAsync()).Contains("RIFF", StringComparison.Ordinal).ShouldBeFalse(path);
                }
            }
        }

        (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Recording, recording.Id, default)).State.Status.ShouldBe(RecordingStatus.Ready);
    }

    private async Task<string> GrantAsync(CrmClient crm, Guid request, string code)
    {
        using var answer = await crm.VerifyAsync(request, code);
        var grant = await answer.JsonAsync();
        var left = grant.GetProperty("useBy").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
        left.TotalSeconds.ShouldBeInRange(30, 60);
        return grant.GetProperty("url").GetString()!;
    }

    private async Task TypesShouldBeAsync(string stream, string[] types) =>
        (await api.Admin.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/streams/{stream}")).EnumerateArray().Select(e => e.GetProperty("type").GetString()).ShouldBe(types);
}
