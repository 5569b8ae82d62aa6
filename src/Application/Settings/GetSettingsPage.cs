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
        var page = request.AsOf is { } asOf
            ? await log.ReadAsOfAsync(Aggregates.Settings, request.Page, asOf, cancellationToken)
            : await work.LoadAsync(Aggregates.Settings, request.Page, cancellationToken);
        return new SettingsPage(page.Version, page.State);
    }
}
