using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>
/// What every change of the configuration goes through: it is checked as a whole, and written together with the next
/// revision, so that of two changes made at once the later is checked against the earlier (ADR 0032).
/// </summary>
public sealed class ConfigurationWork(UnitOfWork work, CurrentCall call, ICenterConfiguration configuration)
{
    /// <summary>
    /// The configuration, with everything in it that this node has acknowledged. What this call appends is decided on it:
    /// if another node has acknowledged a change by then, it is decided again (ADR 0043).
    /// </summary>
    public async ValueTask<CenterConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        var ledger = await LedgerAsync(cancellationToken);
        var center = await configuration.AtLeastAsync(ledger.Version, cancellationToken);
        work.DecidedOn(ledger.Stream, center.Revision);
        return center;
    }

    /// <summary>The language of somebody who names one, or the center's default.</summary>
    /// <param name="asked">BCP 47, or null.</param>
    /// <param name="cancellationToken">Ends the wait for the configuration.</param>
    public async ValueTask<string> LanguageOfAsync(string? asked, CancellationToken cancellationToken) =>
        asked ?? (await ReadAsync(cancellationToken)).LanguageOf(asked);

    /// <summary>
    /// Why the configuration may not be changed so, or null; then the revision is added to what will be appended. A change
    /// is answerable for what it would break, not for what is broken already.
    /// </summary>
    /// <param name="subjectId">The queue or page that changes; the first of several.</param>
    /// <param name="changes">Its events; with none there is nothing to check.</param>
    /// <param name="cancellationToken">Ends the wait for the configuration.</param>
    /// <param name="found">What was found to be wrong with the change already.</param>
    public async ValueTask<DomainError?> ReviseAsync(
        Guid subjectId, IReadOnlyList<IDomainEvent> changes, CancellationToken cancellationToken, IReadOnlyList<ConfigurationProblem>? found = null)
    {
        if (changes.Count == 0 && found is not { Count: > 0 })
            return null;
        var ledger = await LedgerAsync(cancellationToken);
        var before = await configuration.AtLeastAsync(ledger.Version, cancellationToken);
        if (before.Revision > ledger.Version)
            return new ConflictError(ErrorCodes.Concurrency, "Somebody else changed the configuration at the same moment.");

        var after = changes.Aggregate(before, (center, change) => center.Apply(change));
        if (ConfigurationRules.WhyNot(before, after, found ?? []) is { } refusal)
            return refusal;
        work.Append(Aggregates.Configuration, ledger, new ConfigurationRevised(ledger.Version + 1, subjectId, call.Now, [.. changes.Select(SubjectOf).Distinct()]));
        return null;
    }

    private static Guid SubjectOf(IDomainEvent change) => change switch
    {
        QueueEvent ofQueue => ofQueue.QueueId,
        SettingsEvent ofPage => SettingsPages.Of(ofPage),
        _ => throw new InvalidOperationException($"{change.GetType().Name} is no part of the configuration."),
    };

    /// <summary>The revisions written so far: what a change of all of the configuration is about.</summary>
    public ValueTask<Versioned<ConfigurationLedger>> LedgerAsync(CancellationToken cancellationToken) =>
        work.LoadAsync(Aggregates.Configuration, ConfigurationRevised.StreamId, cancellationToken);
}

/// <summary>The configuration's stream holds nothing but its version.</summary>
public sealed record ConfigurationLedger
{
    /// <summary>The same before and after every event.</summary>
    public static ConfigurationLedger Initial { get; } = new();
}
