using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ContactCenter.Application.Crm;

namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>
/// Calls to Zendesk, one at a time each, with its failures in the product's words. Nothing is repeated here: who calls
/// knows what may be. Once Zendesk has said that its limit is reached, nothing is sent until it is over.
/// </summary>
internal sealed class ZendeskApi(HttpClient http, ZendeskOptions options, TimeProvider clock)
{
    /// <summary>Zendesk counts by the minute; waited where it does not say how long.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly AuthenticationHeaderValue credentials = new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Email}/token:{options.ApiToken}")));

    private long closedUntil;

    /// <summary>The status that an answer failed with, or null: there was none.</summary>
    public static HttpStatusCode? StatusOf(CrmException failure) => (failure.InnerException as HttpRequestException)?.StatusCode;

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, new Uri(options.Url, path)), options.Patience, cancellationToken);

    public Task<T> SendAsync<T>(HttpMethod method, string path, object body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(method, new Uri(options.Url, path)) { Content = JsonContent.Create(body, body.GetType(), options: ZendeskJson.Options) };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return SendAsync<T>(request, options.Patience, cancellationToken);
    }

    public Task<UploadAnswer> UploadAsync(string fileName, HttpContent content, CancellationToken cancellationToken)
    {
        var path = $"api/v2/uploads.json?filename={Uri.EscapeDataString(fileName)}";
        return SendAsync<UploadAnswer>(
            new HttpRequestMessage(HttpMethod.Post, new Uri(options.Url, path)) { Content = content }, options.UploadPatience, cancellationToken);
    }

    public Task DeleteUploadAsync(string token, CancellationToken cancellationToken) => SendAsync<Nothing>(
        new HttpRequestMessage(HttpMethod.Delete, new Uri(options.Url, $"api/v2/uploads/{Uri.EscapeDataString(token)}.json")), options.Patience, cancellationToken);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var sent = request;
        if (Closed() is { } wait)
            throw new CrmException(CrmFailure.ApiLimit, "Zendesk's limit is reached.", wait);
        request.Headers.Authorization = credentials;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var limit = new CancellationTokenSource(patience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            CloseIfSpent(answer);
            if (!answer.IsSuccessStatusCode)
                throw Failed(answer);
            if (typeof(T) == typeof(Nothing))
                return default!;
            return await answer.Content.ReadFromJsonAsync<T>(ZendeskJson.Options, linked.Token)
                ?? throw new CrmException(CrmFailure.NotConfirmed, "Zendesk answered nothing.");
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CrmException(CrmFailure.NotConfirmed, $"Zendesk did not answer within {patience.TotalSeconds} s.", innerException: late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
        {
            throw new CrmException(CrmFailure.NotConfirmed, "Zendesk did not answer as it should.", innerException: broken);
        }
    }

    private CrmException Failed(HttpResponseMessage answer)
    {
        // What Zendesk says in the body may hold personal data; the status says enough.
        var cause = new HttpRequestException($"HTTP {(int)answer.StatusCode}", inner: null, answer.StatusCode);
        return answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => new CrmException(CrmFailure.ApiLimit, "Zendesk's limit is reached.", Closed() ?? Window, cause),
            HttpStatusCode.RequestEntityTooLarge => new CrmException(CrmFailure.TooLarge, "Zendesk takes no file of this size.", innerException: cause),
            HttpStatusCode.UnprocessableEntity => new CrmException(
                CrmFailure.NotConfirmed, "Zendesk refused the change; a ticket takes 5,000 comments, and a closed one none.", innerException: cause),
            HttpStatusCode.NotFound => new CrmException(CrmFailure.NotConfirmed, "Zendesk has no such ticket or upload.", innerException: cause),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new CrmException(
                CrmFailure.NotConfirmed, "Zendesk does not take the API token.", innerException: cause),
            _ => new CrmException(CrmFailure.NotConfirmed, $"Zendesk answered {(int)answer.StatusCode}.", RetryAfter(answer), cause),
        };
    }

    private void CloseIfSpent(HttpResponseMessage answer)
    {
        var refused = answer.StatusCode == HttpStatusCode.TooManyRequests;
        if (!refused && Number(answer, "X-Rate-Limit-Remaining") is not <= 0)
            return;
        var wait = RetryAfter(answer) ?? (Number(answer, "ratelimit-reset") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : Window);
        if (wait > CrmException.LongestWait)
            wait = CrmException.LongestWait;
        Volatile.Write(ref closedUntil, (clock.GetUtcNow() + wait).UtcTicks);
    }

    /// <summary>How long nothing is to be sent, or null.</summary>
    private TimeSpan? Closed()
    {
        var left = TimeSpan.FromTicks(Volatile.Read(ref closedUntil) - clock.GetUtcNow().UtcTicks);
        return left > TimeSpan.Zero ? left : null;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
        _ => null,
    };

    private static int? Number(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) && int.TryParse(values.First(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
