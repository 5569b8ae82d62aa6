namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>Which Zendesk, and as whom.</summary>
/// <param name="Url">The account's address, <c>https://example.zendesk.com/</c>.</param>
/// <param name="Email">The agent whose API token it is; comments are theirs.</param>
/// <param name="ApiToken">The token; a secret.</param>
public sealed record ZendeskOptions(Uri Url, string Email, string ApiToken)
{
    /// <summary>How many comments a ticket takes; then another goes on from it.</summary>
    public int MostComments { get; init; } = 5000;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an upload of up to 50 MB may take.</summary>
    public TimeSpan UploadPatience { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>Never the token, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(ZendeskOptions)}({Url})";
}
