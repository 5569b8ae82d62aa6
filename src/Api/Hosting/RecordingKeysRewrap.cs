using ContactCenter.Application.Messaging;
using ContactCenter.Application.Operations;

namespace ContactCenter.Api.Hosting;

/// <summary>
/// On a node that has several master keys: brings what a retired one still wraps under the current one (ADR 0053). A key that is
/// damaged stays so until somebody looks.
/// </summary>
internal sealed class RecordingKeysRewrap(Dispatcher dispatcher, TimeProvider clock, ILogger<RecordingKeysRewrap> logger)
    : UntilDone(TimeSpan.FromMinutes(1), clock, logger)
{
    /// <inheritdoc/>
    protected override string Trouble => "The keys of recordings are not all under the current master key";

    /// <inheritdoc/>
    protected override async Task<string?> TryAsync(CancellationToken stoppingToken)
    {
        var answer = await dispatcher.SendAsSystemAsync("start", new RewrapRecordingKeys(), stoppingToken);
        if (!answer.IsOk)
            return answer.Error.Message;
        return answer.Value.Done ? null : $"{answer.Value.Failed} could not be rewrapped.";
    }
}
