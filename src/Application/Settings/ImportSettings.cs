using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>
/// The settings become those of a file (ADM-5), in one write or not at all: refused as a whole, with everything that is
/// wrong, where it would not be valid as a whole. Needs <c>If-Match</c> of the configuration's revision.
/// </summary>
/// <param name="File">The settings.</param>
public sealed record ImportSettings(SettingsFile File) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="ImportSettings"/>.</summary>
public sealed class ImportSettingsHandler(
    UnitOfWork work, CurrentCall call, ConfigurationWork configuration, IEnumerable<IVirtualAgentConnector> connectors) : IRequestHandler<ImportSettings, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ImportSettings request, CancellationToken cancellationToken)
    {
        var ledger = await configuration.LedgerAsync(cancellationToken);
        call.Subject = ledger.Stream.Value;
        if (LookedAt.RefusalOfPage(call.Context, ledger) is { } stale)
            return stale;

        var import = SettingsImport.Of(await configuration.ReadAsync(cancellationToken), request.File, call.Now);
        if (import.Invalid is { } invalid)
            return invalid;
        foreach (var happened in import.Events)
            await AppendAsync(happened, cancellationToken);
        var refusal = await configuration.ReviseAsync(SubjectOf(import.Events), import.Events, cancellationToken, [.. import.Problems, .. NotInstalled(request.File)]);
        return refusal is null ? await work.CommitAsync(ledger, cancellationToken) : refusal;
    }

    private IEnumerable<ConfigurationProblem> NotInstalled(SettingsFile file) => file.Queues.Index()
        .Where(q => q.Item.VirtualAgent is { } assigned && !connectors.Any(c => c.Name == assigned.Connector))
        .Select(q => new ConfigurationProblem(
            "connector_not_installed", $"queues[{q.Index}].virtualAgent", $"The connector {q.Item.VirtualAgent!.Connector} is not installed here."));

    private static Guid SubjectOf(IReadOnlyList<IDomainEvent> events) => events switch
    {
        [SettingsEvent first, ..] => SettingsPages.Of(first),
        [QueueEvent first, ..] => first.QueueId,
        _ => Guid.Empty,
    };

    private async Task AppendAsync(IDomainEvent happened, CancellationToken cancellationToken)
    {
        if (happened is QueueEvent ofQueue)
            work.Append(Aggregates.Queue, await work.LoadAsync(Aggregates.Queue, ofQueue.QueueId, cancellationToken), ofQueue);
        else if (happened is SettingsEvent ofPage)
            work.Append(Aggregates.Settings, await work.LoadAsync(Aggregates.Settings, SettingsPages.Of(ofPage), cancellationToken), ofPage);
    }
}
