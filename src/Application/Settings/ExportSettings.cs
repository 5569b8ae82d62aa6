using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>All settings as one file, as they are or as they were at an instant (ADM-5).</summary>
/// <param name="AsOf">Changes recorded later are left out; null for all.</param>
public sealed record ExportSettings(DateTimeOffset? AsOf = null) : IQuery<ExportedSettings>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Everything);
}

/// <summary>The file, with its version.</summary>
/// <param name="Revision">The configuration's: the <c>ETag</c>.</param>
/// <param name="File">The settings.</param>
public sealed record ExportedSettings(long Revision, SettingsFile File);

/// <summary>Handles <see cref="ExportSettings"/>.</summary>
public sealed class ExportSettingsHandler(ConfigurationWork configuration, IEventStore log) : IRequestHandler<ExportSettings, Result<ExportedSettings>>
{
    /// <inheritdoc/>
    public async Task<Result<ExportedSettings>> Handle(ExportSettings request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        if (request.AsOf is { } asOf)
            center = await ReadAsync(center.Queues.Keys, asOf, cancellationToken);
        return new ExportedSettings(center.Revision, SettingsFile.Of(center));
    }

    private async Task<CenterConfiguration> ReadAsync(IEnumerable<Guid> queueIds, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var then = CenterConfiguration.Initial;
        StreamId[] streams =
        [
            Aggregates.Configuration.Stream(ConfigurationRevised.StreamId),
            .. SettingsPages.All.Select(Aggregates.Settings.Stream),
            .. queueIds.Select(Aggregates.Queue.Stream),
        ];
        foreach (var stream in streams)
        {
            await foreach (var stored in log.ReadAsOfAsync(stream, asOf, cancellationToken))
                then = then.Apply(stored.Data);
        }

        return then;
    }
}
