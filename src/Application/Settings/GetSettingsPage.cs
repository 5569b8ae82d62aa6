using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>One page of the settings, as it is or as it was at an instant (ADM-5).</summary>
/// <param name="Page">One of <see cref="SettingsPages"/>.</param>
/// <param name="AsOf">Changes recorded later are left out; null for all.</param>
public sealed record GetSettingsPage(Guid Page, DateTimeOffset? AsOf = null) : IQuery<SettingsPage>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsRead, Target.Everything);
}

/// <summary>A page, with its version.</summary>
/// <param name="Version">Its stream's version then: the <c>ETag</c>; 0 if it was never written.</param>
/// <param name="Settings">Holds what the page holds; the rest is as in a new center.</param>
public sealed record SettingsPage(long Version, CenterSettings Settings);

/// <summary>Handles <see cref="GetSettingsPage"/>.</summary>
public sealed class GetSettingsPageHandler(UnitOfWork work, IEventStore log) : IRequestHandler<GetSettingsPage, Result<SettingsPage>>
{
    /// <inheritdoc/>
    public async Task<Result<SettingsPage>> Handle(GetSettingsPage request, CancellationToken cancellationToken)
    {
        if (request.AsOf is { } asOf)
            return await FoldAsync(request.Page, asOf, cancellationToken);
        var page = await work.LoadAsync(Aggregates.Settings, request.Page, cancellationToken);
        return new SettingsPage(page.Version, page.State);
    }

    private async Task<SettingsPage> FoldAsync(Guid page, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var then = new SettingsPage(0, CenterSettings.Initial);
        await foreach (var stored in log.ReadAllAsync(Aggregates.Settings.Stream(page), cancellationToken))
        {
            // Nodes' clocks differ a little: what was written after something later than the instant is later too.
            if (stored.RecordedAt > asOf)
                break;
            then = new SettingsPage(stored.Version, then.Settings.Apply((SettingsEvent)stored.Data));
        }

        return then;
    }
}
