using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>At the first start: the support center is in this time zone. Nothing once anything was configured.</summary>
/// <param name="TimeZone">IANA.</param>
public sealed record SeedSupportCenter(string TimeZone) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="SeedSupportCenter"/>.</summary>
public sealed class SeedSupportCenterHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration) : IRequestHandler<SeedSupportCenter, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SeedSupportCenter request, CancellationToken cancellationToken)
    {
        var page = await work.LoadAsync(Aggregates.Settings, SettingsPages.SupportCenter, cancellationToken);
        var ledger = await configuration.LedgerAsync(cancellationToken);
        if (ledger.Version > 0)
            return await work.CommitAsync(page, cancellationToken);

        var decision = SettingsDecider.DescribeSupportCenter(page.State, page.State.Center with { TimeZone = request.TimeZone }, call.Now);
        if (work.Append(Aggregates.Settings, page, decision) is { } refusal)
            return refusal;
        // Nothing follows the log yet, and beside what a new center has a time zone breaks no rule.
        if (decision.Events.Count > 0)
            work.Append(Aggregates.Configuration, ledger, new ConfigurationRevised(1, page.Stream.Id, call.Now));
        return await work.CommitAsync(page, cancellationToken);
    }
}
