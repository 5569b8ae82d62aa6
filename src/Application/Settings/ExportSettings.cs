using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>All settings as one file (ADM-5).</summary>
public sealed record ExportSettings : IQuery<ExportedSettings>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Everything);
}

/// <summary>The file, with its version.</summary>
/// <param name="Revision">The configuration's: the <c>ETag</c>.</param>
/// <param name="File">The settings.</param>
public sealed record ExportedSettings(long Revision, SettingsFile File);

/// <summary>Handles <see cref="ExportSettings"/>.</summary>
public sealed class ExportSettingsHandler(ConfigurationWork configuration) : IRequestHandler<ExportSettings, Result<ExportedSettings>>
{
    /// <inheritdoc/>
    public async Task<Result<ExportedSettings>> Handle(ExportSettings request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        return new ExportedSettings(center.Revision, SettingsFile.Of(center));
    }
}
