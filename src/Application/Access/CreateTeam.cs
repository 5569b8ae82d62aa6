using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>A team is created.</summary>
/// <param name="TeamId">The new team's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Name">1 to 100 characters.</param>
public sealed record CreateTeam(Guid? TeamId, string Name) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>The shape of <see cref="CreateTeam"/>.</summary>
public sealed class CreateTeamValidator : AbstractValidator<CreateTeam>
{
    /// <summary>Its rules.</summary>
    public CreateTeamValidator()
    {
        RuleFor(r => r.TeamId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Name).Text(100);
    }
}

/// <summary>Handles <see cref="CreateTeam"/>.</summary>
public sealed class CreateTeamHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<CreateTeam, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CreateTeam request, CancellationToken cancellationToken)
    {
        var team = await work.LoadAsync(Aggregates.Team, request.TeamId ?? call.NewId(), cancellationToken);
        if (work.Append(Aggregates.Team, team, AccessDecider.CreateTeam(team.State, team.Stream.Id, request.Name, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(team, cancellationToken);
    }
}
