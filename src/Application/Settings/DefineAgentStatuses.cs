using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>Agents may choose other statuses instead of taking sessions. Needs <c>If-Match</c>.</summary>
/// <param name="Statuses">Those of the center's own; the usual ones stay.</param>
public sealed record DefineAgentStatuses(AgentStatuses Statuses) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="DefineAgentStatuses"/>.</summary>
public sealed class DefineAgentStatusesHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<DefineAgentStatuses, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(DefineAgentStatuses request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.AgentStatuses, s => SettingsDecider.DefineAgentStatuses(s, request.Statuses, call.Now), cancellationToken);
}
