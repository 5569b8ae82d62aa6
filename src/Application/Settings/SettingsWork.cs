using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>What every change of one page of the settings goes through.</summary>
public sealed class SettingsWork(UnitOfWork work, CurrentCall call, ConfigurationWork configuration)
{
    /// <summary>Changes a page that somebody looked at: needs <c>If-Match</c>; a page that was never written has version 0.</summary>
    /// <param name="page">The page.</param>
    /// <param name="decide">What happens to it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="part">What the receipt names instead of the page: one thing on it; or null.</param>
    public Task<Result<Receipt>> EditAsync(
        Guid page, Func<CenterSettings, Decision<SettingsEvent>> decide, CancellationToken cancellationToken, Guid? part = null) =>
        ChangeAsync(page, LookedAt.RefusalOfPage, decide, part, cancellationToken);

    /// <summary>Changes a page by one thing on it; <c>If-Match</c> counts if it is given.</summary>
    public Task<Result<Receipt>> ChangeAsync(
        Guid page, Func<CenterSettings, Decision<SettingsEvent>> decide, Guid made, CancellationToken cancellationToken) =>
        ChangeAsync(page, LookedAt.RefusalOfPageIfGiven, decide, made, cancellationToken);

    private async Task<Result<Receipt>> ChangeAsync(
        Guid page,
        Func<CallContext, Versioned<CenterSettings>, DomainError?> looked,
        Func<CenterSettings, Decision<SettingsEvent>> decide,
        Guid? made,
        CancellationToken cancellationToken)
    {
        call.Subject = Aggregates.Settings.Stream(page).Value;
        var loaded = await work.LoadAsync(Aggregates.Settings, page, cancellationToken);
        if (looked(call.Context, loaded) is { } stale)
            return stale;
        var decision = decide(loaded.State);
        var refusal =
            work.Append(Aggregates.Settings, loaded, decision)
            ?? await configuration.ReviseAsync(page, decision.Events, cancellationToken);
        return refusal is null ? await work.CommitAsync(loaded, made, cancellationToken) : refusal;
    }
}
